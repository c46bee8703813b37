"""The project's own bases: small, named by the schema that fits, and of use to a stack."""

from __future__ import annotations

from typing import Any

import pytest

from config import schema
from config.bases import EXTENDS, FOLDER
from config.document import SETTINGS, Document
from config.files import ROOT, alternatives, stack_file, stack_files
from tests.config.schema_check import faults

BASES = sorted((ROOT / FOLDER).glob("*"))
BY_CHOICE = ("tier-",)
"""Beginnings of bases that a stack chooses one of; each is tried by tests/config/test_recovery_tier.py."""
LONGEST = {"prod": 300, "dr": 150, "auctions": 150, "agents": 150, "records": 150, "records-dr": 150, "realestate": 150}
"""Lines that a stack file may have, where it says only what its bases do not."""


def extended(stack: str) -> list[str]:
    values: Any = Document(stack_file(stack).read_bytes(), "").values
    return list(values[SETTINGS[0]][SETTINGS[1]].get(EXTENDS, ()))


@pytest.mark.parametrize("path", BASES, ids=lambda path: path.name)
def test_a_base_is_extended_and_names_its_schema(path: Any) -> None:  # noqa: ANN401 - a path
    used = any(f"{FOLDER}/{path.name}" in extended(stack) for stack in (*stack_files(), *alternatives()))
    assert used or path.name.startswith(BY_CHOICE)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../config/schema-base.json\n#\n# ")
    rule = schema.base_schema()
    assert list(faults(Document(text, path.name).values, rule, rule["$defs"])) == []


@pytest.mark.parametrize("stack", stack_files())
def test_a_stack_file_names_the_schema_of_what_it_is_and_is_valid_by_it(stack: str) -> None:
    name = "schema-layered.json" if extended(stack) else "schema.json"
    text = stack_files()[stack].read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema=config/{name}\n")
    rule = schema.schemas()[name]
    assert list(faults(Document(text, stack).values, rule, rule["$defs"])) == []


@pytest.mark.parametrize("stack", LONGEST)
def test_a_stack_file_says_only_what_its_bases_do_not(stack: str) -> None:
    lines = stack_files()[stack].read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST[stack]
    assert len(extended(stack)) > 2
