"""How ECS splits tasks over capacity providers: the base first, then by weight. Pure.

Each further task goes where the most is missing of the share by weight, the earlier provider on a tie. So tasks that
come one by one are split as those that come at once, no provider is a whole task away from its share while there are
two, and the shares are exact wherever they are whole numbers.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html (read 2026-11-30) gives base
and ratio, and no rule for what is left over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

Strategy: TypeAlias = Sequence[Mapping[str, Any]]
"""Items of a capacity provider strategy, in its order: `capacityProvider`, `base` (0), `weight` (0)."""
Counts: TypeAlias = Mapping[str, int]
"""Tasks by capacity provider."""


def split(strategy: Strategy, tasks: int) -> dict[str, int]:
    """Return how many of the tasks run on each provider of a strategy.

    Args:
        strategy: At most one item has a base, at least one a weight.
        tasks: Desired number.
    """
    counts = {item["capacityProvider"]: 0 for item in strategy}
    for _ in range(tasks):
        chosen = following(strategy, counts)
        counts[chosen] += 1
    return counts


def following(strategy: Strategy, counts: Counts) -> str:
    """Return the provider that the next task goes to.

    Args:
        strategy: At least one item has a base that is not full, or a weight.
        counts: Tasks that run, or are on their way.
    """
    for item in strategy:
        if counts.get(item["capacityProvider"], 0) < item.get("base", 0):
            return str(item["capacityProvider"])
    beyond = {item["capacityProvider"]: _beyond(item, counts) for item in strategy}
    weighted = [item for item in strategy if item.get("weight", 0)]
    whole, total = sum(item["weight"] for item in weighted), sum(beyond.values()) + 1
    chosen = max(
        weighted or strategy[:1],
        key=lambda item: Fraction(item.get("weight", 0) * total, whole or 1) - beyond[item["capacityProvider"]],
    )
    return str(chosen["capacityProvider"])


def _beyond(item: Mapping[str, Any], counts: Counts) -> int:
    """Return a provider's tasks beyond its base."""
    return max(0, counts.get(item["capacityProvider"], 0) - int(item.get("base", 0)))


def overfull(strategy: Strategy, counts: Counts, desired: int) -> list[str]:
    """Return the providers that have more tasks than their share of the desired number, the fullest first."""
    target = split(strategy, desired)
    over = {provider: count - target.get(provider, 0) for provider, count in counts.items()}
    return sorted((provider for provider, more in over.items() if more > 0), key=lambda one: (-over[one], one))
