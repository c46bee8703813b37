"""`python -m config.schema [--check]`: write the JSON schemas with which editors complete stack files and bases."""

from __future__ import annotations

import argparse
import copy
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from config.bases import EXTENDS, FORM
from config.document import SETTINGS
from config.files import TOP_LEVEL
from config.stack import StackConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER: Final = Path(__file__).parent
"""Where the schemas are kept."""
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_EXTENDS: Final = {
    "type": "array",
    "description": "Bases of this stack file. Mappings merge key by key, later wins, the stack file last; a list "
    "replaces another as a whole; null takes a key away.",
    "items": {"type": "string", "pattern": f"^{FORM}$"},
    "minItems": 1,
    "uniqueItems": True,
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each kind of file by the name that it is kept under."""
    return {
        "schema.json": stack_file_schema(),
        "schema-layered.json": layered_schema(),
        "schema-base.json": base_schema(),
    }


def stack_file_schema() -> dict[str, Any]:
    """Return the JSON schema of a stack file without bases as the engine reads it, with the typed settings inside."""
    settings, definitions = _settings()
    return _stack_file("Stack file of the platform program", settings, definitions)


def layered_schema() -> dict[str, Any]:
    """Return the JSON schema of a stack file with bases: it may leave everything to them."""
    settings, definitions = _settings()
    _part(settings)
    _part(*definitions.values())
    settings["properties"] = {EXTENDS: _EXTENDS, **settings["properties"]}
    settings["required"] = [EXTENDS]
    return _stack_file("Stack file of the platform program that extends bases", settings, definitions)


def base_schema() -> dict[str, Any]:
    """Return the JSON schema of a base: settings of which none is required, and which null may take away."""
    settings, definitions = _settings()
    _part(settings)
    _part(*definitions.values())
    title = "Base that stack files of the platform program extend"
    return {"$schema": _DRAFT, **settings, "title": title, "$defs": definitions}


def _settings() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of the settings, and of the sections that it refers to, as the caller's own."""
    return copy.deepcopy(_closed())


@cache
def _closed() -> tuple[dict[str, Any], dict[str, Any]]:
    settings = StackConfig.model_json_schema()
    definitions: dict[str, Any] = settings.pop("$defs")
    _close(definitions)
    _close(settings)
    return settings, definitions


def _stack_file(title: str, settings: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    secrets = {key: {"type": "string", "description": "Written by the engine."} for key in TOP_LEVEL[1:4]}
    environment = {"description": "Pulumi ESC environments of the stack.", "type": ["array", "object"]}
    config = {
        "type": "object",
        "description": "Configuration of the stack. The program reads `platform:settings` and nothing else.",
        "properties": {SETTINGS[1]: settings},
        "patternProperties": {"^pulumi:": {"description": "Read by the engine."}},
        "required": [SETTINGS[1]],
        "additionalProperties": False,
    }
    return {
        "$schema": _DRAFT,
        "title": title,
        "type": "object",
        "properties": {SETTINGS[0]: config, **secrets, "environment": environment},
        "required": [SETTINGS[0]],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _close(schema: object) -> None:
    """Say what the models refuse beyond their fields: keys out of form, entries given twice, keys without a value."""
    if isinstance(schema, dict):
        if schema.get("type") == "array":
            schema.setdefault("uniqueItems", True)
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        if {"type": "null"} in schema.get("anyOf", ()):
            (real,) = (one for one in schema.pop("anyOf") if one != {"type": "null"})
            schema.pop("default", None)
            schema.update(real)
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)


def _part(*schemas: dict[str, Any]) -> None:
    """Make schemas those of a part: nothing is required, and null stands for a key that is taken away."""
    for schema in schemas:
        schema.pop("required", None)
        schema.pop("minProperties", None)
        for keys in ("properties", "patternProperties"):
            for name, one in schema.get(keys, {}).items():
                _part(one)
                schema[keys][name] = _or_null(one)
        if isinstance(schema.get("additionalProperties"), dict):
            _part(schema["additionalProperties"])
            schema["additionalProperties"] = _or_null(schema["additionalProperties"])


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    said = {key: one for key, one in schema.items() if key in ("description", "title")}
    return {"anyOf": [{key: one for key, one in schema.items() if key not in said}, {"type": "null"}], **said}


def text(schema: dict[str, Any]) -> str:
    """Return a schema as it is written to its file."""
    return json.dumps(schema, indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the schemas to their places; with `--check` only report whether they are there, and return 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m config.schema", description="Write the schemas of stack files.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not up to date")
    check, stale = parser.parse_args(arguments).check, False
    for name, schema in schemas().items():
        path = FOLDER / name
        if not check:
            path.write_text(text(schema), encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text(schema):
            sys.stdout.write(f"{name} is not what the models say; run `python -m config.schema`\n")
            stale = True
    return int(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
