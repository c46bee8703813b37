"""Step scaling: what a policy may say, and which capacity it asks for.

https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html,
application-auto-scaling-quotas.html (2026-11)
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sandbox.emulator.patches.autoscaling_targets import invalid

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

MOST: Final = 20
"""Step adjustments of a policy."""


def check(policy: Document) -> None:
    """Refuse a step policy that cannot be.

    Raises:
        RefusedError: It has no steps or too many, steps that overlap or leave a gap, or a part that does not belong.
    """
    config = policy["StepScalingPolicyConfiguration"]
    kind, steps = config.get("AdjustmentType"), config.get("StepAdjustments") or []
    if kind is None:
        raise invalid("AdjustmentType must be given")
    if not 0 < len(steps) <= MOST:
        raise invalid(f"There must be at least one and at most {MOST} StepAdjustments: {len(steps)}")
    if config.get("Cooldown", 0) < 0:
        raise invalid("Cooldown must be greater than or equal to 0")
    if "MinAdjustmentMagnitude" in config and kind != "PercentChangeInCapacity":
        raise invalid("MinAdjustmentMagnitude belongs to PercentChangeInCapacity")
    if kind == "ExactCapacity" and any(step["ScalingAdjustment"] < 0 for step in steps):
        raise invalid("ScalingAdjustment of ExactCapacity must be greater than or equal to 0")
    _check_intervals(steps)


def _check_intervals(steps: list[Document]) -> None:
    if any("MetricIntervalLowerBound" not in step and "MetricIntervalUpperBound" not in step for step in steps):
        if len(steps) == 1:
            raise invalid("At least one of MetricIntervalLowerBound and MetricIntervalUpperBound must be given")
        raise invalid("StepAdjustment intervals can't overlap")
    found = sorted((_lower(step), _upper(step)) for step in steps)
    if any(lower >= upper for lower, upper in found):
        raise invalid("MetricIntervalLowerBound must be less than MetricIntervalUpperBound")
    for (_, end), (start, _) in pairwise(found):
        if end > start:
            raise invalid("StepAdjustment intervals can't overlap")
        if end < start:
            raise invalid("There must not be a gap between StepAdjustment intervals")
    if found[0][0] < 0 and not math.isinf(found[0][0]):
        raise invalid("With a negative MetricIntervalLowerBound there must be a step without one")
    if found[-1][1] > 0 and not math.isinf(found[-1][1]):
        raise invalid("With a positive MetricIntervalUpperBound there must be a step without one")


def _lower(step: Document) -> float:
    return float(step.get("MetricIntervalLowerBound", -math.inf))


def _upper(step: Document) -> float:
    return float(step.get("MetricIntervalUpperBound", math.inf))


def wanted(policy: Document, capacity: int, beyond: float) -> int:
    """Return the capacity that a policy asks for.

    Args:
        policy: The policy.
        capacity: Present capacity.
        beyond: How far the metric is beyond the threshold of its alarm; below 0 where it is below.
    """
    config = policy["StepScalingPolicyConfiguration"]
    for step in config["StepAdjustments"]:
        lower, upper = _lower(step), _upper(step)
        if (lower <= beyond < upper) if beyond >= 0 else (lower < beyond <= upper):
            return _adjusted(config, capacity, step["ScalingAdjustment"])
    return capacity


def _adjusted(config: Document, capacity: int, adjustment: int) -> int:
    if config["AdjustmentType"] == "ExactCapacity":
        return adjustment
    if config["AdjustmentType"] == "ChangeInCapacity":
        return max(0, capacity + adjustment)
    change = capacity * adjustment / 100
    size = max(
        1 if change else 0, math.floor(abs(change)), config.get("MinAdjustmentMagnitude", 0) if adjustment else 0
    )
    return max(0, capacity + int(math.copysign(size, adjustment)))
