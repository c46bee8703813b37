"""Tasks are split over capacity providers by base and weight, one by one as all at once."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.emulator.tasks.capacity import following, overfull, split

Strategy = list[dict[str, object]]


@st.composite
def strategies(draw: st.DrawFn) -> list[dict[str, int | str]]:
    """Strategies that ECS takes: one base at most, one weight at least."""
    weights = draw(st.lists(st.integers(0, 12), min_size=1, max_size=3).filter(any))
    based = draw(st.integers(0, len(weights) - 1))
    base = draw(st.integers(0, 6))
    return [
        {"capacityProvider": f"p{number}", "base": base if number == based else 0, "weight": weight}
        for number, weight in enumerate(weights)
    ]


@given(strategies(), st.integers(0, 80))
def test_all_tasks_are_placed_the_base_first(strategy: list[dict[str, int | str]], tasks: int) -> None:
    counts = split(strategy, tasks)
    assert sum(counts.values()) == tasks
    for item in strategy:
        count, base = counts[str(item["capacityProvider"])], int(item["base"])
        assert count >= min(base, tasks)
        assert item["weight"] or count <= base, "without a weight it has its base only"


@given(strategies(), st.integers(0, 8))
def test_shares_are_exact_where_they_are_whole(strategy: list[dict[str, int | str]], rounds: int) -> None:
    base, whole = sum(int(one["base"]) for one in strategy), sum(int(one["weight"]) for one in strategy)
    counts = split(strategy, base + rounds * whole)
    for item in strategy:
        assert counts[str(item["capacityProvider"])] == int(item["base"]) + rounds * int(item["weight"])


@given(strategies(), st.integers(0, 60))
def test_one_task_more_changes_one_provider(strategy: list[dict[str, int | str]], tasks: int) -> None:
    before, after = split(strategy, tasks), split(strategy, tasks + 1)
    chosen = following(strategy, before)
    assert after == {**before, chosen: before[chosen] + 1}


@given(st.integers(0, 9), st.integers(1, 9), st.integers(0, 5), st.integers(0, 60))
def test_of_two_providers_none_is_a_task_off(first: int, second: int, base: int, tasks: int) -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "base": base, "weight": first},
        {"capacityProvider": "FARGATE_SPOT", "weight": second},
    ]
    beyond = max(0, tasks - base)
    assert abs(split(strategy, tasks)["FARGATE_SPOT"] - Fraction(beyond * second, first + second)) < 1


@given(strategies(), st.integers(0, 40), st.integers(0, 40))
def test_a_split_of_more_is_over_where_it_has_more(
    strategy: list[dict[str, int | str]], desired: int, more: int
) -> None:
    counts = split(strategy, desired + more)
    target = split(strategy, desired)
    assert sorted(overfull(strategy, counts, desired)) == sorted(name for name in counts if counts[name] > target[name])


@pytest.mark.parametrize(
    ("tasks", "fargate", "spot"), [(0, 0, 0), (1, 1, 0), (2, 2, 0), (3, 2, 1), (5, 3, 2), (6, 3, 3), (10, 4, 6)]
)
def test_examples(tasks: int, fargate: int, spot: int) -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "base": 2, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 3},
    ]
    assert split(strategy, tasks) == {"FARGATE": fargate, "FARGATE_SPOT": spot}
