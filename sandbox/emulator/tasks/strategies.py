"""What ECS refuses of capacity, network and deployment of a service. Pure: what there is, its caller says.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html and
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (read 2026-11-30).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_MOST_ITEMS: Final = 20
_MOST_WEIGHT: Final = 1000
_MOST_BASE: Final = 100_000
_PERCENT: Final = 100
_MOST_PERCENT: Final = 200


def problem(strategy: Sequence[Mapping[str, Any]], associated: Collection[str]) -> str | None:
    """Return why ECS refuses a capacity provider strategy, None where it takes it.

    Args:
        strategy: Its items.
        associated: Capacity providers of the cluster.
    """
    return next(_problems(strategy, associated), None)


def _problems(strategy: Sequence[Mapping[str, Any]], associated: Collection[str]) -> Iterator[str]:
    if len(strategy) > _MOST_ITEMS:
        yield f"A capacity provider strategy can contain a maximum of {_MOST_ITEMS} capacity providers."
    names = [item.get("capacityProvider", "") for item in strategy]
    if len(set(names)) < len(names):
        yield "A capacity provider strategy cannot contain a capacity provider twice."
    for item in strategy:
        base, weight = item.get("base", 0), item.get("weight", 0)
        if not (0 <= base <= _MOST_BASE and 0 <= weight <= _MOST_WEIGHT):
            yield f"base has to be from 0 to {_MOST_BASE} and weight from 0 to {_MOST_WEIGHT}, got {base} and {weight}."
    if sum(1 for item in strategy if item.get("base", 0)) > 1:
        yield "Only one capacity provider in a capacity provider strategy can have a base defined."
    if not any(item.get("weight", 0) for item in strategy):
        yield "At least one capacity provider in a capacity provider strategy must have a weight greater than 0."
    if missing := [name for name in names if name not in associated]:
        yield f"The specified capacity provider {missing[0]} is not associated with the cluster."


def deployment_problem(configuration: Mapping[str, Any]) -> str | None:
    """Return why ECS refuses a deployment configuration, None where it takes it."""
    low, high = configuration.get("minimumHealthyPercent", _PERCENT), configuration.get("maximumPercent", _MOST_PERCENT)
    if not 0 <= low <= _PERCENT:
        return f"minimumHealthyPercent has to be from 0 to {_PERCENT}, got {low}."
    if not _PERCENT <= high <= _MOST_PERCENT:
        return f"maximumPercent has to be from {_PERCENT} to {_MOST_PERCENT}, got {high}."
    if low == high:
        return "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments."
    return None
