"""Errors of shape - missing, misspelt, of the wrong type, out of range - as problems a person can act on."""

from __future__ import annotations

import difflib
from functools import cache
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from config.problems import NOTHING, Path, Problem, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

Schema = dict[str, Any]

_WHAT: Final = {
    "missing": "required key is missing",
    "extra_forbidden": "unknown key",
    "int_type": "not a whole number",
    "int_from_float": "not a whole number",
    "float_type": "not a number",
    "string_type": "not text",
    "bool_type": "not true or false",
    "dict_type": "not a mapping",
    "model_type": "not a mapping",
    "model_attributes_type": "not a mapping",
    "tuple_type": "not a list",
    "literal_error": "not one of the allowed values",
    "greater_than_equal": "below the minimum",
    "less_than_equal": "above the maximum",
    "string_pattern_mismatch": "not of the required form",
    "string_too_short": "too short",
    "string_too_long": "too long",
    "too_short": "too few entries",
    "too_long": "too many entries",
    "date_type": "not a date",
    "date_parsing": "not a date",
    "value_error": "not an IPv4 block",
}
"""pydantic's error types in our words; one without an entry is told by its name. pydantic's messages are not used: they
may hold the value."""
_FORMATS: Final = {"date": "a date in quotes, YYYY-MM-DD", "ipv4network": "a block such as 10.0.0.0/16"}
_NUMBERS: Final = frozenset({"int_type", "int_from_float", "float_type"})


def shape_problem(error: ErrorDetails, root: Schema) -> Problem:
    """Return the problem that one of pydantic's errors means.

    Args:
        error: From `ValidationError.errors()`.
        root: JSON schema of the model that was validated, for what is allowed.
    """
    bad_key = error["loc"][-1:] == ("[key]",)
    path: Path = error["loc"][:-1] if bad_key else error["loc"]
    kind = error["type"]
    got: object = error["input"]
    if kind == "missing":
        parent = _schema_at(root, path[:-1])
        cure = f"add `{path[-1]}:`{_meaning(parent.get('properties', {}).get(path[-1], {}))}"
        return refuse(path, _WHAT[kind], got=NOTHING, allowed=_allowed(root, _schema_at(root, path)), cure=cure)
    if kind == "extra_forbidden" or bad_key:
        names = _names(root, path[:-1])
        what = "unknown key" if names else "key not of the required form"
        form = next(iter(_schema_at(root, path[:-1]).get("patternProperties", {})), "")
        allowed = ", ".join(names) or f"keys that match {form}"
        return refuse(path, what, got=got, allowed=allowed, cure=_spelling(str(path[-1]), names))
    schema = _schema_at(root, path)
    network = _network(got) if kind == "value_error" else None
    what = "has host bits set" if network else _WHAT.get(kind, kind.replace("_", " "))
    cure = network or _requote(kind, got) or f"give a value that is allowed{_meaning(schema)}"
    return refuse(path, what, got=got, allowed=_allowed(root, schema), cure=cure)


def _spelling(key: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else "remove it, or use an allowed key"


def _network(got: object) -> str | None:
    """Say how to write a block whose address lies inside it, rather than at its beginning."""
    if not isinstance(got, str) or "/" not in got:
        return None
    try:
        return f"write {IPv4Network(got, strict=False)}"
    except ValueError:
        return None


def _requote(kind: str, got: object) -> str | None:
    """Say how to write a value that has the right characters and the wrong type."""
    if kind in _NUMBERS and isinstance(got, str) and got.strip("-").isdigit():
        return f"write {got} without quotes"
    if kind == "string_type" and isinstance(got, int | float) and not isinstance(got, bool):
        return "write it in quotes, as it is meant to be read"
    if kind == "date_parsing" and isinstance(got, str) and got.endswith("+0000 UTC"):
        return f'write it in quotes: "{got[:10]}"'
    return None


def _meaning(schema: Schema) -> str:
    text = str(schema.get("description", "")).partition("\n\n")[0].replace("\n", " ")
    return f": {text}" if text else ""


@cache
def settings_schema() -> Schema:
    """Return the JSON schema of the settings of a stack file."""
    from config.stack import StackConfig  # noqa: PLC0415 - 30 ms that only a refused stack file has to pay

    return StackConfig.model_json_schema()


def _resolve(root: Schema, schema: Schema) -> Schema:
    """Follow a reference and drop the null of an optional value; the description nearest to the field wins."""
    own = {key: value for key, value in schema.items() if key == "description"}
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return {**_resolve(root, root["$defs"][name]), **own}
    if "anyOf" in schema:
        real = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return {**_resolve(root, real[0]), **own} if len(real) == 1 else schema
    return schema


def _schema_at(root: Schema, path: Path) -> Schema:
    schema = _resolve(root, root)
    for step in path:
        if isinstance(step, int):
            schema = _resolve(root, schema.get("items", {}))
        else:
            schema = _resolve(root, schema.get("properties", {}).get(step) or _entry(schema))
    return schema


def _entry(schema: Schema) -> Schema:
    """Return the schema of the entries of a mapping whose keys are free, or of a form."""
    forms: list[Schema] = [schema.get("additionalProperties", {}), *schema.get("patternProperties", {}).values()]
    return next((form for form in forms if isinstance(form, dict) and form), {})


def _names(root: Schema, path: Path) -> list[str]:
    schema = _schema_at(root, path)
    if "properties" in schema:
        return list(schema["properties"])
    return list(_resolve(root, schema.get("propertyNames", {})).get("enum", []))


def _allowed(root: Schema, schema: Schema) -> str:
    """Say in words which values a schema takes."""
    resolved = _resolve(root, schema)
    if "enum" in resolved or "const" in resolved:
        return ", ".join(str(value) for value in resolved.get("enum", [resolved.get("const")]))
    match resolved.get("type"):
        case "integer" | "number" as kind:
            text = f"{'a whole number' if kind == 'integer' else 'a number'}{_bounds(resolved)}"
        case "boolean":
            text = "true or false"
        case "array":
            text = f"a list, each {_allowed(root, resolved.get('items', {}))}"
        case "object":
            names = ", ".join(resolved.get("properties", {}))
            text = f"a mapping with {names}" if names else "a mapping"
        case _:
            form = f"text that matches {resolved['pattern']}" if "pattern" in resolved else "text"
            text = _FORMATS.get(resolved.get("format", ""), form)
    return text


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if high is not None:
        return f" from {low} to {high}"
    return f" of {low} or more" if low is not None else ""
