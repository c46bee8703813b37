"""The arithmetic of the bench: medians, ratios, and how fast a cost grows."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def median(values: Sequence[float]) -> float:
    """Return the median; a run that the machine was busy in does not move it.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values; the median of nothing is not known")
    return statistics.median(values)


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return how many times larger the median of the first values is than that of the second.

    Raises:
        ValueError: There are no values, or the second median is not above 0.
    """
    under = median(below)
    if under <= 0:
        raise ValueError(f"a ratio to {under} is not known")
    return median(above) / under


def exponent(costs: Mapping[int, float]) -> float:
    """Return e of the curve `cost = a * size ** e` that fits best: least squares of the logarithms.

    1 is proportional, 2 quadratic; a fixed share of the cost (a start) makes it smaller.

    Args:
        costs: Size -> cost; both above 0.

    Raises:
        ValueError: Fewer than two sizes, or something is not above 0.
    """
    if len(costs) < 2:
        raise ValueError("an exponent takes two sizes")
    if min(*costs.keys(), *costs.values()) <= 0:
        raise ValueError(f"sizes and costs are above 0; got {dict(costs)}")
    points = {math.log(size): math.log(cost) for size, cost in costs.items()}
    return statistics.linear_regression(list(points.keys()), list(points.values())).slope
