"""Whether a task is healthy: what its containers' own checks say, and what its target groups say."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.services import alb

from sandbox.emulator.tasks import placement
from sandbox.emulator.tasks.runs import RUNS, Run
from sandbox.emulator.tasks.settings import RUNNER
from sandbox.emulator.traffic.targets import DRAINING, of

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record
    from sandbox.emulator.traffic.targets import Target

_SERVING: Final = ("healthy", "unused", "unavailable")
"""States of a target that ECS does not wait for."""
_STEADY_S: Final = 5.0
"""Seconds that a process has to last before it counts: one that ends at once has never been healthy."""
_LEAST_STEADY_S: Final = 2.0
"""The same on this machine, whatever the speed of ECS: a process takes its time to begin."""


def target_states(task: Record, service: Record) -> dict[str, str]:
    """Return what each target group of a service says of a task: its ARN -> state; `initial` where it is not in yet."""
    found = {}
    for group, targets in _targets(task, service).items():
        states = [target.state for target in targets if target.state != DRAINING]
        found[group] = states[0] if states else "initial"
    return found


def leaving(task: Record, service: Record) -> bool:
    """Whether connections of a task still end: a target group that has none lets go at once."""
    return any(one.state == DRAINING and one.open for found in _targets(task, service).values() for one in found)


def _targets(task: Record, service: Record) -> dict[str, list[Target]]:
    """Return the task's targets by group, as the data planes have them; they are read only, from a thread."""
    ip = placement.address(task)
    arns = [one.get("targetGroupArn") for one in service.get("loadBalancers") or []]
    return {arn: [target for target in of(arn) if target.address == ip] for arn in arns if arn in alb._tgs}


def healthy(task: Record, service: Record) -> bool:
    """Whether a task counts for a deployment: it runs, its containers are well, and each target group sends to it."""
    if task["lastStatus"] != "RUNNING" or task["desiredStatus"] != "RUNNING":
        return False
    run = RUNS.get(task["taskArn"])
    if run is not None and run.containers and not _steady(run):
        return False
    if task["healthStatus"] == "UNHEALTHY" or (task["healthStatus"] == "UNKNOWN" and task.get("_checked")):
        return False
    return all(state in _SERVING for state in target_states(task, service).values())


def _steady(run: Run) -> bool:
    return RUNNER.elapsed(run.began) >= max(_STEADY_S, _LEAST_STEADY_S * RUNNER.settings.speed)


def failing(task: Record, service: Record) -> str | None:
    """Return why ECS replaces a task that runs, None where it does not."""
    if task["healthStatus"] == "UNHEALTHY":
        return "Task failed container health checks"
    grace = service.get("healthCheckGracePeriodSeconds") or 0
    run = RUNS.get(task["taskArn"])
    if run is not None and RUNNER.elapsed(run.began) < grace:
        return None
    for arn, state in target_states(task, service).items():
        if state == "unhealthy":
            return f"Task failed ELB health checks in (target-group {arn})"
    return None
