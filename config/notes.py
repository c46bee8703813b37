"""What is not known of a stack file that is valid: reported by name, so that nobody takes unknown for allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.problems import Path, dotted
from config.rules.unknown import NOTES

if TYPE_CHECKING:
    from config.layers import Layers
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing that nobody could judge."""

    path: Path
    """Path of the value from `platform:settings`."""
    what: str
    """What is not known."""
    ask: str
    """Who knows it: a command, or a page."""
    file: str = ""
    """The stack file."""
    line: int | None = None
    """Line of the file, from 1; None = not in the file."""

    def __str__(self) -> str:
        """Return `file:line: note: path: what; ask: ...`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, "note", dotted(self.path), f"{self.what}; ask: {self.ask}") if part)


def notes(config: StackConfig, layers: Layers | None = None) -> tuple[Note, ...]:
    """Return what is not known of valid settings, with lines where the files are given; each thing once."""
    found = dict.fromkeys(unknown for rule in NOTES for unknown in rule(config))
    places = {path: layers.place(path) for path, _, _ in found} if layers else {}
    return tuple(
        Note(path=path, what=what, ask=ask, file=file, line=line)
        for path, what, ask in found
        for file, line in [places.get(path, ("", None))]
    )
