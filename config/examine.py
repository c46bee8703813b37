"""From the values of a stack file to one typed object, or to every reason why not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from config.document import SETTINGS, value_at
from config.partial import salvage
from config.plaintext import find_secrets
from config.problems import ConfigError, Path, Problem
from config.rules import judge
from config.rules.roles import follows_itself
from config.rules.sound import sound
from config.shape import settings_schema, shape_problem
from config.stack import StackConfig

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.document import Document


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
        document: The stack file, for lines; its own problems are told as well.
        origin: Name for the place of values that do not stand in the document.
        outside: What is wrong with the document outside of its settings.
        stack: Name of the stack; None = not known, and not held against the primary that it names.

    Returns:
        The settings, with every secret, error of shape and breach of a rule that can be found.
    """
    secrets = list(find_secrets(values))
    config, problems = _shape(values)
    problems = [*secrets, *(problem for problem in problems if not _inside(problem.path, secrets)), *judge(config)]
    problems += sound(follows_itself(config, stack)) if stack else ()
    placed = [place(problem, values, document, origin) for problem in problems]
    return config, [*placed, *(document.problems if document is not None else ()), *outside]


def _shape(values: object) -> tuple[StackConfig, list[Problem]]:
    """Return the settings, or what is sound of them, with the errors of shape.

    Values go through JSON, as they do on their way from the engine, so that text is never taken for a number, nor a
    number for a truth value.
    """
    try:
        return StackConfig.model_validate_json(json.dumps(values), strict=True), []
    except ValidationError as error:
        problems = [shape_problem(one, settings_schema()) for one in error.errors(include_url=False)]
        return salvage(StackConfig, values), problems


def _inside(path: Path, secrets: list[Problem]) -> bool:
    return any(path[: len(secret.path)] == secret.path for secret in secrets)


def place(problem: Problem, values: object, document: Document | None, origin: str) -> Problem:
    """Add file and line, if the document has the same value at the problem's path."""
    if document is None:
        return replace(problem, file=origin)
    same = value_at(values, problem.path) == value_at(value_at(document.values, SETTINGS), problem.path)
    line = document.line((*SETTINGS, *problem.path))
    return replace(problem, file=document.file, line=line) if same else replace(problem, file=origin)
