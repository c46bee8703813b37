"""The small stack with what is for the future, as the pack and the review see it."""

from __future__ import annotations

from datetime import date

from review.cost.rest import at_rest
from review.verdict import judge
from tests.config.futurefile import recorded


def test_the_pack_has_nothing_against_it_and_the_review_prices_its_door() -> None:
    graph = recorded()
    day = date(2026, 12, 1)
    assert [one.message for one in judge(graph, environment="prod", today=day).blocking] == []
    rest = at_rest(graph, day)
    assert {str(one.monthly) for one in rest.lines if one.item.what == "accelerator"} == {"18.250"}
    assert [one.what for one in rest.unpriced if "pollers" in one.what] == ["1 pollers of a topic"]
