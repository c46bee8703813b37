"""Every key of a stack file, from the models: dotted path, what it takes, default, meaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from config.allowed import Schema, allowed, resolve
from config.shape import settings_schema
from review.reference.markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD: Final = """\
# Settings

Every key of a stack file below `platform:settings`, written by `make reference` from the models in `config/`.

- `*` in a path stands for a name that the stack file chooses, or for an entry of a list.
- `required` means: required where its section is there. A section with the default `none` may be left out.
- `extends` beside the sections lists the bases of a stack file, such as `[bases/production.yaml]`; it is merged away
  before anything is judged ([0035](../adr/0035-layers.md)). A base has the same keys, and requires none.
- Rules that tie several keys to each other stand in `config/rules/` and `config/pairs/`.
- [sizing](../runbooks/sizing.md) says what a change of each key does to a deployed stack.

"""
_NAMES: Final = "*"
_EMPTY: Final[Schema] = {"object": {}, "array": []}
"""Defaults that a factory makes, of which a schema says nothing."""


class Setting(NamedTuple):
    """One key of a stack file."""

    path: str
    """Dotted path from `platform:settings`."""
    takes: str
    """Type and range in words."""
    default: str
    """`required`, or what holds where the key is left out."""
    meaning: str
    """The docstring of the field."""


def page() -> str:
    """Return the page: a table for each section."""
    found: dict[str, list[Setting]] = {}
    for setting in settings():
        found.setdefault(setting.path.partition(".")[0], []).append(setting)
    head = ("key", "takes", "default", "meaning")
    parts = [
        f"## {name}\n\n{table(head, [(f'`{one.path}`', *one[1:]) for one in of_section])}"
        for name, of_section in found.items()
    ]
    return HEAD + "\n".join(parts)


def settings() -> Iterator[Setting]:
    """Yield every key in the order of the models, a section before its keys."""
    root = settings_schema()
    yield from _keys(root, root, ())


def _keys(root: Schema, section: Schema, path: tuple[str, ...]) -> Iterator[Setting]:
    required = section.get("required", ())
    for name, schema in section["properties"].items():
        default = "required" if name in required else _default(root, schema)
        yield from _values(root, schema, (*path, name), default)


def _values(root: Schema, schema: Schema, path: tuple[str, ...], default: str) -> Iterator[Setting]:
    found = resolve(root, schema)
    entry = _entry(root, found)
    yield Setting(".".join(path), _takes(root, found), default, found.get("description", ""))
    if "properties" in (section := entry or found):
        yield from _keys(root, section, (*path, _NAMES) if entry else path)


def _takes(root: Schema, schema: Schema) -> str:
    if "properties" in schema:
        return "a section"
    entry = _entry(root, schema)
    if entry is None or schema.get("type") == "array":
        text = allowed(root, schema) if entry is None or "properties" not in entry else "a list of sections"
    elif "properties" in entry:
        text = f"{allowed(root, schema)}, each a section"
    else:
        text = f"{allowed(root, schema)}, each {allowed(root, entry)}"
    for pattern in {*_patterns(schema), *_patterns(entry or {})}:
        text = text.replace(pattern, f"`{pattern}`")
    return text


def _patterns(schema: Schema) -> Iterator[str]:
    yield from schema.get("patternProperties", ())
    if "pattern" in schema:
        yield schema["pattern"]


def _entry(root: Schema, schema: Schema) -> Schema | None:
    """Return what a list or a mapping of free names holds; None for any other value."""
    if schema.get("type") == "array":
        return resolve(root, schema["items"])
    forms = [schema.get("additionalProperties"), *schema.get("patternProperties", {}).values()]
    return next((resolve(root, form) for form in forms if isinstance(form, dict)), None)


def _default(root: Schema, schema: Schema) -> str:
    value = schema.get("default", _EMPTY.get(resolve(root, schema).get("type", "")))
    return "none" if value is None else f"`{json.dumps(value)}`"
