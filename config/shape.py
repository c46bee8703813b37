"""Errors of shape - missing, empty, misspelt, of the wrong type, out of range - as problems a person can act on."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final

from config.allowed import Schema, allowed, choices, listing, names, nearest, resolve, schema_at
from config.facts.deprecated import DEPRECATED
from config.facts.experiments import INSTEAD
from config.problems import NOTHING, Path, Problem, dotted, refuse
from config.renamed import new_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

_WHAT: Final = {
    "missing": "required key is missing",
    "extra_forbidden": "unknown key",
    "int_type": "not a whole number",
    "int_from_float": "not a whole number",
    "float_type": "not a number",
    "finite_number": "not a finite number",
    "string_type": "not text",
    "bool_type": "not true or false",
    "dict_type": "not a mapping",
    "model_type": "not a mapping",
    "model_attributes_type": "not a mapping",
    "tuple_type": "not a list",
    "literal_error": "not one of the allowed values",
    "greater_than_equal": "below the minimum",
    "greater_than": "not above the minimum",
    "less_than_equal": "above the maximum",
    "string_pattern_mismatch": "not of the required form",
    "string_too_short": "too short",
    "string_too_long": "too long",
    "too_short": "too few entries",
    "too_long": "too many entries",
    "date_type": "not a date",
    "date_parsing": "not a date",
    "date_from_datetime_inexact": "a time of day, not a date",
    "value_error": "not an IPv4 block",
}
"""pydantic's error types in our words. pydantic's messages are not used: they may hold the value."""
MISSING: Final = _WHAT["missing"]
UNKNOWN: Final = _WHAT["extra_forbidden"]
EMPTY: Final = "empty"
_NUMBERS: Final = frozenset({"int_type", "int_from_float", "float_type"})
_COUNTED: Final = frozenset({"too_short", "too_long"})
_HOMES: Final = 3
"""Places of a key that are named to who wrote it elsewhere."""
_WHOLE: Final = re.compile(r"-?[0-9]{1,20}")


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
    schema = schema_at(root, path)
    if kind == "missing":
        fix = f"add `{path[-1]}: {likely}`" if (likely := _likely(path, got)) else f"add `{path[-1]}:`"
        fix += _meaning(schema)
        return refuse(path, _WHAT[kind], got=NOTHING, allowed=allowed(root, schema), fix=fix)
    if kind == "extra_forbidden" or bad_key:
        return _unknown_key(path, got, root)
    if got is None:
        return empty_problem(path, root)
    if kind == "repeated":
        where = (*path, *error["ctx"]["at"])
        what = f"stands in the list already, as entry {error['ctx']['first'] + 1}"
        return refuse(where, what, got=got, allowed=error["ctx"]["allowed"], fix="remove one of the two")
    network = _network(got) if kind == "value_error" else None
    instead = DEPRECATED.get(got) if isinstance(got, str) else None
    missed = INSTEAD.get(got) if isinstance(got, str) and path[:1] == ("experiments",) else None
    what = "has host bits set" if network else _WHAT.get(kind, kind.replace("_", " "))
    what = f"not a multiple of {schema['multipleOf']}" if kind == "multiple_of" else what
    if instead:
        what = "deprecated: AWS takes it, and it does nothing"
    hint = _requote(kind, got) or _did_you_mean(got, choices(schema)) or f"change it{_meaning(_explained(root, path))}"
    return refuse(path, what, got=got, allowed=allowed(root, schema, got), fix=network or instead or missed or hint)


_KINDS: Final[Mapping[object, str]] = {
    "direct": "public",
    "nat": "private",
    "none": "isolated` for data services, `kind: private` for workloads",
}
"""Way to the internet of a tier -> the kind that it likely is."""


def _likely(path: Path, section: object) -> str | None:
    """Return the likely value of a key that a section lacks, by what else stands there; None = nobody can tell."""
    tier = path[-3:-2] == ("tiers",) and path[-1] == "kind" and isinstance(section, dict)
    return _KINDS.get(section.get("internet")) if tier and isinstance(section, dict) else None


def empty_problem(path: Path, root: Schema) -> Problem:
    """Return the problem of a key or a dash after which nothing stands."""
    schema = schema_at(root, path)
    required = path[-1:] and path[-1] in schema_at(root, path[:-1]).get("required", ())
    fix = (
        "write it out"
        if required
        else "write it out, or remove the dash"
        if _is_entry(path)
        else "write it out, or remove the key"
    )
    return refuse(path, EMPTY, got=None, allowed=allowed(root, schema), fix=f"{fix}{_meaning(schema)}")


def empty_paths(values: object, path: Path = ()) -> Iterator[Path]:
    """Yield the way to each null of the settings: what stands in a file behind a key whose value is commented out."""
    if values is None:
        yield path
    children = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for step, child in children:
        if child is None or isinstance(child, dict | list):
            yield from empty_paths(child, (*path, step))


def takes_text(path: Path, root: Schema) -> bool:
    """Tell a place that the schema knows and that takes one of a closed list of words: no place for a secret."""
    return any(isinstance(one, str) for one in choices(schema_at(root, path)))


@cache
def settings_schema() -> Schema:
    """Return the JSON schema of the settings of a stack file."""
    from config.stack import StackConfig  # noqa: PLC0415 - 30 ms that only a refused stack file has to pay

    return StackConfig.model_json_schema()


def _is_entry(path: Path) -> bool:
    return isinstance(path[-1] if path else "", int)


def _unknown_key(path: Path, got: object, root: Schema) -> Problem:
    key, known, above = str(path[-1]), names(root, path[:-1]), schema_at(root, path[:-1])
    if new := new_name(path):
        return refuse(path, "renamed key", got=got, allowed=new, fix=f"write `{new}:` in its place")
    if known:
        fix = _did_you_mean(key, known) or _elsewhere(key, root) or "remove it, or use an allowed key"
        return refuse(path, UNKNOWN, got=got, allowed=listing(known, key), fix=fix)
    form = next(iter(above.get("patternProperties", {})), "")
    longest = above.get("propertyNames", {}).get("maxLength")
    takes = f"keys that match {form}" + (f", {longest} characters at most" if longest else "")
    like = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    good = form and re.search(form, like) and len(like) <= (longest or len(like))
    fix = f"rename it, to `{like}` for example" if good else "rename it"
    return refuse(path, "key not of the required form", got=got, allowed=takes, fix=fix)


def _elsewhere(key: str, root: Schema) -> str | None:
    """Say where a key is taken that is known, but not here."""
    homes = [name for name, schema in root.get("$defs", {}).items() if key in schema.get("properties", {})]
    found = [dotted(path) for path in _sections(root, ()) if schema_at(root, path).get("title") in homes]
    return f"move it to {' or '.join(found)}, or remove it" if 0 < len(found) <= _HOMES else None


def _sections(schema: Schema, path: Path) -> Iterator[Path]:
    """Yield the ways to sections that do not lead through an entry of a mapping or a list."""
    root = settings_schema()
    for name, child in resolve(root, schema).get("properties", {}).items():
        if resolve(root, child).get("properties"):
            yield (*path, name)
            yield from _sections(child, (*path, name))


def _explained(root: Schema, path: Path) -> Schema:
    """Return the schema of a place, or of the nearest above it that says what it means."""
    above = (path[:length] for length in range(len(path), 0, -1))
    return next((found for part in above if (found := schema_at(root, part)).get("description")), {})


def _did_you_mean(got: object, known: Sequence[object]) -> str | None:
    close = nearest(got, known) if isinstance(got, str) else []
    return f"did you mean `{close[0]}`?" if close else None


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
    if kind in _NUMBERS and isinstance(got, str) and _WHOLE.fullmatch(got):
        return f"write {got} without quotes"
    if kind == "bool_type" and isinstance(got, str) and got.lower() in ("yes", "on", "true", "no", "off", "false"):
        return f"write {'true' if got.lower() in ('yes', 'on', 'true') else 'false'}, without quotes"
    if kind == "string_type" and isinstance(got, int | float) and not isinstance(got, bool):
        return "write it in quotes, as it is meant to be read"
    if kind == "date_parsing" and isinstance(got, str) and got.endswith("+0000 UTC"):
        return f'write it in quotes: "{got[:10]}"'
    if isinstance(got, list):
        return None if kind in _COUNTED else "write one value, without brackets"
    return "write it in brackets: `[...]`" if kind == "tuple_type" and not isinstance(got, dict) else None


def _meaning(schema: Schema) -> str:
    text = str(schema.get("description", "")).partition("\n\n")[0].replace("\n", " ")
    return f": {text}" if text else ""
