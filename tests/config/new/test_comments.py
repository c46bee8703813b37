"""Comments of a new stack file: those of the other one that are true of it, and no others."""

from __future__ import annotations

import re

import pytest

from config.new.layout import Layout
from tests.config.new.made import made, project
from tests.config.stackfile import PROD


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The new file by its region: one with three zones like prod's, one with two."""
    found = {}
    for region in ("eu-central-1", "sa-east-1"):
        path = made(project(tmp_path_factory.mktemp(region)), "shop", region=region)
        assert path is not None
        found[region] = path.read_text(encoding="utf-8")
    return found


def comments(text: str) -> list[str]:
    lines = text.splitlines()
    first = next(at for at, line in enumerate(lines) if line and not line.startswith("#"))
    return [comment.text for comment in Layout(text).comments() if comment.at[0] > first]


@pytest.mark.parametrize("region", ["eu-central-1", "sa-east-1"])
def test_no_comment_speaks_of_the_other_stack(region: str, texts: dict[str, str]) -> None:
    text = texts[region]
    new, old = comments(text), comments(PROD)
    stale = re.compile(r"[Pp]hoenix|[Ss]tandby|Pulumi\.dr|\bdr\b|us-east-1|10\.[01]\.|10\.10\.")
    assert [one for one in old if stale.search(one)], "or nothing is shown"
    assert not [one for one in new if stale.search(one)]


def test_where_nothing_else_changed_the_others_stay(texts: dict[str, str]) -> None:
    text = texts["eu-central-1"]
    new, old = comments(text), comments(PROD)
    assert len(set(old) & set(new)) > 0.85 * len(old)


def test_in_fewer_zones_no_comment_counts_by_the_old_ones(texts: dict[str, str]) -> None:
    text = texts["sa-east-1"]
    new = " ".join(comments(text))
    for gone in ("per AZ", "251 usable", "9 + 2 + 5 + 2"):
        assert gone in " ".join(comments(PROD))
        assert gone not in new
    for said in ("sa-east-1 has no 3 zones", "2 zones carry what 3 did", "begin with 15 nodes"):
        assert said in new


def test_what_is_true_of_a_comment_stays_up_to_what_is_not(texts: dict[str, str]) -> None:
    text = texts["eu-central-1"]
    assert "global_resources: true # IAM\n" in text
    assert "the document does not say where images come from\n" in text
    assert max(map(len, text.splitlines())) <= max(120, *map(len, PROD.splitlines()))
