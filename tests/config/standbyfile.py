"""Stack files of a standby, made from the real dr file by changing a few lines of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config import ConfigError, load_file, stack_file
from config.document import Document
from config.files import ROOT
from tests.config.flat import flat
from tests.config.stackfile import changed, line_of

if TYPE_CHECKING:
    from pathlib import Path

    from config import StackConfig

NAME = "Pulumi.dr.yaml"
DR = flat(ROOT / NAME)
"""What dr's stack file and its bases say, as one stack file."""
_VALUES: Any = Document(DR, NAME).values
SETTINGS: dict[str, Any] = _VALUES["config"]["platform:settings"]
STANDBY: StackConfig = load_file(stack_file("dr"))


def refusals(directory: Path, *swaps: tuple[str, str]) -> list[str]:
    """Return the lines that a user reads about a changed dr file, each from its line number on."""
    path = directory / NAME
    path.write_text(changed(*swaps, text=DR), encoding="utf-8")
    try:
        load_file(path)
    except ConfigError as error:
        return [str(problem).partition(f"{NAME}:")[2] for problem in error.problems]
    return []


def line(part: str, *swaps: tuple[str, str]) -> int:
    """Return the line of the changed dr file that holds a part."""
    return line_of(changed(*swaps, text=DR), part)
