"""The pages of docs/reference are up to date and whole."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from review.reference import __main__ as command
from review.reference import components, settings
from tests.config.leaves import schemas

if TYPE_CHECKING:
    from pathlib import Path

COUNT = re.compile(r"^\| `([^`]+)` ((?:\| +(?:\d+|-) +)+)\|$", re.MULTILINE)


@cache
def page(name: str) -> str:
    return command.PAGES[name]()


@pytest.mark.parametrize("name", ["settings.md", pytest.param("components.md", marks=pytest.mark.slow)])
def test_a_page_is_what_the_command_writes(name: str) -> None:
    assert (command.FOLDER / name).read_text(encoding="utf-8") == page(name), "run `make reference`"


def test_every_key_has_one_row_with_what_it_takes_its_default_and_its_meaning() -> None:
    rows = list(settings.settings())
    paths = [row.path for row in rows]
    assert {kind.rstrip(".*") for kind in schemas()} <= set(paths), "each setting of the schema"
    assert len(paths) == len(set(paths))
    assert [row.path for row in rows if not all(row)] == [], "a docstring below the field is its meaning"
    assert all(f"\n| `{path}` | " in page("settings.md") for path in paths)


def test_a_row_says_range_and_default() -> None:
    rows = {row.path: row for row in settings.settings()}
    assert rows["kubernetes.pgbouncer.replicas"].takes.startswith("a whole number from ")
    assert rows["network.nat"].default == '`"per_zone"`'
    assert rows["identity.extra_tags"].default == "`{}`", "made by a factory"
    assert (rows["edge.cdn"].takes, rows["edge.cdn"].default) == ("a section", "none")
    assert rows["identity.account_id"].default == "required"


@pytest.mark.slow
def test_the_numbers_of_a_stack_are_all_of_its_resources() -> None:
    rows = [counts.split("|")[1:] for _, counts in COUNT.findall(page("components.md"))]
    sums = [sum(int(one) for one in column if one.strip() != "-") for column in zip(*rows, strict=True)]
    assert sums == [sum(one.custom or one.remote for one in graph.resources) for graph in components.graphs().values()]


@pytest.mark.slow
def test_every_component_is_found_with_its_class() -> None:
    text = page("components.md")
    assert text.count("Made by no component.") == 1, "providers and references only"
    assert "### `platform:edge:Front`\n\n[Cdn](../../components/edge/cdn.py): " in text


def test_check_names_a_stale_page_and_writing_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "FOLDER", tmp_path / "reference")
    monkeypatch.setattr(command, "PAGES", {"one.md": lambda: "as it is"})
    assert command.main(["--check"]) == 1
    assert "docs/reference/one.md is not up to date; run `make reference`" in capsys.readouterr().out
    assert command.main([]) == 0
    assert command.main(["--check"]) == 0
    assert (tmp_path / "reference" / "one.md").read_text(encoding="utf-8") == "as it is"
