"""The task definition of a service: one container, with what it may write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import ecs

from components.base import child, named
from components.containers.plan import container_definition, volumes
from components.documents import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.containers.roles import Roles
    from config.containers import Service
    from config.identity import Identity


def build_task(
    parent: pulumi.Resource,
    name: str,
    service: tuple[str, Service],
    identity: Identity,
    given: tuple[Roles, Mapping[str, pulumi.Input[str]]],
) -> ecs.TaskDefinition:
    """Make the task definition.

    Args:
        parent: The service's component.
        name: Its logical name.
        service: Name and section of the service.
        identity: The stack file's `identity`.
        given: Roles of the service, and environment variable -> secret.
    """
    short, settings = service
    roles, secrets = given
    size = settings.task.size
    return ecs.TaskDefinition(
        named(name, "definition"),
        family=f"{identity.system}-{identity.environment}-{short}",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu=str(size.cpu_units),
        memory=str(size.memory_mib),
        runtime_platform={"cpu_architecture": size.architecture, "operating_system_family": "LINUX"},
        ephemeral_storage={"size_in_gib": size.storage_gib} if size.storage_gib else None,
        execution_role_arn=roles.execution_arn,
        task_role_arn=roles.task_arn,
        volumes=[{"name": volume} for volume in sorted(volumes(settings.task))],
        container_definitions=as_json([container_definition(short, settings, identity, secrets)]),
        opts=child(parent),
    )
