"""One task from PROVISIONING to STOPPED, a state at a time; with processes behind it, or as an object only.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import now_iso
from ministack.services import alb, ecs

from config.facts.fargate import STOP_SECONDS
from sandbox.emulator.tasks import addresses, agent, events, placement, targets
from sandbox.emulator.tasks.record import definition_of, service_of
from sandbox.emulator.tasks.runs import RUNS, Run, StartError, launch, would_run
from sandbox.emulator.tasks.settings import RUNNER, Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.tasks.placement import Record

_NO_CAPACITY: Final = (
    "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a"
    " different availability zone."
)
_DEFAULT_DRAIN_S: Final = 300.0


def advance(task: Record) -> bool:
    """Move a task on by one state where it can; returns whether it moved."""
    before = task["lastStatus"]
    _STEPS[before](task)
    if task["lastStatus"] == before:
        return False
    service = service_of(task)
    if service is not None:
        ecs._refresh_service_state(task["clusterArn"].rpartition("/")[2], task["group"])
    events.task_changed(task)
    return True


def stop(task: Record, reason: str, code: str) -> None:
    """Ask for a task's end; its first reason stands.

    Args:
        task: Which.
        reason: `stoppedReason`.
        code: `stopCode`.
    """
    if task["desiredStatus"] == "STOPPED":
        return
    ecs._bump_task_version(task)
    task |= {"desiredStatus": "STOPPED", "stoppingAt": now_iso(), "stoppedReason": reason, "stopCode": code}
    RUNS.setdefault(task["taskArn"], Run()).asked = Mark()
    events.task_changed(task)


def _provisioning(task: Record) -> None:
    ecs._bump_task_version(task)
    task["lastStatus"] = "PENDING"


def _pending(task: Record) -> None:
    if task["desiredStatus"] == "STOPPED":
        _stopped(task)
        return
    no_spot = task.get("capacityProviderName") == "FARGATE_SPOT" and not RUNNER.settings.spot
    as_process = would_run(task)
    if no_spot or (as_process and sum(run.reserved for run in RUNS.values()) >= RUNNER.settings.processes):
        service = service_of(task)
        if service is not None and not task.get("_waits"):
            task["_waits"] = True
            events.say(service, _NO_CAPACITY)
            events.service_action(service, "SERVICE_TASK_PLACEMENT_FAILURE", "ERROR", reason="RESOURCE:FARGATE")
        return
    RUNS[task["taskArn"]] = Run(reserved=as_process)
    task |= {"lastStatus": "ACTIVATING", "pullStartedAt": now_iso()}


def _activating(task: Record) -> None:
    if task["desiredStatus"] == "STOPPED":
        _stopped(task)
        return
    try:
        run = launch(task)
    except StartError as error:
        stop(task, str(error), "TaskFailedToStart")
        _stopped(task)
        return
    RUNS[task["taskArn"]] = run
    ecs._bump_task_version(task)
    now = now_iso()
    task |= {"lastStatus": "RUNNING", "startedAt": now, "pullStoppedAt": now, "connectivity": "CONNECTED"}
    task["connectivityAt"] = now
    for container in task["containers"]:
        container["lastStatus"] = "RUNNING"
    checked = _checked(task, run)
    task["_checked"] = checked
    task["healthStatus"] = "HEALTHY" if checked and not run.containers else "UNKNOWN"


def _checked(task: Record, run: Run) -> bool:
    """Whether something says that a task is healthy: checks of essential containers do, of those that run here."""
    essential = [one for one in definition_of(task)["containerDefinitions"] if one.get("essential", True)]
    return any("healthCheck" in one for one in essential if not run.containers or one["name"] in run.essential)


def _running(task: Record) -> None:
    run = RUNS.setdefault(task["taskArn"], Run())
    _watch(task, run)
    if task["desiredStatus"] != "STOPPED":
        return
    if task.get("_signal_first") and run.containers and not ended(task, run):
        return
    task["lastStatus"] = "DEACTIVATING"


def _watch(task: Record, run: Run) -> None:
    """Note which containers have ended, and what their checks say."""
    for container in run.containers:
        status = container.exit_code()
        record = next(one for one in task["containers"] if one["name"] == container.program.name)
        if status is not None and record["lastStatus"] != "STOPPED":
            record |= {"lastStatus": "STOPPED", "exitCode": status}
            if container.program.name in run.essential:
                stop(task, "Essential container in task exited", "EssentialContainerExited")
        checked = run.checks.get(container.program.name)
        if checked is not None and status is None and task["desiredStatus"] == "RUNNING":
            checked.look()
            record["healthStatus"] = checked.status
    statuses = {check.status for name, check in run.checks.items() if name in run.essential}
    if statuses:
        task["healthStatus"] = next((one for one in ("UNHEALTHY", "UNKNOWN") if one in statuses), "HEALTHY")


def _deactivating(task: Record) -> None:
    """Wait until the target groups have drained the task, then signal its containers."""
    run, service = RUNS.setdefault(task["taskArn"], Run()), service_of(task)
    _watch(task, run)
    alive = any(one.exit_code() is None for one in run.containers)
    if alive and service is not None and targets.leaving(task, service) and not _drained(service, run):
        return
    if _signalled(run):
        task["lastStatus"] = "STOPPING"


def _drained(service: Record, run: Run) -> bool:
    delays = [
        float(one["Value"])
        for balanced in service.get("loadBalancers") or []
        for one in alb._tg_attrs.get(balanced.get("targetGroupArn"), [])
        if one["Key"] == "deregistration_delay.timeout_seconds"
    ]
    return RUNNER.elapsed(run.asked) >= max(delays, default=_DEFAULT_DRAIN_S)


def _signalled(run: Run) -> bool:
    """Send SIGTERM to each container once; returns whether all have got it, or have ended."""
    for container in run.containers:
        if not container.signalled and container.exit_code() is None and not container.terminate():
            return False
    run.signalled = run.signalled or Mark()
    return True


def ended(task: Record, run: Run) -> bool:
    """Tell containers to end, and kill those that outlast their time; returns whether all have ended."""
    if not _signalled(run):
        return False
    _watch(task, run)
    noticed = RUNNER.real(run.asked) if task.get("stopCode") == "SpotInterruption" else 0.0
    since = RUNNER.real(run.signalled) if run.signalled else 0.0
    for container in run.containers:
        late = since >= run.stop_seconds[container.program.name] or noticed >= STOP_SECONDS
        if late and container.exit_code() is None:
            container.kill()
    return all(one.exit_code() is not None for one in run.containers)


def _stopping(task: Record) -> None:
    run = RUNS.setdefault(task["taskArn"], Run())
    if ended(task, run):
        _watch(task, run)
        ecs._bump_task_version(task)
        task |= {"lastStatus": "DEPROVISIONING", "executionStoppedAt": now_iso()}


def _stopped(task: Record) -> None:
    run = RUNS.pop(task["taskArn"], None)
    if run is not None:
        run.end()
    agent.dismiss(task["taskArn"])
    addresses.forget(placement.address(task) or task["taskArn"])
    ecs._bump_task_version(task)
    now = now_iso()
    task |= {"lastStatus": "STOPPED", "stoppedAt": now, "executionStoppedAt": task.get("executionStoppedAt") or now}
    for attachment in task["attachments"]:
        attachment["status"] = "DELETED"
    for container in task["containers"]:
        container["lastStatus"] = "STOPPED"
        if "startedAt" in task and container.get("exitCode") is None:
            container["exitCode"] = 0


_STEPS: Final[dict[str, Callable[[Record], None]]] = {
    "PROVISIONING": _provisioning,
    "PENDING": _pending,
    "ACTIVATING": _activating,
    "RUNNING": _running,
    "DEACTIVATING": _deactivating,
    "STOPPING": _stopping,
    "DEPROVISIONING": _stopped,
    "STOPPED": lambda _: None,
}
