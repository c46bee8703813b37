"""Stack files made from the real prod file by changing a few lines of it."""

from __future__ import annotations

import copy
from functools import reduce
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from config import ConfigError, load_file
from config.document import Document
from config.examine import examine
from config.files import ROOT
from config.problems import dotted
from tests.config.flat import flat

if TYPE_CHECKING:
    from pathlib import Path

    from config import Problem, StackConfig

NAME = "Pulumi.prod.yaml"
PROD = flat(ROOT / NAME)
"""What prod's stack file and its bases say, as one stack file."""
_VALUES: Any = Document(PROD, NAME).values  # as the engine reads them, to which `on` is a word
SETTINGS: dict[str, Any] = _VALUES["config"]["platform:settings"]


def changed(*swaps: tuple[str, str], text: str = PROD) -> str:
    """Return prod's stack file with each first text, which stands in it once, replaced by the second."""
    for old, new in swaps:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file, not once"
        text = text.replace(old, new)
    return text


def line_of(text: str, part: str) -> int:
    """Return the only line of a text that holds a part."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if part in line]
    assert len(lines) == 1, f"{part!r} stands on lines {lines}"
    return lines[0]


def problems_of(text: str, directory: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a stack file of this text, read from disk as a user's is."""
    path = directory / NAME
    path.write_text(text, encoding="utf-8")
    try:
        load_file(path)
    except ConfigError as error:
        return error.problems
    return ()


def reported(text: str, directory: Path) -> list[str]:
    """Return the lines that a user reads, with the directory left out."""
    return [str(problem).replace(f"{directory}/", "") for problem in problems_of(text, directory)]


class Said(TypedDict):
    """What a message says beside what is wrong."""

    got: str
    allowed: str
    do: str


def at(text: str, part: str, path: str, what: str, **said: Unpack[Said]) -> str:
    """Return the line that a user must read about a mistake, which stands where `part` does."""
    rest = "; ".join(f"{name}: {value}" for name, value in said.items())
    return f"{NAME}:{line_of(text, part)}: {path}: {what}; {rest}"


def refused(*swaps: tuple[str, str]) -> dict[str, Problem]:
    """Return the problems of a changed prod file by dotted path; no path may have two."""
    try:
        accepted(*swaps)
    except ConfigError as error:
        problems = error.problems
    else:
        return {}
    found = {dotted(problem.path): problem for problem in problems}
    assert len(found) == len(problems), f"a path has two problems: {[str(problem) for problem in problems]}"
    return found


def accepted(*swaps: tuple[str, str]) -> StackConfig:
    """Return the settings of a changed prod file; raises `ConfigError` if they are not valid."""
    document = Document(changed(*swaps), NAME)
    assert isinstance(document.values, dict)
    return examine(document.values["config"]["platform:settings"], document, NAME)


def judged(changes: dict[str, object]) -> set[str]:
    """Return the dotted paths of the problems that prod's settings have after a change of values; None = left out."""
    values = copy.deepcopy(SETTINGS)
    for path, value in changes.items():
        *parents, last = path.split(".")
        section = reduce(lambda section, key: section[key], parents, values)
        section[last] = value
        if value is None:
            del section[last]
    try:
        examine(values, None, NAME)
    except ConfigError as error:
        return {dotted(problem.path) for problem in error.problems}
    return set()
