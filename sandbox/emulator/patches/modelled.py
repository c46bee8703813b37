"""What any AWS service refuses by its own model: members that are missing, too long, of another type, in no enum."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import ListShape, ServiceModel, Shape, StructureShape

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "double": (int, float),
    "float": (int, float),
    "integer": (int,),
    "list": (list,),
    "long": (int,),
    "map": (dict,),
    "string": (str,),
    "structure": (dict,),
    "timestamp": (int, float),
}


@cache
def model(service: str) -> ServiceModel:
    """Return botocore's model of a service; it is read when it is first needed, not at the emulator's start."""
    import botocore.session  # noqa: PLC0415 - a third of the emulator's start, and not every emulator needs a model

    return botocore.session.get_session().get_service_model(service)


def faults(service: str, action: str, document: dict[str, Any]) -> list[str]:
    """Return what a service's model has against a request, in the words that AWS has for it."""
    return list(_faults(model(service).operation_model(action).input_shape, document, ""))


def _faults(shape: Shape, value: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - as the shape says
    if not _is_of(value, _TYPES.get(shape.type_name, (object,))):
        yield f"Value {value!r} at '{at}' failed to satisfy constraint: Member must be a {shape.type_name}"
    elif shape.type_name == "structure":
        yield from _members(cast("StructureShape", shape), value, at)
    elif shape.type_name == "list":
        yield from _size(shape, value, len(value), at)
        for number, one in enumerate(value, 1):
            yield from _faults(cast("ListShape", shape).member, one, f"{at}.{number}.member")
    elif shape.type_name in {"string", "map"}:
        yield from _size(shape, value, len(value), at)
        allowed = getattr(shape, "enum", [])
        if allowed and value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            yield f"Value '{value}' at '{at}' failed to satisfy constraint: {rule}"


def _is_of(value: object, expected: tuple[type, ...]) -> bool:
    return isinstance(value, expected) and (not isinstance(value, bool) or bool in expected)


def _members(shape: StructureShape, value: dict[str, Any], at: str) -> Iterator[str]:
    for name, member in shape.members.items():
        path = f"{at}.{_camel(name)}" if at else _camel(name)
        if value.get(name) is not None:
            yield from _faults(member, value[name], path)
        elif name in shape.required_members:
            yield f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def _size(shape: Shape, value: object, length: int, at: str) -> Iterator[str]:
    for bound, wrong, word in (
        ("min", length < shape.metadata.get("min", 0), "greater"),
        ("max", length > shape.metadata.get("max", length), "less"),
    ):
        if wrong:
            rule = f"Member must have length {word} than or equal to {shape.metadata[bound]}"
            yield f"Value {value!r} at '{at}' failed to satisfy constraint: {rule}"


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]
