"""Pairs of stack files: a standby's, and its primary's in the same directory."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from config.bases import EXTENDS
from config.files import StackFile, read_file, stack_files, stack_name
from config.pairs import follows, judge_pair
from config.problems import ConfigError, Problem, refuse
from config.rules.roles import STANDBY

if TYPE_CHECKING:
    from pathlib import Path

    from config.layers import Layers
    from config.stack import StackConfig


def load_beside_primary(path: Path) -> StackConfig:
    """Return the settings of a stack file, judged by itself and, of a standby, beside its primary's where that is.

    Raises:
        ConfigError: With everything that is wrong.
    """
    return file_beside_primary(path).settings


def file_beside_primary(path: Path) -> StackFile:
    """Return a stack file that is judged as `load_beside_primary` does; it says which line each setting comes from.

    Raises:
        ConfigError: With everything that is wrong.
    """
    file = read_file(path)
    problems = [*file.problems, *pair_problems(file)]
    if problems:
        raise ConfigError(problems)
    return file


def pair_problems(file: StackFile) -> list[Problem]:
    """Return what is wrong with a standby's file beside its primary's; nothing for a primary, or where that is away."""
    how = follows(file.settings)
    if how is None or how.primary == stack_name(file.path):
        return []
    files = stack_files(file.path.parent)
    there = files.get(how.primary)
    if there is None:
        others = [name for name in files if files[name].name != file.path.name]
        return [file.layers.placed(_missing(how.primary, others))] if others else []
    try:
        primary = read_file(there)
    except ConfigError:  # it is no text at all, which is reported when it is judged itself
        return []
    if not (file.layers.complete and primary.layers.complete):  # what is missing may stand in a base that is not read
        return []
    found = judge_pair(file.settings, primary.settings)
    return [_placed(problem, file.layers, primary.layers) for problem in found]


def unpaired(file: StackFile) -> str | None:
    """Return, for a standby alone in its directory, the name of the file that it could not be judged beside."""
    how = follows(file.settings)
    files = stack_files(file.path.parent)
    lonely = how is not None and not any(path.name != file.path.name for path in files.values())
    return f"Pulumi.{how.primary}.yaml" if how is not None and lonely else None


def standbys_of(file: StackFile) -> list[StackFile]:
    """Return the files beside a primary's that follow it."""
    name = stack_name(file.path)
    others = [path for path in stack_files(file.path.parent).values() if path.name != file.path.name]
    found = [read_file(path) for path in others if name and _mentions(path, name)]
    return [one for one in found if (how := follows(one.settings)) is not None and how.primary == name]


def _mentions(path: Path, name: str) -> bool:
    """Tell whether a file, or a base of it, may name a primary; most are spared being read as YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return EXTENDS in text or ("standby" in text and name in text)


def _missing(primary: str, others: list[str]) -> Problem:
    close = difflib.get_close_matches(primary, others, n=1)
    fix = f"did you mean `{close[0]}`?" if close else f"name one of these, or write Pulumi.{primary}.yaml"
    return refuse(
        (*STANDBY, "primary"),
        "no stack of this name has a file here",
        got=primary,
        allowed=", ".join(others),
        fix=fix,
    )


def _placed(problem: Problem, standby: Layers, primary: Layers) -> Problem:
    """Add file and line of both sides."""
    other = problem.beside
    if other is not None:
        file, line = primary.place(other.path)
        other = replace(other, file=file, line=line)
    return replace(standby.placed(problem), beside=other)
