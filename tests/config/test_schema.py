"""The JSON schema of stack files, which editors complete and check with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from config import schema
from config.document import Document
from tests.config.layered import HOUSE, SYSTEM, divided
from tests.config.schema_check import faults
from tests.config.stackfile import NAME, PROD, changed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = schema.stack_file_schema()
SCHEMAS = schema.schemas()


def checked(text: str) -> list[str]:
    return list(faults(Document(text, "f.yaml").values, SCHEMA, SCHEMA["$defs"]))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_committed_schema_is_what_the_models_say(name: str) -> None:
    written = (schema.FOLDER / name).read_text(encoding="utf-8")
    assert written == schema.text(SCHEMAS[name]), "run `python -m config.schema`"


@pytest.mark.slow
def test_check_reports_stale_schemas_and_writing_mends_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    assert schema.main([]) == 0
    stale = list(SCHEMAS)[1:]
    for name in stale:
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert schema.main(["--check"]) == 1
    said = [f"{name} is not what the models say; run `python -m config.schema`" for name in stale]
    assert capsys.readouterr().out.splitlines() == said
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0
    assert {name: json.loads((tmp_path / name).read_text(encoding="utf-8")) for name in SCHEMAS} == SCHEMAS


def test_prod_is_valid_with_what_the_engine_adds_to_it() -> None:
    assert checked(PROD) == []
    assert checked(f"{PROD}encryptionsalt: v1:abc:def\nsecretsprovider: passphrase\n") == []


@pytest.mark.parametrize(
    ("swap", "fault"),
    [
        (("    network:\n", "    netwrok:\n"), ".config.platform:settings: knows no netwrok"),
        (("shards: 3", 'shards: "3"'), ".config.platform:settings.data.redis.shards: of the wrong type"),
        (
            ("size_gib: 200", "size_gib: -200"),
            ".config.platform:settings.cluster.node_groups.gpu.root_volume.size_gib: too small",
        ),
        (("region: us-east-1", "region: us-east-9"), ".config.platform:settings.identity.region: not among"),
        (("        gpu:\n", "        GPU:\n"), ".config.platform:settings.cluster.node_groups: knows no GPU"),
        (("config:\n", "config:\n  aws:region: x\n"), ".config: knows no aws:region"),
        (("config:\n", "stack: prod\nconfig:\n"), ": knows no stack"),
    ],
)
def test_an_editor_marks(swap: tuple[str, str], fault: str) -> None:
    assert any(one.startswith(fault) for one in checked(changed(swap)))


def test_every_field_is_explained() -> None:
    silent = [
        f"{name}.{field}"
        for name, rule in SCHEMA["$defs"].items()
        for field, shape in rule.get("properties", {}).items()
        if not shape.get("description")
    ]
    silent += [name for name, rule in SCHEMA["$defs"].items() if not rule.get("description")]
    assert silent == [], "a docstring is what the reader of a stack file sees"


def test_no_section_takes_unknown_keys() -> None:
    sections = [rule for rule in SCHEMA["$defs"].values() if rule.get("type") == "object"]
    assert len(sections) > 20
    assert all(rule["additionalProperties"] is False for rule in sections)


WORDS_OF_YAML_1_1 = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ""})
"""Plain words that readers of YAML 1.1 take for a truth value or for nothing, whatever their case."""


def keys(rule: object) -> Iterator[str]:
    """Yield every key that a schema knows by name."""
    if isinstance(rule, dict):
        yield from rule.get("properties", {})
        yield from map(str, rule.get("propertyNames", {}).get("enum", ()))
    children = rule.values() if isinstance(rule, dict) else rule if isinstance(rule, list) else ()
    for child in children:
        yield from keys(child)


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_key_is_read_as_something_else_by_another_reader_of_yaml(name: str) -> None:
    """The engine reads YAML 1.2; editors, formatters and PyYAML read 1.1, to which `on` is true."""
    known = list(keys(SCHEMAS[name]))
    assert len(known) > 300
    assert [key for key in known if key.lower() in WORDS_OF_YAML_1_1 or yaml.safe_load(key) != key] == []


@pytest.mark.parametrize("word", sorted(WORDS_OF_YAML_1_1))
def test_such_a_key_would_be_seen(word: str) -> None:
    assert word in set(keys({"$defs": {"Section": {"properties": {word: {}}}}}))


LAYERED, BASE = SCHEMAS["schema-layered.json"], SCHEMAS["schema-base.json"]


def checked_layers(files: dict[str, str]) -> list[str]:
    """Return what an editor marks in a stack file that extends bases, and in its bases."""
    values = {name: Document(text, name).values for name, text in files.items()}
    rules = {name: LAYERED if name == NAME else BASE for name in files}
    return [fault for name, rule in rules.items() for fault in faults(values[name], rule, rule["$defs"], name)]


def test_a_stack_file_that_extends_bases_and_its_bases_are_valid() -> None:
    assert checked_layers(divided()) == []


@pytest.mark.parametrize(
    ("file", "swap", "fault"),
    [
        (NAME, ("      nat: per_zone", "      nat: perzone"), f"{NAME}.config.platform:settings.network.nat: none of"),
        (NAME, ("    network:\n", "    netwrok:\n"), f"{NAME}.config.platform:settings: knows no netwrok"),
        (NAME, ("bases/house.yaml", "house.yaml"), f"{NAME}.config.platform:settings.extends[0]: not of the form"),
        (
            NAME,
            ("extends: [bases/house.yaml, bases/system.yaml]", "extends: []"),
            f"{NAME}.config.platform:settings.extends: too short",
        ),
        (HOUSE, ("keys:\n", "kyes:\n"), f"{HOUSE}: knows no kyes"),
        (HOUSE, ("keys:\n", "extends: [bases/system.yaml]\nkeys:\n"), f"{HOUSE}: knows no extends"),
        (SYSTEM, ("port: 443", 'port: "443"'), f"{SYSTEM}.kubernetes"),
    ],
)
def test_an_editor_marks_in_layers(file: str, swap: tuple[str, str], fault: str) -> None:
    files = divided()
    found = checked_layers({**files, file: changed(swap, text=files[file])})
    assert found, "something is marked"
    assert any(fault.startswith(one.partition(": ")[0]) for one in found), found


@pytest.mark.parametrize("place", ["management", "nat", "tiers"])
def test_null_takes_away_in_a_layer_and_nowhere_else(place: str) -> None:
    value = {place: None} if place == "management" else {"network": {place: None}}
    assert list(faults(value, BASE, BASE["$defs"])) == []
    whole = {"config": {"platform:settings": value}}
    assert list(faults(whole, SCHEMA, SCHEMA["$defs"])) != []
