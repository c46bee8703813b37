"""The runbook says of every setting what a change to it does, and of nothing else."""

from __future__ import annotations

import re
import typing
from typing import TYPE_CHECKING

from pydantic import BaseModel

from config.files import ROOT
from config.stack import StackConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNBOOK = ROOT / "docs" / "runbooks" / "sizing.md"


def _settings(model: type[BaseModel], *path: str) -> Iterator[str]:
    """Yield the dotted path of every value of a model; `*` stands for names that a stack file chooses."""
    for name, field in model.model_fields.items():
        yield from _values(field.annotation, (*path, name))


def _values(annotation: object, path: tuple[str, ...]) -> Iterator[str]:
    parts = typing.get_args(annotation)
    if typing.get_origin(annotation) is dict:
        yield from _values(parts[1], (*path, "*"))
        return
    by_name = [part for part in map(_plain, parts) if typing.get_origin(part) is dict]
    if by_name:
        yield from _values(by_name[0], path)
        return
    models = [part for part in (annotation, *parts) if isinstance(part, type) and issubclass(part, BaseModel)]
    if models and typing.get_origin(annotation) is not tuple:
        for model in models:
            yield from _settings(model, *path)
    else:
        yield ".".join(path)


def _plain(annotation: object) -> object:
    """Return a type without what `Annotated` says beside it."""
    return typing.get_args(annotation)[0] if typing.get_origin(annotation) is typing.Annotated else annotation


def _explained() -> list[str]:
    rows = [line.split("|")[1] for line in RUNBOOK.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [path for row in rows for path in re.findall(r"`([^`]+)`", row)]


def test_every_setting_is_explained_once() -> None:
    explained = _explained()
    missing = sorted(set(_settings(StackConfig)) - set(explained))
    assert missing == [], "who sizes a stack must know what a change does before it is made"
    assert len(explained) == len(set(explained)), "two rows of one setting come apart"


def test_nothing_is_explained_that_is_no_setting() -> None:
    unknown = sorted(set(_explained()) - set(_settings(StackConfig)))
    assert unknown == [], "a row of a setting that is gone misleads"
