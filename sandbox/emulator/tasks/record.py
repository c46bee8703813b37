"""The record of a task on Fargate, as ECS describes it."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import copy
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region, now_iso
from ministack.services import ecs

from sandbox.emulator.tasks import placement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.emulator.tasks.placement import Record

FARGATE: Final = ("FARGATE", "FARGATE_SPOT")
"""Capacity providers of Fargate; there for every account."""
_PLATFORM: Final = "1.4.0"
_DEFAULT_STORAGE: Final = {"sizeInGiB": 20}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a task is started from.

    Attributes:
        cluster: Record of the cluster.
        definition: Record of the task definition.
        provider: Capacity provider; None where a launch type was asked for.
        subnet: Where it goes.
        group: `service:<name>` or `family:<family>`.
        started_by: Id of the deployment, or what the caller says.
        overrides: As RunTask takes them.
        exec_enabled: Whether ECS Exec may open a shell.
        tags: Tags of the task.
    """

    cluster: Record
    definition: Record
    provider: str | None
    subnet: str
    group: str
    started_by: str = ""
    overrides: Record = field(default_factory=dict)
    exec_enabled: bool = False
    tags: Sequence[dict[str, str]] = ()


def make(order: Order) -> Record:
    """Place a task: store its record, in state PROVISIONING, with an address of its subnet.

    Raises:
        placement.NoAddressError: The subnet has none.
    """
    definition, cluster = order.definition, order.cluster
    name, identifier = cluster["clusterName"], secrets.token_hex(16)
    arn = f"arn:aws:ecs:{get_region()}:{get_account_id()}:task/{name}/{identifier}"
    platform = definition.get("runtimePlatform") or {}
    task: dict[str, Any] = {
        "taskArn": arn,
        "clusterArn": cluster["clusterArn"],
        "taskDefinitionArn": definition["taskDefinitionArn"],
        "overrides": _overrides(order),
        "lastStatus": "PROVISIONING",
        "desiredStatus": "RUNNING",
        "launchType": "FARGATE",
        "capacityProviderName": order.provider,
        "cpu": definition.get("cpu"),
        "memory": definition.get("memory"),
        "platformVersion": _PLATFORM,
        "platformFamily": "Linux",
        "createdAt": now_iso(),
        "group": order.group,
        "startedBy": order.started_by,
        "version": 1,
        "containers": _containers(order, arn),
        "attachments": [],
        "attributes": [{"name": "ecs.cpu-architecture", "value": platform.get("cpuArchitecture", "X86_64").lower()}],
        "enableExecuteCommand": order.exec_enabled,
        "tags": list(order.tags),
        "healthStatus": "UNKNOWN",
        "ephemeralStorage": definition.get("ephemeralStorage") or _DEFAULT_STORAGE,
        "_docker_ids": [],
        "_fargate": True,
        "_deployment_id": order.started_by if order.group.startswith("service:") else None,
    }
    placement.attach(task, order.subnet)
    ecs._tasks[arn] = task
    if order.tags:
        ecs._tags[arn] = list(order.tags)
    return task


def _overrides(order: Order) -> Record:
    return {"containerOverrides": [], "inferenceAcceleratorOverrides": [], **copy.deepcopy(order.overrides)}


def _containers(order: Order, arn: str) -> list[Record]:
    made: list[Record] = ecs._build_task_containers(order.definition, order.overrides.get("containerOverrides", []))
    for container in made:
        container |= {"lastStatus": "PENDING", "taskArn": arn}
    return made


def service_of(task: Record) -> Record | None:
    """Return the service that a task belongs to; None for a task of its own."""
    group = str(task.get("group", ""))
    if not group.startswith("service:"):
        return None
    cluster = task["clusterArn"].rpartition("/")[2]
    found: Record | None = ecs._services.get(f"{cluster}/{group.removeprefix('service:')}")
    return found


def definition_of(task: Record) -> Record:
    """Return the task definition of a task."""
    found: Record = ecs._task_defs[ecs._resolve_td_key(task["taskDefinitionArn"])]
    return found
