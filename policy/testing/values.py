"""Values of a test, as the engine sends them."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Final

from policy.values import SECRET, SIGNATURE, UNKNOWN_STRING

UNKNOWN: Final = UNKNOWN_STRING
"""A value that is not known before the update."""


def secret(value: object) -> dict[str, object]:
    """Return a value as the engine sends a secret."""
    return {SIGNATURE: SECRET, "value": value}


def altered(inputs: Mapping[str, object], path: str, value: object) -> dict[str, object]:
    """Return a copy of `inputs` with the value at a dotted path (numbers index lists) replaced; None removes it."""
    step, _, rest = path.partition(".")
    result = copy.deepcopy(dict(inputs))
    if rest:
        result[step] = _altered_below(result[step], rest, value)
    elif value is None:
        del result[step]
    else:
        result[step] = value
    return result


def _altered_below(below: object, path: str, value: object) -> object:
    if isinstance(below, Mapping):
        return altered(below, path, value)
    if not isinstance(below, list):
        raise TypeError(f"nothing to alter at {path}")
    return list(altered(dict(_enumerate_keys(below)), path, value).values())


def _enumerate_keys(items: list[object]) -> Iterable[tuple[str, object]]:
    return ((str(at), item) for at, item in enumerate(items))
