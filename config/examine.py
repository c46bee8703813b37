"""From the values of a stack file to one typed object, or to every reason why not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from config.document import SETTINGS, as_written, find, value_at
from config.partial import salvage
from config.plaintext import find_secrets
from config.problems import HIDDEN, NOTHING, ConfigError, Path, Problem, show
from config.rules import judge
from config.rules.roles import follows_itself
from config.rules.until_incomplete import until_incomplete
from config.shape import empty_paths, empty_problem, settings_schema, shape_problem, takes_text
from config.stack import StackConfig

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.document import Document

_MOST_ERRORS: Final = 1_000
"""Errors of shape that are put into words; many more than are reported at once."""


def examine(
    values: object, document: Document | None, origin: str, outside: Iterable[Problem] = (), stack: str | None = None
) -> StackConfig:
    """Return the settings as one object.

    Raises:
        ConfigError: With everything that `examined` finds.
    """
    config, problems = examined(values, document, origin, outside, stack)
    if problems:
        raise ConfigError(problems)
    return config


def examined(
    values: object, document: Document | None, origin: str, outside: Iterable[Problem] = (), stack: str | None = None
) -> tuple[StackConfig, list[Problem]]:
    """Return the settings, or what is sound of them, and everything that is wrong with them.

    Args:
        values: The settings as plain values, as the engine or the file has them.
        document: The stack file, for lines; its own problems are reported as well.
        origin: Name for the place of values that do not stand in the document.
        outside: What is wrong with the document outside of its settings.
        stack: Name of the stack; None = not known, and not held against the primary that it names.

    Returns:
        The settings, with every secret, error of shape and breach of a rule that can be found.
    """
    secrets = list(find_secrets(values))
    config, problems = _shape(values)
    unread = set() if document is None else {path[len(SETTINGS) :] for path in document.unread}
    broken = [*judge(config), *(until_incomplete(follows_itself(config, stack)) if stack else ())]
    problems = [one for one in problems if one.path not in unread and not _inside(one.path, secrets)]
    problems = [_shown(one, values, document) for one in (*problems, *broken)]
    placed = [place(problem, values, document, origin) for problem in (*secrets, *problems)]
    return config, [*placed, *(document.problems if document is not None else ()), *outside]


def _shape(values: object) -> tuple[StackConfig, list[Problem]]:
    """Return the settings, or what is sound of them, with the errors of shape.

    Values go through JSON, as they do on their way from the engine, so that text is never taken for a number, nor a
    number for a truth value. pydantic takes null for an optional value; a stack file has no use for it.
    """
    empty = list(empty_paths(values))
    problems: list[Problem] = []
    try:
        config = StackConfig.model_validate_json(json.dumps(values), strict=True)
        if not empty:
            return config, []
    except ValidationError as error:
        errors = error.errors(include_url=False)[:_MOST_ERRORS]
        problems = [shape_problem(one, settings_schema()) for one in errors]
    reported = {problem.path for problem in problems}
    problems += [
        empty_problem(path, settings_schema())
        for path in empty
        if not any(path[:n] in reported for n in range(len(path) + 1))
    ]
    return salvage(StackConfig, values), problems


def _inside(path: Path, secrets: list[Problem]) -> bool:
    return any(path[: len(secret.path)] == secret.path for secret in secrets)


def _shown(problem: Problem, values: object, document: Document | None) -> Problem:
    """Say what stands in the file, whatever a rule has made of it, unless it may be a secret."""
    if problem.got == HIDDEN and not takes_text(problem.path, settings_schema()):
        return problem
    value = find(values, problem.path)
    if value is not NOTHING:
        written = document.written((*SETTINGS, *problem.path)) if document is not None else None
        return replace(problem, got=as_written(value, written))
    return problem if problem.got == show(NOTHING) else replace(problem, got=f"nothing, which means {problem.got}")


def place(problem: Problem, values: object, document: Document | None, origin: str) -> Problem:
    """Add file and line, if the document has the same value at the problem's path."""
    if document is None:
        return replace(problem, file=origin)
    here, there = value_at(values, problem.path), value_at(value_at(document.values, SETTINGS), problem.path)
    line = document.line((*SETTINGS, *problem.path))
    return (
        replace(problem, file=document.file, line=line)
        if here is there or here == there
        else replace(problem, file=origin)
    )
