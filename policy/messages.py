"""The engine's messages as resources and stacks, in the same plain values that the SDK's proxies hide."""

from __future__ import annotations

from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from google.protobuf.json_format import MessageToDict
from pulumi_policy.deserialize import deserialize_properties, serialize_properties

from policy.resources import Origin, Resource, Stack
from policy.values import SECRET, SIGNATURE, Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Message = Any
"""A protobuf message; the generated classes carry no usable types."""

_AS_THEY_ARE: Final = frozenset({"string_value", "bool_value"})


def resource(message: Message) -> Resource:
    """Return the resource of an `AnalyzeRequest`."""
    secrets = frozenset(text for value in message.properties.fields.values() for text in _secrets(value))
    return Resource(_origin(message, None, secrets), plain(message.properties), provider=_provider(message))


def _secrets(value: Message, *, inside: bool = False) -> Iterator[str]:
    """Yield the texts at and below a value that are marked as secrets."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        marked = SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET
        for key, below in fields.items():
            if key != SIGNATURE:
                yield from _secrets(below, inside=inside or marked)
    elif kind == "list_value":
        for below in value.list_value.values:
            yield from _secrets(below, inside=inside)
    elif inside and kind == "string_value":
        yield value.string_value


def stack(message: Message, given: Mapping[str, Resource] = MappingProxyType({})) -> Stack:
    """Return the resources of an `AnalyzeStackRequest`.

    The engine shows what the provider says of each there: its inputs, and beside them what was read back. Rules judge
    what the program gives, as they do wherever else a stack is read.

    Args:
        message: the request.
        given: URN -> the resource as it was judged by itself, with its inputs. One that is not among them, such as a
            resource that an update with targets leaves alone, is taken as it is shown.
    """
    return Stack(_in_stack(each, given.get(each.urn)) for each in message.resources)


def _in_stack(message: Message, alone: Resource | None) -> Resource:
    links = {key: tuple(behind.urns) for key, behind in message.propertyDependencies.items()}
    shown = plain(message.properties)
    inputs, secrets = (shown, frozenset[str]()) if alone is None else (alone.inputs, alone.origin.secrets)
    return Resource(_origin(message, links, secrets), inputs, provider=_provider(message), outputs=shown)


def plain(properties: Message) -> dict[str, object]:
    """Return a `Struct` as plain values: unknowns as the marks that `policy.values` knows, secrets opened."""
    return {key: _value(value) for key, value in properties.fields.items()}


def _origin(message: Message, links: Mapping[str, tuple[str, ...]] | None, secrets: frozenset[str]) -> Origin:
    return Origin(
        type=message.type,
        urn=message.urn,
        name=message.name,
        protect=message.options.protect,
        ignore_changes=tuple(message.options.ignoreChanges),
        property_dependencies=links,
        secrets=secrets,
    )


def _provider(message: Message) -> Block | None:
    return Block(plain(message.provider.properties), "provider") if message.HasField("provider") else None


def _value(value: Message) -> object:
    """Return one value; what only the SDK knows to read (assets, secrets, infinity) it reads itself."""
    kind = value.WhichOneof("kind")
    if kind in _AS_THEY_ARE:
        return getattr(value, kind)
    if kind == "number_value" and isfinite(value.number_value):
        return value.number_value
    if kind == "list_value":
        return [_value(item) for item in value.list_value.values]
    if kind == "struct_value" and SIGNATURE not in value.struct_value.fields:
        return plain(value.struct_value)
    return serialize_properties(deserialize_properties({"it": MessageToDict(value)}))["it"]
