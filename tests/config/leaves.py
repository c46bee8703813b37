"""Every setting that the schema knows, where it stands in a stack file, and other values that it may have."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import BaseModel

from config.files import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path: TypeAlias = tuple[str | int, ...]
Schema: TypeAlias = dict[str, Any]

SCHEMA: Final[Schema] = json.loads((ROOT / "config" / "schema.json").read_text(encoding="utf-8"))
GONE: Final = object()
"""In place of a value: an entry of a list that is taken away."""
ANY: Final = "*"
"""Stands in a kind for a name that the user gives, and for the place in a list."""
WORDS: Final = {
    "date": ("2026-11-20", "2026-11-19"),
    "ipv4network": ("10.77.0.0/16", "10.77.1.0/24", "192.168.77.0/24"),
}


@dataclass(frozen=True)
class Leaf:
    """One value of a stack's settings, written or by default."""

    path: Path
    value: Any

    @property
    def dotted(self) -> str:
        """The path as a person reads it."""
        return ".".join(map(str, self.path))


@cache
def schemas() -> dict[str, tuple[Schema, ...]]:
    """Return kind -> what the schema says of such a value: `network.tiers.*.cidrs.*`, for every value it allows."""
    found: dict[str, list[Schema]] = {}
    for path, schema in _ends(SCHEMA["properties"]["config"]["properties"]["platform:settings"], ()):
        found.setdefault(".".join(path), []).append(schema)
    whole = {kind: tuple(said) for kind, said in found.items() if any(one.get("type") != "null" for one in said)}
    return {kind: said for kind, said in whole.items() if kind}


def _ends(schema: Schema, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    below = [(ANY, schema[key]) for key in ("additionalProperties", "items") if isinstance(schema.get(key), dict)]
    below += [(ANY, one) for key in ("patternProperties",) for one in schema.get(key, {}).values()]
    below += [(ANY, one) for one in schema.get("prefixItems", ())]
    below += list(schema.get("properties", {}).items())
    alternatives = schema.get("anyOf") or schema.get("oneOf") or ()
    for one in alternatives:
        yield from _ends(one, path)
    for key, one in below:
        yield from _ends(one, (*path, key))
    if not below and not alternatives:
        yield path, schema


def leaves(settings: BaseModel) -> dict[str, list[Leaf]]:
    """Return kind -> every place where settings have such a value."""
    found: dict[str, list[Leaf]] = {}
    for leaf, kind in _leaves(settings, (), ()):
        found.setdefault(".".join(kind), []).append(leaf)
    return found


def _leaves(value: object, path: Path, kind: tuple[str, ...]) -> Iterator[tuple[Leaf, tuple[str, ...]]]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            key = field.alias or name
            yield from _leaves(getattr(value, name), (*path, key), (*kind, key))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, (*path, key), (*kind, ANY))
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _leaves(one, (*path, place), (*kind, ANY))
    else:
        yield Leaf(path, value), kind


def changed(settings: dict[str, Any], changes: dict[Path, Any]) -> dict[str, Any]:
    """Return settings, dumped, with other values; a section that is missing is made."""
    made = copy.deepcopy(settings)
    for path, value in changes.items():
        section: Any = made
        for key in path[:-1]:
            if isinstance(section, dict) and section.get(key) is None:
                section[key] = {}
            section = section[key]
        if value is GONE:
            del section[path[-1]]
        else:
            section[path[-1]] = value
    return made


def others(leaf: Leaf, kind: str, elsewhere: Iterable[Any] = ()) -> Iterator[Any]:
    """Yield other values that a leaf may have, the nearest first; whether they are valid, the rules say.

    Args:
        leaf: The leaf.
        kind: Its kind.
        elsewhere: Values that other leaves of its kind have.
    """
    for schema in schemas()[kind]:
        yield from (value for value in _values(leaf.value, schema) if value != leaf.value)
    yield from (value for value in elsewhere if isinstance(value, str) and value != leaf.value)
    if isinstance(leaf.path[-1], int):
        yield GONE


def _values(value: object, schema: Schema) -> Iterator[Any]:
    if "enum" in schema:
        yield from schema["enum"]
    elif schema.get("type") == "boolean":
        yield not value
    elif schema.get("type") in ("integer", "number"):
        yield from _numbers(value, schema)
    elif schema.get("type") == "string":
        yield from _texts(str(value), schema)


def _numbers(value: object, schema: Schema) -> Iterator[int]:
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    high = schema.get("maximum", schema.get("exclusiveMaximum", 1_000_000))
    step = schema.get("multipleOf", 1)
    now = value if isinstance(value, int | float) and not isinstance(value, bool) else low
    for near in (step, -step, 10 * step, -10 * step, 60, -60, now, -now // 2):
        if low <= now + near <= high:
            yield int(now + near)
    yield from (int(bound) for bound in (low, high))


def _texts(value: str, schema: Schema) -> Iterator[str]:
    yield from WORDS.get(schema.get("format", ""), ())
    yield from schema.get("examples", ())
    yield f"{value}x"
    for part in re.finditer(r"\d+", value):
        for near in (1, -1, 2):
            if int(part[0]) + near >= 0:
                yield f"{value[: part.start()]}{int(part[0]) + near:0{len(part[0])}d}{value[part.end() :]}"
    if value:
        yield f"x{value}"
        yield f"{value[:-1]}{'b' if value[-1] != 'b' else 'c'}"
