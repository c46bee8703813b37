"""The shape table: what the bridge calls each property and whether it is a list, derived once from its schema.

Asking the bridge for its schema takes 20 s and 1.5 GB, so the facts needed are cut out once and kept as a SQLite file
in the cache, keyed by provider version and by this module's format. A warm start reads two rows. Two plugins that
start at once on an empty cache derive it once: the second waits for the first.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import json
import os
import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
"""Raise when the meaning of the rows changes; older files are then left alone and a new one is derived."""

VERSION = re.compile(r"terraform-provider-aws_v(?P<version>\d+\.\d+\.\d+)")
REFERENCE = "#/types/"
CONFIG = "config"
OPAQUE = "any"
"""A value no nested type of the schema describes (the provider itself, in one function): passed on as it is."""


@dataclass(frozen=True)
class BridgeKind:
    """Shape of one bridge property, in the same words as `sdk.Kind`; scalars are `string`, `boolean`, `number`."""

    shape: str
    item: BridgeKind | None = None
    type_name: str = ""


@dataclass(frozen=True)
class BridgeType:
    """Inputs and outputs of one bridge resource or function."""

    inputs: dict[str, BridgeKind]
    outputs: dict[str, BridgeKind]


def provider_version(provider: Path) -> str:
    """Version of a Terraform AWS provider binary, from its file name (links are followed), or `unknown`."""
    found = VERSION.search(provider.resolve().name)
    return found["version"] if found else "unknown"


def table_path(cache: Path, provider: Path, bridge: Path) -> Path:
    """File of the shape table for this pair of provider and bridge."""
    sizes = f"{provider.stat().st_size:x}-{bridge.stat().st_size:x}"
    return cache / f"aws-shapes-{provider_version(provider)}-{sizes}-f{FORMAT}.sqlite"


def _encode(spec: dict[str, Any], numbers: dict[str, int]) -> Any:  # noqa: ANN401 a JSON value
    """Compact form of a schema type: a scalar's name, `["list", item]`, `["map", item]` or `["object", number]`.

    Nested types go by number: their names repeat the whole path and would make up nine tenths of the file.
    """
    if "$ref" in spec:
        number = numbers.get(spec["$ref"].removeprefix(REFERENCE))
        return OPAQUE if number is None else ["object", str(number)]
    if spec.get("type") == "array":
        return ["list", _encode(spec["items"], numbers)]
    if spec.get("type") == "object":
        return ["map", _encode(spec.get("additionalProperties", {"type": "string"}), numbers)]
    return {"integer": "number"}.get(spec.get("type", "string"), spec.get("type", "string"))


def _decode(code: Any) -> BridgeKind:  # noqa: ANN401 a JSON value
    if isinstance(code, str):
        return BridgeKind("scalar", type_name=code)
    shape, inner = code
    return BridgeKind(shape, type_name=inner) if shape == "object" else BridgeKind(shape, item=_decode(inner))


def rows(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Rows of the table (key, JSON) for a Pulumi package schema."""
    numbers = {token: number for number, token in enumerate(schema["types"])}

    def fields(holder: dict[str, Any] | None, name: str) -> dict[str, Any]:
        properties = (holder or {}).get(name) or {}
        return {key: _encode(spec, numbers) for key, spec in properties.items()}

    for token, spec in schema["resources"].items():
        yield f"r:{token}", json.dumps([fields(spec, "inputProperties"), fields(spec, "properties")])
    for token, spec in schema["functions"].items():
        yield (
            f"r:{token}",
            json.dumps([fields(spec.get("inputs"), "properties"), fields(spec.get("outputs"), "properties")]),
        )
    for token, spec in schema["types"].items():
        yield f"t:{numbers[token]}", json.dumps(fields(spec, "properties"))
    yield f"t:{CONFIG}", json.dumps(fields(schema["config"], "variables"))
    yield "tokens", json.dumps([*schema["resources"], *schema["functions"]])


def write(path: Path, schema: dict[str, Any]) -> None:
    """Write the table of a schema; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        with contextlib.closing(sqlite3.connect(draft)) as connection, connection:
            connection.execute("create table shape (key text primary key, body text not null) without rowid")
            connection.executemany("insert into shape values (?, ?)", rows(schema))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Derivation:
    """The right to derive a table; taking it waits for another process that does. Entering yields whether to do it.

    Args:
        path: The table's file.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = path.with_suffix(".lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def __enter__(self) -> bool:
        return not self._path.exists()

    def __exit__(self, *_: object) -> None:
        self._lock.close()


class ShapeTable:
    """Read access to a derived table.

    Args:
        path: A file written by `write`.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self._row = functools.cache(self._read)

    def _read(self, key: str) -> Any:  # noqa: ANN401 a JSON value
        found = self._connection.execute("select body from shape where key = ?", (key,)).fetchone()
        if found is None:
            raise KeyError(f"the shape table has no {key}")
        return json.loads(found[0])

    def tokens(self) -> list[str]:
        """Every resource and function token of the bridge."""
        return list(self._row("tokens"))

    @functools.cached_property
    def config(self) -> dict[str, BridgeKind]:
        """Properties of the provider's own configuration."""
        return self.nested(CONFIG)

    def resource(self, token: str) -> BridgeType:
        """Inputs and outputs of a bridge token; raises `KeyError` for a token that is not in `tokens()`."""
        inputs, outputs = self._row(f"r:{token}")
        return BridgeType(
            {name: _decode(code) for name, code in inputs.items()},
            {name: _decode(code) for name, code in outputs.items()},
        )

    def nested(self, type_name: str) -> dict[str, BridgeKind]:
        """Properties of a nested bridge type."""
        return {name: _decode(code) for name, code in self._row(f"t:{type_name}").items()}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
