"""A small validator for the keywords of JSON schema that ours uses; it fails on any other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]
ANNOTATIONS = frozenset({"title", "description", "default", "format", "$schema", "$defs"})
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(value: object, rule: Schema, definitions: Schema, at: str = "") -> Iterator[str]:
    """Yield where a value breaks a schema."""
    if "$ref" in rule:
        yield from faults(value, definitions[rule["$ref"].rpartition("/")[2]], definitions, at)
    if "anyOf" in rule and all(list(faults(value, one, definitions, at)) for one in rule["anyOf"]):
        yield f"{at}: none of the alternatives"
    known = ANNOTATIONS | {"$ref", "anyOf", "items"} | MAPPING | CHECKS.keys()
    assert rule.keys() <= known, f"{at}: this validator does not know {rule.keys() - known}"
    for keyword, (kind, breaks, what) in CHECKS.items():
        if keyword in rule and isinstance(value, kind) and breaks(value, rule[keyword]):
            yield f"{at}: {what}"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, rule.get("items", {}), definitions, f"{at}[{number}]")
    if isinstance(value, dict):
        yield from _mapping(value, rule, definitions, at)


def _mapping(value: dict[str, object], rule: Schema, definitions: Schema, at: str) -> Iterator[str]:
    for name, item in value.items():
        forms = [one for form, one in rule.get("patternProperties", {}).items() if re.search(form, name)]
        own = [rule["properties"][name]] if name in rule.get("properties", {}) else []
        more = rule.get("additionalProperties", True)
        if not own and not forms and more is False:
            yield f"{at}: knows no {name}"
        for one in own + forms or ([more] if isinstance(more, dict) else []):
            yield from faults(item, one, definitions, f"{at}.{name}")
        yield from faults(name, rule.get("propertyNames", {}), definitions, f"{at}.{name}")


def _wrong_type(value: object, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    return not any(isinstance(value, TYPES[one]) and isinstance(value, bool) is (one == "boolean") for one in names)


MAPPING = frozenset({"properties", "patternProperties", "additionalProperties", "propertyNames"})
SIZED = (str, list, dict)
CHECKS: dict[str, tuple[type | tuple[type, ...], Callable[[Any, Any], bool], str]] = {
    "type": (object, _wrong_type, "of the wrong type"),
    "enum": (object, lambda value, wanted: value not in wanted, "not among the allowed"),
    "const": (object, lambda value, wanted: value != wanted, "not what is allowed"),
    "uniqueItems": (
        list,
        lambda value, wanted: wanted and any(one in value[:at] for at, one in enumerate(value)),
        "twice",
    ),
    "required": (dict, lambda value, wanted: any(name not in value for name in wanted), "lacks a key"),
    "pattern": (str, lambda value, wanted: not re.search(wanted, value), "not of the form"),
    "minimum": ((int, float), lambda value, wanted: value < wanted, "too small"),
    "exclusiveMinimum": ((int, float), lambda value, wanted: value <= wanted, "too small"),
    "maximum": ((int, float), lambda value, wanted: value > wanted, "too large"),
    "multipleOf": ((int, float), lambda value, wanted: value % wanted != 0, "not a multiple"),
    **{f"min{what}": (SIZED, lambda value, wanted: len(value) < wanted, "too short") for what in ("Length", "Items")},
    **{f"max{what}": (SIZED, lambda value, wanted: len(value) > wanted, "too long") for what in ("Length", "Items")},
    "minProperties": (dict, lambda value, wanted: len(value) < wanted, "too few keys"),
    "maxProperties": (dict, lambda value, wanted: len(value) > wanted, "too many keys"),
}
