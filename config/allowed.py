"""Which values the JSON schema of the settings takes at a place, in words."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.problems import Path

Schema = dict[str, Any]

_FORMATS: Final = {"date": "a date in quotes, YYYY-MM-DD", "ipv4network": "a block such as 10.0.0.0/16"}
_MOST: Final = 24
"""Names that are all listed; of more, the nearest."""
_NEAREST: Final = 3


def resolve(root: Schema, schema: Schema) -> Schema:
    """Follow a reference and drop the null of an optional value; the description nearest to the field wins."""
    own = {key: value for key, value in schema.items() if key == "description"}
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return {**resolve(root, root["$defs"][name]), **own}
    if "anyOf" in schema:
        real = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return {**resolve(root, real[0]), **own} if len(real) == 1 else schema
    return schema


def schema_at(root: Schema, path: Path) -> Schema:
    """Return the schema of the value at a path; an empty one where no value is taken."""
    schema = resolve(root, root)
    for step in path:
        if isinstance(step, int):
            schema = resolve(root, schema.get("items", {}))
        else:
            schema = resolve(root, schema.get("properties", {}).get(step) or _entry(schema))
    return schema


def _entry(schema: Schema) -> Schema:
    """Return the schema of the entries of a mapping whose keys are free, or of a form."""
    forms: list[Schema] = [schema.get("additionalProperties", {}), *schema.get("patternProperties", {}).values()]
    return next((form for form in forms if isinstance(form, dict) and form), {})


def names(root: Schema, path: Path) -> list[str]:
    """Return the keys that a mapping takes; none where they are free."""
    schema = schema_at(root, path)
    if "properties" in schema:
        return list(schema["properties"])
    return [str(name) for name in resolve(root, schema.get("propertyNames", {})).get("enum", [])]


def choices(schema: Schema) -> list[object]:
    """Return the values of a closed list; none where the list is open."""
    return list(schema["enum"]) if "enum" in schema else [schema["const"]] if "const" in schema else []


def nearest(got: object, known: Sequence[object]) -> list[object]:
    """Return what in a closed list is most like a value: in spelling, or in size."""
    if isinstance(got, bool) or got is None:
        return []
    numbers = [one for one in known if isinstance(one, int | float)]
    if isinstance(got, int | float) and numbers:
        return [*sorted(sorted(numbers, key=lambda one: abs(one - got))[:_NEAREST])]
    by_look = {_plain(str(one)): one for one in reversed(known)}
    close = difflib.get_close_matches(_plain(str(got)), by_look, n=_NEAREST, cutoff=0.55)
    return [by_look[one] for one in close]


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", text.lower()[:200])


def listing(known: Sequence[object], got: object) -> str:
    """Return a closed list in words: all of a short one, and of a long one what is most like the value."""
    if len(known) <= _MOST:
        return ", ".join(map(str, known))
    shown = nearest(got, known) or list(known[:_NEAREST])
    return f"{', '.join(map(str, shown))}, and {len(known) - len(shown)} others in config/schema.json"


def allowed(root: Schema, schema: Schema, got: object = None) -> str:
    """Say which values a schema takes.

    Args:
        root: Schema of the whole.
        schema: Schema of the place.
        got: What stands there, for what is most like it.
    """
    resolved = resolve(root, schema)
    if known := choices(resolved):
        return listing(known, got)
    match resolved.get("type"):
        case "integer" | "number" as kind:
            text = f"{'a whole number' if kind == 'integer' else 'a number'}{_bounds(resolved)}"
        case "boolean":
            text = "true or false"
        case "array":
            text = f"a list{_count(resolved, 'Items', 'entries')}, each {allowed(root, resolved.get('items', {}))}"
        case "object":
            text = _mapping(root, resolved)
        case _:
            form = f"text that matches {resolved['pattern']}" if "pattern" in resolved else "text"
            text = _FORMATS.get(resolved.get("format", ""), form) + _count(resolved, "Length", "characters")
    return text


def _mapping(root: Schema, schema: Schema) -> str:
    keys = [*schema.get("properties", {})] or resolve(root, schema.get("propertyNames", {})).get("enum", [])
    forms = list(schema.get("patternProperties", {}))
    what = f" with {', '.join(keys)}" if keys else f" with keys that match {forms[0]}" if forms else ""
    return f"a mapping{what}{_count(schema, 'Properties', 'entries')}"


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    step = f", a multiple of {schema['multipleOf']}" if "multipleOf" in schema else ""
    if (above := schema.get("exclusiveMinimum")) is not None:
        return f" above {above}{f', {high} at most' if high is not None else ''}{step}"
    if high is not None:
        return f" from {low} to {high}{step}"
    return f" of {low} or more{step}" if low is not None else step


def _count(schema: Schema, of: str, unit: str) -> str:
    low, high = schema.get(f"min{of}"), schema.get(f"max{of}")
    if low is not None and high is not None:
        return f" of {low} to {high} {unit}"
    if high is not None:
        return f" of {high} {unit} at most"
    return f" of {low} {unit} at least" if low is not None else ""
