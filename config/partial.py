"""What is left of a stack file that has errors of shape, so that the rules can judge the parts that are sound."""

from __future__ import annotations

import json
import math
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from config.allowed import nearest
from config.base import Section, fields_of
from config.renamed import new_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.problems import Path

S = TypeVar("S", bound=Section)

_REFUSED: Final = object()
_REFUSED_JSON: Final = ("null", "NaN", "Infinity")
"""What JSON calls values that are refused everywhere, and that pydantic may take."""


def salvage(model: type[S], values: object, path: Path = ()) -> S:
    """Return a section with the fields that are sound; reading any other raises `IncompleteError`.

    Unknown keys are dropped; an optional field that one of them means is not taken for left out. In a mapping of
    sections each entry is salvaged by itself, unless its key is wrong.

    Args:
        model: Type of the section.
        values: What the stack file has in its place, of whatever type.
        path: Way to the section.
    """
    given = values if isinstance(values, dict) else {}
    if (valid := _whole(model, given)) is not None:
        return valid
    fields = fields_of(model)
    checked: dict[str, Any] = {name: _field(model, name, given[name], path) for name in fields if name in given}
    kept = {name: value for name, value in checked.items() if value is not _REFUSED}
    section = cast("S", model.model_construct(**kept))
    for name in (checked.keys() - kept.keys()) | _meant(given, fields, path):
        section.__dict__.pop(name, None)
    return section


def _whole(model: type[S], given: Mapping[object, object]) -> S | None:
    """Return a section of which everything is valid, as most are; None for any other."""
    text = json.dumps(given)
    if any(word in text for word in _REFUSED_JSON):
        return None
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError:
        return None


def _meant(given: Mapping[object, object], fields: Mapping[str, object], path: Path) -> set[str]:
    """Return the fields left out that an unknown key means, misspelt or by an old name: what they say is not known."""
    slips = [key for key in given if isinstance(key, str) and key not in fields]
    renamed = {new for key in slips if (new := new_name((*path, key)))}
    misspelt = {str(close[0]) for key in slips if (close := nearest(key, tuple(fields)))}
    return (renamed | misspelt) - given.keys()


def _field(model: type[Section], name: str, value: object, path: Path) -> object:
    endless = isinstance(value, float) and not math.isfinite(value)
    if value is None or endless:  # refused everywhere; what it would mean, nobody judges
        return _REFUSED
    kind, entry = _place(model, name)
    if entry is not None and isinstance(value, dict):
        if get_origin(kind) is dict:
            keys = _key_adapter(model, name)
            kept = ((key, one) for key, one in value.items() if _check(keys, key) is not _REFUSED)
            return {key: salvage(entry, one, (*path, name, key)) for key, one in kept}
        return salvage(entry, value, (*path, name))
    return _check(_adapter(model, name), value)


@cache
def _place(model: type[Section], name: str) -> tuple[Any, type[Section] | None]:
    return _nested(fields_of(model)[name].annotation)


def _nested(annotation: Any) -> tuple[Any, type[Section] | None]:  # noqa: ANN401 - an annotation is any object
    """Return the annotation without None and Annotated, and the section that it is or maps names to."""
    if get_origin(annotation) is Annotated:
        return _nested(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        real = [one for one in get_args(annotation) if one is not type(None)]
        return _nested(real[0]) if len(real) == 1 else (annotation, None)
    entry = get_args(annotation)[1] if get_origin(annotation) is dict else annotation
    is_section = isinstance(entry, type) and issubclass(entry, Section)
    return annotation, entry if is_section else None


@cache
def _adapter(model: type[Section], name: str) -> TypeAdapter[object]:
    info = fields_of(model)[name]
    annotation: Any = Annotated[info.annotation, info]
    return TypeAdapter(annotation)


@cache
def _key_adapter(model: type[Section], name: str) -> TypeAdapter[object]:
    kind, _ = _place(model, name)
    return TypeAdapter(get_args(kind)[0])


def _check(adapter: TypeAdapter[object], value: object) -> object:
    try:
        return adapter.validate_json(json.dumps(value), strict=True)
    except ValidationError:
        return _REFUSED
