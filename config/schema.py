"""`python -m config.schema [--check]`: write the JSON schema of a whole stack file, with which editors complete it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from config.document import SETTINGS
from config.files import TOP_LEVEL
from config.stack import StackConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH: Final = Path(__file__).with_name("schema.json")
"""Where the schema is kept."""


def stack_file_schema() -> dict[str, Any]:
    """Return the JSON schema of a stack file as the engine reads it, with the typed settings inside."""
    settings = StackConfig.model_json_schema()
    definitions = settings.pop("$defs")
    _close(definitions)
    _close(settings)
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
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of the platform program",
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
            schema["uniqueItems"] = True
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


def text() -> str:
    """Return the schema as it is written to the file."""
    return json.dumps(stack_file_schema(), indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the schema to its place; with `--check` only tell whether it is there already, and return 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m config.schema", description="Write the schema of stack files.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is not up to date")
    if not parser.parse_args(arguments).check:
        PATH.write_text(text(), encoding="utf-8")
        return 0
    if PATH.is_file() and PATH.read_text(encoding="utf-8") == text():
        return 0
    sys.stdout.write(f"{PATH.name} is not what the models say; run `python -m config.schema`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
