"""A service on Fargate keeps its number of tasks, split over capacity and zones, and deploys as ECS does.

ministack starts all tasks on one capacity provider at once, calls a deployment done when it begins, knows no health but
an exit, and drops settings of a service that the provider reads back. `sandbox.emulator.tasks` keeps services instead.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import error_response_json, json_response, now_iso
from ministack.services import ecs

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap, wrap_action
from sandbox.emulator.tasks import addresses, deployments, requests, services
from sandbox.emulator.tasks.lock import LOCK
from sandbox.emulator.tasks.runs import RUNS
from sandbox.emulator.tasks.scheduler import SCHEDULER, tick

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

_OK: Final = 200
_KEPT: Final = (
    "availabilityZoneRebalancing",
    "enableECSManagedTags",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
    "serviceConnectConfiguration",
    "serviceRegistries",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)
"""Settings that ministack drops from CreateService, UpdateService, or both."""
_REDEPLOYING: Final = (
    "capacityProviderStrategy",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "serviceConnectConfiguration",
    "serviceRegistries",
    "volumeConfigurations",
)
"""Settings of which a change replaces the tasks."""


def _key(data: dict[str, Any]) -> str | None:
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    found = ecs._resolve_service_ref(data.get("service") or data.get("serviceName") or "")
    return None if cluster is None or found is None else f"{cluster}/{found[0]}"


def _create(original: Handler) -> Handler:
    def create(data: dict[str, Any]) -> Response:
        with LOCK:
            refusal = requests.new_service(data)
            if refusal is not None:
                return _refused(refusal)
            answer: Response = original(data)
            service = ecs._services.get(_key(data)) if answer[0] == _OK else None
            if service is None:
                return answer
            service |= {"availabilityZoneRebalancing": "ENABLED", **_kept(data)}
            service["deploymentConfiguration"] = requests.deployment(data.get("deploymentConfiguration") or {})
            if services.on_fargate(service):
                _begin(service)
            return _described(service)

    return create


def _update(original: Handler) -> Handler:
    def update(data: dict[str, Any]) -> Response:
        with LOCK:
            service = ecs._services.get(_key(data))
            if service is None:
                answer: Response = original(data)
                return answer
            refusal = requests.changed_service(service, data)
            if refusal is not None:
                return _refused(refusal)
            changed = any(data[name] != service.get(name) for name in _REDEPLOYING if name in data)
            events = list(service["events"])
            if "deploymentConfiguration" in data:
                given = {**service["deploymentConfiguration"], **data["deploymentConfiguration"]}
                data = {**data, "deploymentConfiguration": given}
            service |= _kept(data)
            answer = original({**data, "forceNewDeployment": bool(data.get("forceNewDeployment")) or changed})
            if answer[0] != _OK or not services.on_fargate(service):
                return answer
            service["events"] = events  # it says that connections are drained, whatever was asked for
            _begin(service)
            return _described(service)

    return update


def _kept(data: dict[str, Any]) -> Record:
    return {name: data[name] for name in _KEPT if name in data}


def _begin(service: Record) -> None:
    """Begin the deployment that a request has made, if it has."""
    primary = service["deployments"][0]
    if "_watched" not in primary:
        primary |= {name: service.get(name) for name in ("networkConfiguration", "platformVersion")}
        primary |= {"capacityProviderStrategy": service.get("capacityProviderStrategy")}
        deployments.begin(service, primary)
    SCHEDULER.wake()


def _delete(original: Handler) -> Handler:
    def delete(data: dict[str, Any]) -> Response:
        with LOCK:
            service = ecs._services.get(_key(data))
            if service is None or service["status"] != "ACTIVE" or not services.on_fargate(service):
                answer: Response = original(data)
                return answer
            if service["desiredCount"] > 0 and not data.get("force"):
                problem = "The service cannot be stopped while it is scaled above 0."
                return _refused(("InvalidParameterException", problem))
            service |= {"status": "DRAINING", "desiredCount": 0}
            SCHEDULER.wake()
            return _described(service)

    return delete


def _reconcile(original: Handler) -> Handler:
    def reconcile(cluster: str, key: str) -> None:
        service = ecs._services.get(key)
        if service is not None and services.on_fargate(service):
            SCHEDULER.wake()
        else:
            original(cluster, key)

    return reconcile


def _reset(original: Handler) -> Handler:
    def reset() -> None:
        with LOCK:
            for run in RUNS.values():
                run.end()
            RUNS.clear()
            addresses.forget_all()
            original()

    return reset


def _restore(original: Handler) -> Handler:
    """Let tasks end with the emulator that ran them; services start others."""

    def restore(data: Record) -> None:
        original(data)
        for _, task in ecs._tasks.all_items():
            if task.get("_fargate") and task["desiredStatus"] != "STOPPED":
                task |= {"desiredStatus": "STOPPED", "stoppedAt": now_iso(), "stopCode": "ServiceSchedulerInitiated"}
                task["stoppedReason"] = "The embedded AWS was started anew."

    return restore


def _refused(refusal: tuple[str, str]) -> Response:
    answer: Response = error_response_json(*refusal, 400)
    return answer


def _described(service: Record) -> Response:
    answer: Response = json_response({"service": ecs._sanitize(service)})
    return answer


def _apply() -> None:
    wrap_action(ecs._ACTION_MAP, "CreateService", _create)
    wrap_action(ecs._ACTION_MAP, "UpdateService", _update)
    wrap_action(ecs._ACTION_MAP, "DeleteService", _delete)
    wrap(ecs, "_reconcile_service_tasks", _reconcile)
    wrap(ecs, "reset", _reset)
    wrap(ecs, "_restore_state", _restore)
    CLOCK.at_each_tick(tick)


PATCH = Patch("ecs-services", "tasks of a service ignore capacity, zones, health and a deployment's limits", _apply)
