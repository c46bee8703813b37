"""Application Auto Scaling moves the desired count of ECS services: by what alarms say, once a minute, and on schedule.

Out: in proportion to how far the metric is above its target, rounded up; the policy that asks for most is followed.
In a scale-out cooldown the proportion is taken of the count before, so that only more than what was added is added.
In: when the alarms of all target-tracking policies that scale in say so, to what the hungriest of them needs, rounded
up, after the cooldown since the last change down, and not while a deployment goes on. AWS scales in more gradually than
that; how much more it does not say.
https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches import (
    alarm_evaluation,
    autoscaling_policies,
    autoscaling_schedules,
    autoscaling_steps,
    autoscaling_times,
)
from sandbox.emulator.patches.autoscaling_activities import tell
from sandbox.emulator.patches.autoscaling_capacity import move, service_of, stay
from sandbox.emulator.patches.autoscaling_targets import TARGETS
from sandbox.emulator.patches.base import Patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator.patches.service import Document

_MINUTE: Final = 60.0
_COOLDOWN: Final = 300
"""Cooldown of target tracking for ECS services where a policy names none; step scaling has none."""
_NOISE: Final = 1e-9
"""What a computation with floating point may be off, which is no reason for a task more."""
_FIELDS: Final = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


@dataclass(frozen=True)
class _Ask:
    """A capacity that a policy asks for.

    Attributes:
        policy: The policy.
        capacity: What it asks for.
        cause: What made it ask.
    """

    policy: Document
    capacity: int
    cause: str


def _everywhere() -> None:
    for (account, region, _), target in TARGETS.all_items():
        with request_scope(account, region):
            service = service_of(target)
            if service is not None:
                _on_schedule(target, service)
                if time.time() - target.get("_Decided", 0.0) >= _MINUTE:
                    _by_alarms(target, service)


def _on_schedule(target: Document, service: dict[str, Any]) -> None:
    now = time.time()
    for action in autoscaling_schedules.of_target(target):
        since = max(action["_Since"], action.get("StartTime", 0.0) - 1)
        until = min(now, action.get("EndTime", now))
        if since < until and autoscaling_times.due(action["Schedule"], action["Timezone"], since=since, until=until):
            action["_Since"] = now
            if not target["SuspendedState"]["ScheduledScalingSuspended"]:
                _run(target, service, action)


def _run(target: Document, service: dict[str, Any], action: Document) -> None:
    target.update(action["ScalableTargetAction"])
    cause = f"scheduled action name {action['ScheduledActionName']} was triggered"
    lowest, highest = target["MinCapacity"], target["MaxCapacity"]
    tell(target, f"Setting min capacity to {lowest} and max capacity to {highest}", cause)
    within = min(max(service["desiredCount"], lowest), highest)
    if within != service["desiredCount"]:
        move(target, service, within, cause)


def _by_alarms(target: Document, service: dict[str, Any]) -> None:
    suspended, capacity = target["SuspendedState"], int(service["desiredCount"])
    policies = autoscaling_policies.of_target(target)
    asks = [ask for policy in policies for ask in _asks(target, policy, capacity)]
    out = [ask for ask in asks if ask.capacity > capacity]
    if out:
        if not suspended["DynamicScalingOutSuspended"]:
            _follow(target, service, max(out, key=lambda ask: ask.capacity))
        return
    less = [ask for ask in asks if ask.capacity < capacity]
    if less and not suspended["DynamicScalingInSuspended"] and not _deploys(service) and _agreed(policies, less):
        _follow(target, service, max(less, key=lambda ask: ask.capacity))


def _follow(target: Document, service: dict[str, Any], ask: _Ask) -> None:
    target["_Decided"] = time.time()
    capacity = int(service["desiredCount"])
    wanted = min(max(ask.capacity, target["MinCapacity"]), target["MaxCapacity"])
    if wanted == capacity:
        stay(target, capacity, ask.cause)
        return
    before = _base(target, ask.policy, capacity)
    if move(target, service, wanted, ask.cause):
        if wanted > capacity:
            target.pop("_In", None)  # scaling out ends the cooldown of scaling in
        target["_Out" if wanted > capacity else "_In"] = {"at": time.time(), "before": before}


def _asks(target: Document, policy: Document, capacity: int) -> Iterator[_Ask]:
    """Yield what a policy asks for now."""
    for alarm in cloudwatch._alarms.values():
        if policy["PolicyARN"] not in alarm.get(_FIELDS[alarm["StateValue"]], []) or not alarm.get(
            "ActionsEnabled", True
        ):
            continue
        value = _latest(alarm)
        if value is None:
            continue
        wanted = _wanted(policy, alarm, capacity, value)
        if wanted > capacity:
            wanted = max(capacity, _wanted(policy, alarm, _base(target, policy, capacity), value))
        if wanted > capacity or (wanted < capacity and not _cools(target, policy, "_In")):
            cause = f"monitor alarm {alarm['AlarmName']} in state {alarm['StateValue']} triggered policy"
            yield _Ask(policy, wanted, f"{cause} {policy['PolicyName']}")


def _wanted(policy: Document, alarm: Document, capacity: int, value: float) -> int:
    if policy["PolicyType"] == "StepScaling":
        return autoscaling_steps.wanted(policy, capacity, value - float(alarm["Threshold"]))
    target = float(policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"])
    high = "-AlarmHigh-" in alarm["AlarmName"]
    if (value > target) != high:
        return capacity  # the alarm will end: the latest datapoint is on the other side
    return math.ceil((max(capacity, 1) if high else capacity) * value / target - _NOISE)


def _base(target: Document, policy: Document, capacity: int) -> int:
    """Return the capacity that an adjustment counts from: in a scale-out cooldown, that before it began."""
    return int(target["_Out"]["before"]) if _cools(target, policy, "_Out") else capacity


def _cools(target: Document, policy: Document, what: str) -> bool:
    """Whether the target was scaled so short a time ago that the policy waits."""
    if what not in target:
        return False
    if policy["PolicyType"] == "StepScaling":
        seconds = policy["StepScalingPolicyConfiguration"].get("Cooldown", 0)
    else:
        name = "ScaleOutCooldown" if what == "_Out" else "ScaleInCooldown"
        seconds = policy["TargetTrackingScalingPolicyConfiguration"].get(name, _COOLDOWN)
    return bool(time.time() - target[what]["at"] < seconds)


def _latest(alarm: Document) -> float | None:
    """Return the newest datapoint of an alarm; None where that of the last periods is missing."""
    series = alarm_evaluation.values(alarm) or ()
    return next((value for value in series[: 1 + alarm_evaluation.MORE_PERIODS] if value is not None), None)


def _agreed(policies: list[Document], less: list[_Ask]) -> bool:
    """Whether all policies of target tracking that scale in are ready to, or a step policy asks for less."""
    tracking = [
        policy["PolicyARN"]
        for policy in policies
        if policy["PolicyType"] == "TargetTrackingScaling"
        and not policy["TargetTrackingScalingPolicyConfiguration"].get("DisableScaleIn")
    ]
    ready = {ask.policy["PolicyARN"] for ask in less}
    return ready >= set(tracking) or any(ask.policy["PolicyType"] == "StepScaling" for ask in less)


def _deploys(service: dict[str, Any]) -> bool:
    return any(one.get("rolloutState") == "IN_PROGRESS" for one in service.get("deployments", []))


PATCH = Patch(
    "application-autoscaling-decisions", "a busy service is never scaled", lambda: CLOCK.at_each_tick(_everywhere)
)
