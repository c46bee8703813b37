"""The JSON schema of stack files, which editors complete and check with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from config import schema
from config.document import Document
from tests.config.schema_check import faults
from tests.config.stackfile import PROD, changed

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = schema.stack_file_schema()


def checked(text: str) -> list[str]:
    return list(faults(Document(text, "f.yaml").values, SCHEMA, SCHEMA["$defs"]))


def test_the_committed_schema_is_what_the_models_say() -> None:
    assert schema.PATH.read_text(encoding="utf-8") == schema.text(), "run `python -m config.schema`"


def test_check_tells_a_stale_schema_and_writing_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema, "PATH", tmp_path / "schema.json")
    assert schema.main(["--check"]) == 1
    assert "python -m config.schema" in capsys.readouterr().out
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == SCHEMA


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
