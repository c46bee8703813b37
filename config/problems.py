"""What is wrong with a stack file, in one shape for all its readers, and the error that carries all of it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from config.secrecy import looks_secret, names_secret

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]
"""Path from `platform:settings` to a value: keys of mappings and indexes of lists."""

NOTHING: Final = object()
"""Stands for a value that is not there."""
HIDDEN: Final = "(hidden)"
"""Stands in every message for a value that may be a secret."""
MOST: Final = 200
"""Problems that are reported at once; who has more of them has one cause for most."""
_LONGEST: Final = 80
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_:-]+")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The value of another stack file that a value does not go with. Made by `beside`, for the sake of secrets."""

    path: Path
    """Path of the value from `platform:settings`."""
    got: str
    """The value there, or `(hidden)`."""
    file: str = ""
    """The other stack file, or where else the value came from."""
    line: int | None = None
    """Line of that file, from 1; None = not in it."""

    def __str__(self) -> str:
        """Return `file:line: path: value`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, dotted(self.path), self.got) if part)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One reason to refuse a stack file. Made by `refuse`, so that no secret value gets into it."""

    path: Path
    """Path of the value from `platform:settings`."""
    what: str
    """What is wrong."""
    got: str
    """The value found, or `(hidden)`; empty where there is no value to speak of."""
    allowed: str
    """Values that would do."""
    fix: str
    """What to do about it."""
    file: str = ""
    """The stack file, or where else the value came from."""
    line: int | None = None
    """Line of the file, from 1; None = not in the file."""
    beside: Beside | None = None
    """The value of the primary's file that a standby's does not go with; None = the file is wrong by itself."""

    def __str__(self) -> str:
        """Return `file:line: path: what; got: ...; allowed: ...; do: ...`, of a pair with `primary: file:line: ...`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        got, other = [f"got: {self.got}"] * bool(self.got), [f"primary: {self.beside}"] * bool(self.beside)
        parts = (self.what, *got, *other, f"allowed: {self.allowed}", f"do: {self.fix}")
        return ": ".join(part for part in (place, dotted(self.path), "; ".join(parts)) if part)

    def at(self, file: str, line: int | None = None) -> Problem:
        """Return the same problem with its place."""
        return replace(self, file=file, line=line)

    def document(self) -> dict[str, object]:
        """Return the problem as it stands in a JSON document."""
        plain = {**asdict(self), "path": dotted(self.path)}
        other = plain.pop("beside")
        return plain | ({"beside": {**other, "path": dotted(other["path"])}} if other else {})


def refuse(path: Path, what: str, *, got: object, allowed: str, fix: str) -> Problem:
    """Return the problem of a value; the value itself is shown unless it may be a secret."""
    allowed = allowed or "none of this file"
    return Problem(path=concealed(path), what=what, got=_shown(path, got), allowed=allowed, fix=fix)


def beside(path: Path, got: object) -> Beside:
    """Return a value of another file, shown under the same terms."""
    return Beside(path=concealed(path), got=_shown(path, got))


def _shown(path: Path, got: object) -> str:
    return HIDDEN if _may_be_secret(path, got) else show(got)


def _may_be_secret(path: Path, value: object) -> bool:
    """Tell text below a key that smells of a secret, and a number at such a key; a mapping is shown by its keys."""
    smells = [isinstance(step, str) and names_secret(step) for step in path[-2:]]
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return smells[-1:] == [True]
    return any(smells) and isinstance(value, str | list | tuple)


def concealed(path: Path) -> Path:
    """Return a path in which `(hidden)` stands for every key that looks like a secret itself."""
    return tuple(HIDDEN if isinstance(step, str) and looks_secret(step) else step for step in path)


def show(value: object) -> str:
    """Return a value as it would stand in the file, at most 80 characters; keys only, of a mapping."""
    if value is NOTHING:
        return "nothing"
    if isinstance(value, dict):
        keys = ", ".join(HIDDEN if looks_secret(str(key)) else _name(str(key)) for key in value)
        return _cut(f"a mapping with {keys}" if keys else "an empty mapping")
    if isinstance(value, list | tuple):
        return _cut(f"[{', '.join(show(one) for one in value)}]")
    if isinstance(value, str):
        return HIDDEN if looks_secret(value) else _cut(_quoted(value))
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return _cut(str(value))


def dotted(path: Path) -> str:
    """Return a path as people write it: `network.tiers.private.cidrs[1]`, `labels["app.kubernetes.io/name"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            text += f".{_cut(step)}" if text else _cut(step)
        else:
            text += f"[{_quoted(_cut(step))}]"
    return text


def _name(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    """Return a text in double quotes, with escapes for what a terminal would not show, or would obey."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isprintable() else json.dumps(text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


class ConfigError(ValueError):
    """A stack file that cannot be used; `problems` holds every reason once, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line or 0, str(one)))
        self.problems = tuple(found if len(found) <= MOST else [*found[:MOST], _rest(found[MOST:])])
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one line for each problem."""
        return "\n".join(str(problem) for problem in self.problems)


def _rest(problems: list[Problem]) -> Problem:
    what, fix = f"{len(problems)} problems more, from here on", "correct those above first"
    return replace(problems[0], path=(), what=what, got="", allowed=f"{MOST} are reported at once", fix=fix)
