"""From the values of a stack file to one typed object, or to every reason why not."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from config.allowed import nearest
from config.bases import EXTENDS
from config.document import as_written, find
from config.layers import Layers
from config.partial import salvage
from config.plaintext import find_secrets
from config.problems import HIDDEN, NOTHING, ConfigError, Path, Problem, show
from config.rules import judge
from config.rules.roles import follows_itself
from config.rules.until_incomplete import until_incomplete
from config.shape import EMPTY, MISSING, UNKNOWN, empty_paths, empty_problem, settings_schema, shape_problem, takes_text
from config.stack import StackConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic_core import ErrorDetails

    from config.document import Document
    from config.layers import Layer

_MOST_ERRORS: Final = 1_000
"""Errors of shape that are put into words; many more than are reported at once."""


def examine(
    values: object, document: Document | None, origin: str, outside: Iterable[Problem] = (), stack: str | None = None
) -> StackConfig:
    """Return the settings of a stack file without bases as one object.

    Args:
        values: The settings as plain values, as the engine or the file has them.
        document: The stack file, for lines; its own problems are reported as well.
        origin: Name for the place of values that do not stand in the document.
        outside: As in `examined`.
        stack: As in `examined`.

    Raises:
        ConfigError: With everything that `examined` finds.
    """
    config, problems = examined(Layers(values, document, origin), outside, stack)
    if problems:
        raise ConfigError(problems)
    return config


def examined(
    layers: Layers, outside: Iterable[Problem] = (), stack: str | None = None
) -> tuple[StackConfig, list[Problem]]:
    """Return the settings, or what is sound of them, and everything that is wrong with them.

    Args:
        layers: The stack file and its bases.
        outside: What is wrong with the stack file outside of its settings.
        stack: Name of the stack; None = not known, and not held against the primary that it names.

    Returns:
        The settings, with every secret, error of shape and breach of a rule that can be found.
    """
    found = [(layer, problem) for layer in layers for problem in find_secrets(layer.values)]
    secrets = [problem.path for layer, problem in found if layers.owner(problem.path) is layer]
    config, problems = _shape(layers.settings)
    unread = layers.unread()
    broken = (
        [*judge(config), *(until_incomplete(follows_itself(config, stack)) if stack else ())] if layers.complete else []
    )
    problems = [one for one in problems if one.path not in unread and not _inside(one.path, secrets)]
    problems = [one for one in problems if layers.complete or one.what != MISSING]
    shown = [_shown(one, layers) for one in (*problems, *broken)]
    hidden = [layer.placed(problem) for layer, problem in found]
    placed = [_placed(one, layers) for one in shown]
    return config, [*hidden, *placed, *_overridden(layers), *layers.problems(), *outside]


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
        problems = [shape_problem(one, settings_schema()) for one in errors if not _short_by_refusal(one)]
    reported = {problem.path for problem in problems}
    problems += [
        empty_problem(path, settings_schema())
        for path in empty
        if not any(path[:n] in reported for n in range(len(path) + 1))
    ]
    return salvage(StackConfig, values), problems


def _short_by_refusal(error: ErrorDetails) -> bool:
    """Tell a list or mapping that is too short only because entries of it are refused, each by an error of its own."""
    given = error["input"]
    return error["type"] == "too_short" and isinstance(given, list | dict) and len(given) >= error["ctx"]["min_length"]


def _overridden(layers: Layers) -> Iterator[Problem]:
    """Yield the errors of shape of bases that no setting shows, since a later file has another value, or none."""
    for layer in layers.bases:
        for problem in _base_shape(layer.document):
            if (
                problem.path != (EXTENDS,)
                and layers.owner(problem.path) is not layer
                and not _inside(problem.path, _secret_paths(layer))
            ):
                yield layer.placed(problem)


@lru_cache(maxsize=16)
def _base_shape(document: Document | None) -> tuple[Problem, ...]:
    """Return the errors of shape of a base by itself, in which nothing is required and null takes a key away."""
    try:
        StackConfig.model_validate_json(json.dumps(document.values if document else {}), strict=True)
    except ValidationError as error:
        return tuple(
            shape_problem(one, settings_schema())
            for one in error.errors(include_url=False)[:_MOST_ERRORS]
            if not _of_a_part(one)
        )
    return ()


def _of_a_part(error: ErrorDetails) -> bool:
    """Tell an error that is none of a base: what it lacks, and what it takes away."""
    few = error["type"] == "too_short" and isinstance(error["input"], dict)
    return few or error["type"] == "missing" or error["input"] is None


def _secret_paths(layer: Layer) -> list[Path]:
    return [problem.path for problem in find_secrets(layer.values)]


def _placed(problem: Problem, layers: Layers) -> Problem:
    """Add file and line; say what the bases have to do with it, where a key is missing, null or unknown."""
    if problem.what == UNKNOWN and len(problem.path) == 1 and layers.owner(problem.path) is layers.stack:
        meant = nearest(problem.path[0], [EXTENDS, *StackConfig.model_fields])[:1] == [EXTENDS]
        fix = f"did you mean `{EXTENDS}`?" if meant else problem.fix
        problem = replace(problem, allowed=f"{EXTENDS}, {problem.allowed}", fix=fix)
    if not layers.bases:
        return layers.placed(problem)
    if problem.what == MISSING:
        what = f"{problem.what}, here and in {', '.join(_parents(problem.path[:-1], layers))}"
        return layers.stack.placed(replace(problem, what=what))
    if problem.what == EMPTY and not isinstance(problem.path[-1], int):
        problem = replace(problem, what=f"{problem.what}, and no earlier file has a value that null could take away")
    return layers.placed(problem)


def _parents(section: Path, layers: Layers) -> Iterator[str]:
    """Yield each base, with the line of a section where it has the section."""
    for base in layers.bases:
        file, line = base.place(section)
        yield f"{file}:{line}" if section and base.has(section) else file


def _inside(path: Path, secrets: list[Path]) -> bool:
    return any(path[: len(secret)] == secret for secret in secrets)


def _shown(problem: Problem, layers: Layers) -> Problem:
    """Say what stands in the file, whatever a rule has made of it, unless it may be a secret."""
    if problem.got == HIDDEN and not takes_text(problem.path, settings_schema()):
        return problem
    value = find(layers.settings, problem.path)
    if value is not NOTHING:
        return replace(problem, got=as_written(value, layers.written(problem.path)))
    return problem if problem.got == show(NOTHING) else replace(problem, got=f"nothing, which means {problem.got}")
