"""A key with nothing behind it, as commenting a section's body out leaves one, is refused wherever it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from config import schema
from config.document import Document
from config.stack import StackConfig
from tests.config.schema_check import faults
from tests.config.stackfile import PROD, SETTINGS, changed, problems_of, reported
from tests.config.test_partial import paths, problems, with_value

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = schema.stack_file_schema()


def without_body(section: str) -> tuple[str, int]:
    """Return prod's file with what stands under a section commented out, and the line of the section."""
    body = re.search(rf"^    {section}:.*\n((?:      .*\n)+)", PROD, re.MULTILINE)
    assert body is not None
    text = PROD.replace(body[1], re.sub("^", "#", body[1], flags=re.MULTILINE).removesuffix("#"))
    return text, PROD.count("\n", 0, body.start()) + 1


@pytest.mark.parametrize("section", [name for name, value in SETTINGS.items() if isinstance(value, dict)])
def test_a_section_whose_body_is_commented_out_is_refused_and_not_left_out_in_silence(
    section: str, tmp_path: Path
) -> None:
    text, line = without_body(section)
    (problem,) = (one for one in problems_of(text, tmp_path) if one.path == (section,))
    assert (problem.what, problem.line, problem.got) == ("empty", line, "null")
    required = StackConfig.model_fields[section].is_required()
    assert problem.fix.startswith("write it out: " if required else "write it out, or remove the key: ")
    marked = list(faults(Document(text, "f.yaml").values, SCHEMA, SCHEMA["$defs"]))
    assert marked == [f".config.platform:settings.{section}: of the wrong type"], "an editor marks it, too"


@pytest.mark.slow
def test_null_is_refused_at_every_place_of_prod_and_once() -> None:
    places = paths(SETTINGS)
    assert len(places) > 900
    for path in places[:: max(1, len(places) // 60)]:
        about = [line for line in problems(with_value(path, None)) if ": empty; got: null" in line]
        assert len(about) == 1, (path, about)


def test_an_empty_entry_of_a_list_and_of_a_mapping_is_refused(tmp_path: Path) -> None:
    text = changed(("zones: [a, b, c]", "zones: [a, b, ~]"), ("        gpu:\n", "        gpu2:\n        gpu:\n"))
    lines = reported(text, tmp_path)
    assert any("network.zones[2]: empty; got: ~ (read as null)" in line for line in lines)
    assert any("cluster.node_groups.gpu2: empty; got: null" in line for line in lines)


def test_a_misspelt_key_with_nothing_behind_it_is_reported_as_misspelt_only(tmp_path: Path) -> None:
    text = changed(("      nat: per_zone", "      nat: per_zone\n      peer:"))
    (line,) = reported(text, tmp_path)
    assert "network.peer: unknown key; got: null" in line
    assert line.endswith("did you mean `peers`?")
