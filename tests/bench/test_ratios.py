"""Medians, ratios and exponents are what they are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench import jobs
from tests.bench.commands import Run
from tests.bench.processes import Part
from tests.bench.ratios import exponent, median, ratio

POSITIVE = st.floats(min_value=1e-3, max_value=1e6)
VALUES = st.lists(POSITIVE, min_size=1, max_size=9)


@given(POSITIVE, st.floats(min_value=-1, max_value=3), st.sets(st.integers(1, 10_000), min_size=2, max_size=6))
def test_the_exponent_of_a_power_is_that_power(factor: float, power: float, sizes: set[int]) -> None:
    assert exponent({size: factor * size**power for size in sizes}) == pytest.approx(power, abs=1e-6)


@given(st.dictionaries(st.integers(1, 10_000), POSITIVE, min_size=2), POSITIVE)
def test_the_exponent_does_not_depend_on_the_unit(costs: dict[int, float], factor: float) -> None:
    scaled = {size: cost * factor for size, cost in costs.items()}
    assert exponent(scaled) == pytest.approx(exponent(costs), abs=1e-5, rel=1e-5)


@pytest.mark.parametrize("costs", [{}, {250: 1.0}, {250: 1.0, 500: 0.0}, {0: 1.0, 500: 1.0}])
def test_an_exponent_that_cannot_be_known_is_refused(costs: dict[int, float]) -> None:
    with pytest.raises(ValueError, match=r"exponent takes|above 0"):
        exponent(costs)


@given(VALUES)
def test_half_of_the_values_are_at_most_the_median_and_half_at_least(values: list[float]) -> None:
    found = median(values)
    assert 2 * sum(value <= found for value in values) >= len(values)
    assert 2 * sum(value >= found for value in values) >= len(values)


@given(VALUES, VALUES)
def test_a_ratio_turned_round_is_its_inverse(above: list[float], below: list[float]) -> None:
    assert ratio(above, below) * ratio(below, above) == pytest.approx(1)


def test_the_median_of_nothing_and_a_ratio_to_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        median([])
    with pytest.raises(ValueError, match="not known"):
        ratio([1.0], [0.0])


def test_each_part_has_its_own_medians_and_one_that_was_not_there_took_nothing() -> None:
    runs = [Run(1, 1, "", {"CLI": Part(seconds, size)}) for seconds, size in ((3, 10), (1, 30), (2, 20))]
    runs[0].parts["pack"] = Part(9, 90)  # type: ignore[index] # a dict, given above
    assert jobs.medians(runs) == {"CLI": Part(2, 20), "pack": Part(0, 0)}
    assert jobs.sums(runs, ("CLI", "pack")) == [12, 1, 2]


def test_a_part_that_is_mostly_its_start_has_no_exponent() -> None:
    parts = {size: {"program": Part(size / 100), "CLI": Part(0.3)} for size in jobs.SIZES}
    assert jobs.growths(parts) == {"program": pytest.approx(1)}
