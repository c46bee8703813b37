"""Tasks of a service in Cloud Map: registered while they run, under their addresses, in the registries of the service.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.services import servicediscovery

from sandbox.emulator.tasks import placement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.emulator.tasks.placement import Record


def publish(service: Record, tasks: Iterable[Record]) -> None:
    """Register the tasks that run and no others; what somebody else has registered stays."""
    for registry in service.get("serviceRegistries") or []:
        name = registry["registryArn"].rpartition("/")[2]
        if name not in servicediscovery._services:
            continue
        wanted = {
            task["taskArn"].rpartition("/")[2]: task
            for task in tasks
            if task["lastStatus"] == "RUNNING" and task["desiredStatus"] == "RUNNING"
        }
        mine = {
            one["Id"]
            for one in servicediscovery._instances.get(name, {}).values()
            if one["Attributes"].get("ECS_SERVICE_NAME") == service["serviceName"]
        }
        for gone in mine - wanted.keys():
            servicediscovery._deregister_instance({"ServiceId": name, "InstanceId": gone})
        for new in wanted.keys() - mine:
            attributes = _attributes(service, wanted[new], registry)
            servicediscovery._register_instance({"ServiceId": name, "InstanceId": new, "Attributes": attributes})


def _attributes(service: Record, task: Record, registry: Record) -> dict[str, str]:
    attributes = {
        "AWS_INSTANCE_IPV4": placement.address(task) or "",
        "AVAILABILITY_ZONE": task["availabilityZone"],
        "ECS_CLUSTER_NAME": service["clusterArn"].rpartition("/")[2],
        "ECS_SERVICE_NAME": service["serviceName"],
        "ECS_TASK_DEFINITION_FAMILY": task["taskDefinitionArn"].rpartition("/")[2].partition(":")[0],
    }
    port = registry.get("port") or registry.get("containerPort")
    return attributes if port is None else {**attributes, "AWS_INSTANCE_PORT": str(port)}
