"""What ECS refuses of requests about services and tasks on Fargate: code and message, None where it takes them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ministack.services import alb, ecs

from sandbox.emulator.tasks import placement, strategies
from sandbox.emulator.tasks.record import FARGATE
from sandbox.emulator.traffic.targets import balancers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator.tasks.placement import Record

Refusal: TypeAlias = tuple[str, str]
_INVALID: Final = "InvalidParameterException"
_MOST_TASKS: Final = 10
_PERCENT: Final = {"minimumHealthyPercent": 100, "maximumPercent": 200}


def deployment(given: Record) -> Record:
    """Return a deployment configuration with the defaults that ECS answers."""
    return {
        **_PERCENT,
        "deploymentCircuitBreaker": {"enable": False, "rollback": False},
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
        **given,
    }


def new_service(data: dict[str, Any]) -> Refusal | None:
    """Judge CreateService."""
    return next(_new_service(data), None)


def _new_service(data: dict[str, Any]) -> Iterator[Refusal]:
    cluster = _cluster(data)
    if cluster is None:
        yield "ClusterNotFoundException", "Cluster not found."
        return
    yield from _launch(data, cluster)
    yield from _deployment(data)
    definition = ecs._task_defs.get(ecs._resolve_td_key(data.get("taskDefinition", "")))
    if definition is None or definition["status"] != "ACTIVE":
        yield "ClientException", f"Unable to find an active task definition: {data.get('taskDefinition', '')}"
        return
    if fargate(data, cluster):
        yield from _on_fargate(data, definition)
    yield from _balanced(data, definition)


def changed_service(service: Record, data: dict[str, Any]) -> Refusal | None:
    """Judge UpdateService."""
    return next(_changed_service(service, data), None)


def _changed_service(service: Record, data: dict[str, Any]) -> Iterator[Refusal]:
    if service["status"] != "ACTIVE":
        yield "ServiceNotActiveException", "Service was not ACTIVE."
        return
    cluster = ecs._clusters[service["clusterArn"].rpartition("/")[2]]
    yield from _launch(data, cluster)
    configuration = {**service["deploymentConfiguration"], **(data.get("deploymentConfiguration") or {})}
    yield from _deployment({**data, "deploymentConfiguration": configuration})
    if "taskDefinition" in data:
        definition = ecs._task_defs.get(ecs._resolve_td_key(data["taskDefinition"]))
        if definition is None or definition["status"] != "ACTIVE":
            yield "ClientException", f"Unable to find an active task definition: {data['taskDefinition']}"
            return
        merged = {**service, **data}
        if fargate(merged, cluster):
            yield from _on_fargate(merged, definition)
        yield from _balanced(merged, definition)


def new_tasks(data: dict[str, Any]) -> Refusal | None:
    """Judge RunTask on Fargate."""
    return next(_new_tasks(data), None)


def _new_tasks(data: dict[str, Any]) -> Iterator[Refusal]:
    cluster = _cluster(data)
    if cluster is None:
        yield "ClusterNotFoundException", "Cluster not found."
        return
    yield from _launch(data, cluster)
    if not 1 <= data.get("count", 1) <= _MOST_TASKS:
        yield _INVALID, f"count has to be from 1 to {_MOST_TASKS}, got {data['count']}."
    definition = ecs._task_defs.get(ecs._resolve_td_key(data.get("taskDefinition", "")))
    if definition is None or definition["status"] != "ACTIVE":
        yield "ClientException", f"Unable to find an active task definition: {data.get('taskDefinition', '')}"
        return
    yield from _on_fargate(data, definition)


def _cluster(data: dict[str, Any]) -> Record | None:
    found: Record | None = ecs._clusters.get(ecs._resolve_cluster_name(data.get("cluster", "default")))
    return found if found is not None and found["status"] == "ACTIVE" else None


def fargate(data: dict[str, Any], cluster: Record) -> bool:
    """Whether a request is about Fargate, by launch type, strategy or the cluster's default."""
    strategy = data.get("capacityProviderStrategy")
    if not strategy and not data.get("launchType"):
        strategy = cluster.get("defaultCapacityProviderStrategy")
    return data.get("launchType") == "FARGATE" or any(one["capacityProvider"] in FARGATE for one in strategy or [])


def _launch(data: dict[str, Any], cluster: Record) -> Iterator[Refusal]:
    strategy = data.get("capacityProviderStrategy")
    if strategy and data.get("launchType"):
        yield _INVALID, ecs._BOTH_LAUNCH_CHOICES
    problem = strategies.problem(strategy, cluster.get("capacityProviders") or []) if strategy else None
    if problem is not None:
        yield _INVALID, problem


def _deployment(data: dict[str, Any]) -> Iterator[Refusal]:
    problem = strategies.deployment_problem(data.get("deploymentConfiguration") or {})
    if problem is not None:
        yield _INVALID, problem
    if data.get("desiredCount", 0) < 0:
        yield _INVALID, "desiredCount cannot be negative."


def _on_fargate(data: dict[str, Any], definition: Record) -> Iterator[Refusal]:
    if "FARGATE" not in definition.get("requiresCompatibilities", ()):
        yield _INVALID, "Task definition does not support launch_type FARGATE."
    network = (data.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    if not network.get("subnets"):
        yield _INVALID, "Network Configuration must be provided when networkMode 'awsvpc' is specified."
    elif missing := placement.missing(network["subnets"]):
        yield _INVALID, f"The subnet ID '{missing[0]}' does not exist"


def _balanced(data: dict[str, Any], definition: Record) -> Iterator[Refusal]:
    ports = {
        one["name"]: {mapping["containerPort"] for mapping in one.get("portMappings") or []}
        for one in definition["containerDefinitions"]
    }
    for balanced in data.get("loadBalancers") or []:
        name, port = balanced.get("containerName"), balanced.get("containerPort")
        if name not in ports:
            yield _INVALID, f"The container {name} does not exist in the task definition."
        elif port not in ports[name]:
            yield _INVALID, f"The container {name} did not have a container port {port} defined."
        group = balanced.get("targetGroupArn")
        if group and group not in alb._tgs:
            yield _INVALID, f"The specified target group does not exist: {group}"
        elif group and not balancers(group):
            yield _INVALID, f"The target group with targetGroupArn {group} does not have an associated load balancer."
