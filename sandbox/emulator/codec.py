"""State of the emulator as JSON and back, without losing a type on the way.

ministack's own encoding turns tuples into lists and number keys into text, and refuses sets. Here whatever JSON cannot
say is wrapped in an object with one key that begins with `$`; a plain object with such a key is wrapped too.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections import OrderedDict, defaultdict, deque
from typing import TypeAlias

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_SCOPED = {"$account": AccountScopedDict, "$region": AccountRegionScopedDict}
_SEQUENCES: dict[str, type] = {"$tuple": tuple, "$set": set, "$frozenset": frozenset, "$deque": deque}


class UnsavableError(TypeError):
    """A value that cannot be written; the message says where it is and what type it has."""


def encode(value: object, where: str = "") -> Json:
    """Say a value in JSON.

    Args:
        value: Anything the emulator keeps: scalars, containers, bytes, times, its account-scoped stores.
        where: Dotted path of the value, for the error.

    Raises:
        UnsavableError: Some part has a type this encoding does not know.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [encode(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, bytes | bytearray):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, dt.datetime):
        return {"$datetime": value.isoformat()}
    if type(value) in (dict, OrderedDict, defaultdict):
        return _mapping(dict(value), where)  # type: ignore[call-overload]  # the check above is by exact type
    return _wrapped(value, where)


def _wrapped(value: object, where: str) -> Json:
    for tag, kind in _SCOPED.items():
        if isinstance(value, kind):
            return {tag: _pairs(value.to_dict(), where)}
    for tag, sequence in _SEQUENCES.items():
        if type(value) is sequence:
            return {tag: [encode(item, f"{where}[]") for item in value]}  # type: ignore[attr-defined]  # a sequence
    raise UnsavableError(f"{where}: cannot save a {type(value).__module__}.{type(value).__qualname__}")


def _mapping(value: dict[object, object], where: str) -> Json:
    if all(isinstance(key, str) and not key.startswith("$") for key in value):
        return {str(key): encode(item, f"{where}.{key}") for key, item in value.items()}
    return {"$dict": _pairs(value, where)}


def _pairs(value: dict[object, object], where: str) -> Json:
    return [[encode(key, f"{where} key"), encode(item, f"{where}.{key}")] for key, item in list(value.items())]


def decode(value: Json) -> object:
    """Give back what `encode` was given."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    tag = next(iter(value), "")
    if not tag.startswith("$"):
        return {key: decode(item) for key, item in value.items()}
    return _tagged(tag, value[tag])


def _tagged(tag: str, body: Json) -> object:
    if isinstance(body, str):
        return base64.b64decode(body) if tag == "$bytes" else dt.datetime.fromisoformat(body)
    items = decode(body)
    if not isinstance(items, list):
        raise TypeError(f"{tag}: expected a list, got {type(items).__name__}")
    if tag in _SEQUENCES:
        return _SEQUENCES[tag](items)
    pairs = {key: item for key, item in items}  # noqa: C416 - each item is a two-element list, not a tuple
    return pairs if tag == "$dict" else _SCOPED[tag].from_dict(pairs)
