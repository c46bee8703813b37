"""Property values between the engine's messages and plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Return the properties of a message: whole numbers are integers again, secrets and placeholders stay marked."""
    values: dict[str, Any] = whole(json_format.MessageToDict(struct))
    return values


def write(values: dict[str, Any]) -> struct_pb2.Struct:
    """Return a message with the properties."""
    struct = struct_pb2.Struct()
    json_format.ParseDict(values, struct)
    return struct


def whole(value: Any) -> Any:  # noqa: ANN401 any JSON value
    """Return the value with integers for whole numbers (messages know doubles only) and without empty properties."""
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def is_unknown(value: object) -> bool:
    """Whether the value is a placeholder: a preview does not know it yet."""
    return value == UNKNOWN


def is_secret(value: object) -> bool:
    """Whether the value is marked as a secret."""
    return isinstance(value, dict) and value.get(_special_sig_key) == _special_secret_sig


def reveal(value: Any) -> Any:  # noqa: ANN401 any JSON value
    """Return the value without the mark of a secret."""
    return value["value"] if is_secret(value) else value


def secrets_in(value: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 any JSON value
    """Yield the path of every secret inside a value, as `spec.template[0].env`."""
    if is_secret(value):
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from secrets_in(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from secrets_in(inner, f"{path}[{index}]")


def unknown_identity(manifest: dict[str, Any]) -> bool:
    """Whether a preview does not know yet which object this is: its name, namespace, kind or version is missing."""
    metadata = manifest.get("metadata")
    if not isinstance(metadata, dict):
        return True
    parts = (metadata.get("name"), metadata.get("namespace", ""), manifest.get("kind"), manifest.get("apiVersion"))
    return any(part is None or is_unknown(part) for part in parts)
