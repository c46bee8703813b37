"""Whoever asks for a resource or a setting hears where it comes from, what hangs on it, and what a change does."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from config.files import read_file, stack_file
from review import explain
from tests.components.recording import recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

STACK = "prod"


@cache
def resource(name: str) -> dict[str, Sequence[str]]:
    """Return what is said of a resource, by question."""
    (one,) = explain.named(name, recorded(STACK))
    return dict(explain.of_resource(one, read_file(stack_file(STACK)), recorded(STACK)).facts)


@cache
def setting(path: str) -> dict[str, Sequence[str]]:
    """Return what is said of a setting, by question."""
    (one,) = explain.of_setting(STACK, path, read_file(stack_file(STACK)), recorded(STACK))
    return dict(one.facts)


def test_a_database_is_explained_from_its_line_to_its_price() -> None:
    found = resource("data-postgres-primary")
    assert found["is"] == ("aws:rds/instance:Instance",)
    assert found["stands"][0].startswith("Pulumi.prod.yaml:")
    assert "data-postgres-subnets" in found["waits for"]
    assert "data-postgres-reader-b" in found["is waited for by"]
    assert any("holds data" in one for one in found["if it goes"])
    assert any("USD a month" in one for one in found["costs"])
    assert "rds-storage-encrypted" in found["is judged by"]
    assert "storageEncrypted" in found["made anew by a change of"]
    assert "instanceClass" not in found["made anew by a change of"]


def test_what_costs_nothing_and_holds_nothing_says_nothing_of_it() -> None:
    found = resource("data-postgres-subnets")
    assert "costs" not in found
    assert not any("holds data" in one for one in found["if it goes"])


def test_a_setting_says_what_a_change_of_it_does_and_what_it_makes() -> None:
    found = setting("data.postgres.instance_class")
    assert "window" in found["a change"][0]
    assert "data-postgres-primary" in found["makes"]
    assert found["stands"][0].endswith(".yaml:79") or ".yaml:" in found["stands"][0]


def test_a_default_stands_nowhere() -> None:
    assert setting("cluster.traces")["stands"] == ("nowhere: it is the default",)


def test_a_decision_beside_a_line_is_named_with_its_page() -> None:
    lines = stack_file(STACK).read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "(ADR 00" in line and " # " in line)
    said, *pages = explain._beside(stack_file(STACK).name, number)
    assert "ADR" in said
    assert pages
    assert pages[0].startswith("docs/adr/00")


@pytest.mark.parametrize(
    ("name", "near"), [("data-postgres-primari", "data-postgres-primary"), ("data.postgre.tier", "data.postgres")]
)
def test_a_name_that_nothing_has_is_refused_with_what_is_near(
    name: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain.main([STACK, name]) == 2
    assert near in capsys.readouterr().err


def test_people_see_a_few_and_programs_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main([STACK, "data-postgres-primary"]) == 0
    assert "more" in capsys.readouterr().out
    assert explain.main([STACK, "data-postgres-primary", "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)
    assert said["is judged by"] == list(resource("data-postgres-primary")["is judged by"])
