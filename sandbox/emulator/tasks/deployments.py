"""A deployment of a service: whether it is done, has failed, and what is rolled back to.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import now_iso
from ministack.services import cloudwatch, ecs

from sandbox.emulator.tasks import events
from sandbox.emulator.tasks.settings import RUNNER

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

_LONGEST_PAUSE_S: Final = 900.0
"""Longest time that ECS waits before it starts another task of a service whose tasks keep failing."""
_BREAKER: Final = "ECS deployment circuit breaker: tasks failed to start."
_ALARM: Final = "ECS deployment failed: alarm detected."


def begin(service: Record, deployment: Record) -> None:
    """Note that a deployment begins; alarms that are in ALARM then are not looked at during it."""
    deployment |= {
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {deployment['id']} in progress.",
        "_watched": [name for name in _alarm_names(service) if not _in_alarm(name)],
    }
    events.deployment_changed(service, deployment, "SERVICE_DEPLOYMENT_IN_PROGRESS")


def failed_task(service: Record, deployment: Record, task: Record) -> None:
    """Count a task that failed before it was healthy; the next one waits longer each time."""
    if task.get("_counted"):
        return
    task["_counted"] = True
    deployment["failedTasks"] = deployment.get("failedTasks", 0) + 1
    deployment["updatedAt"] = now_iso()
    pause = min(2.0 ** min(deployment["failedTasks"] - 1, 20), _LONGEST_PAUSE_S)
    deployment["_next_start"] = time.time() + RUNNER.seconds(pause)
    events.say(service, f"(task {task['taskArn'].rpartition('/')[2]}) failed: {task.get('stoppedReason', '')}")


def well(service: Record, deployment: Record) -> None:
    """Note that a task of a deployment has become healthy."""
    breaker = _configuration(service).get("deploymentCircuitBreaker") or {}
    if breaker.get("resetOnHealthyTask", True):
        deployment["failedTasks"] = 0
    deployment.pop("_next_start", None)


def may_start(deployment: Record) -> bool:
    """Whether a deployment starts tasks now."""
    return deployment["rolloutState"] != "FAILED" and time.time() >= float(deployment.get("_next_start", 0))


def judge(service: Record, deployment: Record, *, settled: bool, processes: bool) -> None:
    """Decide on a deployment under way.

    Args:
        service: Whose.
        deployment: Its primary one.
        settled: All its tasks are healthy, and those of earlier ones are gone.
        processes: Tasks of it run as processes: only then alarms can tell anything, and are waited for.
    """
    if deployment["rolloutState"] != "IN_PROGRESS":
        return
    configuration = _configuration(service)
    breaker, alarms = configuration.get("deploymentCircuitBreaker") or {}, configuration.get("alarms") or {}
    if breaker.get("enable") and deployment["failedTasks"] >= ecs._circuit_breaker_threshold(service):
        _fail(service, deployment, _BREAKER, back=bool(breaker.get("rollback")))
    elif fired := [name for name in deployment.get("_watched", []) if _in_alarm(name)]:
        _fail(service, deployment, f"{_ALARM} {', '.join(fired)}", back=bool(alarms.get("rollback")))
    elif settled:
        baked = deployment.setdefault("_settled", time.time())
        if not processes or time.time() - baked >= RUNNER.seconds(_bake(deployment)):
            _complete(service, deployment)
    else:
        deployment.pop("_settled", None)


def _complete(service: Record, deployment: Record) -> None:
    deployment |= {"rolloutState": "COMPLETED", "rolloutStateReason": f"ECS deployment {deployment['id']} completed."}
    deployment["updatedAt"] = now_iso()
    events.say(service, f"(deployment {deployment['id']}) deployment completed.")
    events.say(service, "has reached a steady state.")
    events.deployment_changed(service, deployment, "SERVICE_DEPLOYMENT_COMPLETED")
    events.service_action(service, "SERVICE_STEADY_STATE")


def _fail(service: Record, deployment: Record, reason: str, *, back: bool) -> None:
    deployment |= {"rolloutState": "FAILED", "rolloutStateReason": reason, "desiredCount": 0, "updatedAt": now_iso()}
    events.say(service, f"(deployment {deployment['id']}) deployment failed: {reason}")
    events.deployment_changed(service, deployment, "SERVICE_DEPLOYMENT_FAILED")
    kept = [one for one in service["deployments"] if one is not deployment and one["rolloutState"] == "COMPLETED"]
    if not back or not kept:
        return
    target = kept[0]
    deployment["status"], target["status"] = "ACTIVE", "PRIMARY"
    target |= {
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"{reason.split(':', maxsplit=1)[0]}: rolling back to deploymentId {target['id']}.",
        "desiredCount": service["desiredCount"],
        "failedTasks": 0,
        "updatedAt": now_iso(),
        "_watched": [],
    }
    target.pop("_settled", None)
    service["deployments"].sort(key=lambda one: one["status"] != "PRIMARY")
    service["taskDefinition"] = target["taskDefinition"]
    events.say(service, f"rolling back to deployment {target['id']}.")
    events.deployment_changed(service, target, "SERVICE_DEPLOYMENT_IN_PROGRESS")


def _configuration(service: Record) -> dict[str, Any]:
    return service.get("deploymentConfiguration") or {}


def _alarm_names(service: Record) -> list[str]:
    alarms = _configuration(service).get("alarms") or {}
    return list(alarms.get("alarmNames") or []) if alarms.get("enable") else []


def _in_alarm(name: str) -> bool:
    return (cloudwatch._alarms.get(name) or {}).get("StateValue") == "ALARM"


def _bake(deployment: Record) -> float:
    """Seconds for which alarms are looked at after the last task: as long as the slowest of them takes to see it."""
    watched = [cloudwatch._alarms.get(name) or {} for name in deployment.get("_watched", [])]
    return max((float(one.get("Period", 60)) * float(one.get("EvaluationPeriods", 1)) for one in watched), default=0.0)
