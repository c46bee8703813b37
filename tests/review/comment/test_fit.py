"""A comment fits: what matters least goes first, fences and folds are whole, and what is left out is counted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.comment.fit import LIMIT, Section, fit

LINES = st.lists(st.text("ab `|", min_size=1, max_size=60), max_size=40).map(tuple)


@st.composite
def parts(draw: st.DrawFn) -> list[Section]:
    first = Section(title="", lines=("verdict",), rank=0)
    fenced = [
        Section(title=f"part {rank}", lines=draw(LINES), rank=rank, opening=("```text",), closing=("```",),
                folded=draw(st.booleans()), whole=draw(st.booleans()))
        for rank in range(1, draw(st.integers(1, 5)))
    ]  # fmt: skip
    return [first, *fenced]


@given(parts(), st.integers(1_000, 6_000))
@settings(max_examples=200)
def test_it_is_never_longer_and_never_left_open(sections: list[Section], limit: int) -> None:
    text = fit(sections, limit)
    assert len(text) <= limit
    assert text.startswith("verdict")
    fences = [line for line in text.splitlines() if line in ("```text", "```")]
    assert fences == ["```text", "```"] * (len(fences) // 2)
    assert text.count("<details>") == text.count("</details>")


@given(parts(), st.integers(1_000, 6_000))
def test_what_is_left_out_is_counted_and_matters_less_than_what_stays(sections: list[Section], limit: int) -> None:
    text = fit(sections, limit)
    for one in sections:
        if one.title and one.lines:
            gone = re.search(
                rf"{one.title}\b.*?_(\d+) more lines", text.partition(f"part {one.rank + 1}")[0], re.DOTALL
            )
            kept = one.lines[: len(one.lines) - int(gone[1])] if gone else one.lines
            assert all(line.replace("`", "'") in text for line in kept)
    short = [one.rank for one in sections if f"part {one.rank}" in text and "more lines" in _of(text, one.rank)]
    assert short == [one.rank for one in sections if one.lines and one.rank >= min(short, default=99)]


def _of(text: str, rank: int) -> str:
    return text.partition(f"part {rank}")[2].partition(f"part {rank + 1}")[0]


def test_forty_stacks_with_five_thousand_changes_fit() -> None:
    line = "update Instance data-postgres-primary: instanceClass db.r6g.large -> db.r6g.xlarge  [Pulumi.x.yaml:42 data]"
    first = Section(title="", lines=("verdict",), rank=0)
    details = [
        Section(title=f"All of s{n}", lines=(line,) * 125, rank=6, opening=("```text",), closing=("```",), folded=True)
        for n in range(40)
    ]
    text = fit([first, Section(title="Needs your eyes", lines=(line,) * 100, rank=1), *details])
    assert 30_000 < len(text) <= LIMIT
    assert text.count(line) >= 100, "what needs eyes stays whole"


def test_what_is_never_left_out_has_to_fit() -> None:
    with pytest.raises(ValueError, match="never left out"):
        fit([Section(title="", lines=("x" * 900,) * 3, rank=0)], 1_000)
