"""Property values as the engine sends them: protobuf structs to Python and back, secrets and unknowns kept.

Secrets and assets travel as objects with a signature key, unknowns as sentinel strings (constants of the Pulumi wire
protocol). Numbers are doubles on the wire and stay floats here, so nothing changes on a round trip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = Any
"""None, bool, float, str, list or dict, nested; secrets and assets are signed dicts."""

Properties = dict[str, Value]

Message = Any
"""A protobuf message or a gRPC context; the generated classes carry no usable types."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 a protocol constant that marks secrets, not one of them
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


def from_struct(message: struct_pb2.Struct) -> Properties:
    """Python form of a property map."""
    return {key: _from_value(value) for key, value in message.fields.items()}


def _from_value(value: struct_pb2.Value) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def to_struct(properties: Properties) -> struct_pb2.Struct:
    """Wire form of a property map."""
    return struct_pb2.Struct(fields={key: _to_value(value) for key, value in properties.items()})


def _to_value(value: Value) -> struct_pb2.Value:
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, (int, float)):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    if isinstance(value, dict):
        return struct_pb2.Value(struct_value=to_struct(value))
    items = [_to_value(item) for item in value]
    return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))


def is_unknown(value: Value) -> bool:
    """Whether the value itself is not known yet."""
    return isinstance(value, str) and value in UNKNOWNS


def is_secret(value: Value) -> bool:
    """Whether the value is wrapped as a secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def is_asset(value: Value) -> bool:
    """Whether the value is an asset or an archive."""
    return isinstance(value, dict) and value.get(SIGNATURE) in (ASSET, ARCHIVE)


def secret(value: Value) -> Value:
    """Wrap a value as a secret; one that is wrapped already stays as it is."""
    return value if is_secret(value) else {SIGNATURE: SECRET, "value": value}


def peel(value: Value) -> tuple[Value, bool]:
    """Return the value without its secret wrapper, and whether there was one."""
    hidden = is_secret(value)
    while is_secret(value):
        value = value.get("value")
    return value, hidden


def plain(value: Value) -> Value:
    """Copy of the value with every secret wrapper removed, for comparing; never for showing."""
    value, _ = peel(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _walk(value: Value) -> Iterator[Value]:
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _walk(child)


def contains_unknown(value: Value) -> bool:
    """Whether anything in the value is not known yet."""
    return any(is_unknown(part) for part in _walk(value))


def contains_secret(value: Value) -> bool:
    """Whether anything in the value is a secret."""
    return any(is_secret(part) for part in _walk(value))


def without_unknowns(value: Value) -> Value:
    """Copy of the value with unknown entries left out of objects and lists; None for an unknown itself."""
    if is_unknown(value):
        return None
    if isinstance(value, dict):
        if is_secret(value):
            return secret(without_unknowns(value.get("value")))
        return {key: without_unknowns(item) for key, item in value.items() if not is_unknown(peel(item)[0])}
    if isinstance(value, list):
        return [without_unknowns(item) for item in value if not is_unknown(peel(item)[0])]
    return value
