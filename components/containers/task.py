"""The task definition of a service: its container, with what it may write to, and the collector of its traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_aws import ecs

from components.base import child, named
from components.containers.collector import collector_definition
from components.containers.plan import container_definition, volumes
from components.documents import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.containers.roles import Roles
    from config.containers import Service
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class TaskArgs:
    """What a task definition is built from."""

    service: str
    """Name of the service."""
    settings: Service
    """Its section."""
    identity: Identity
    """The stack file's `identity`."""
    roles: Roles
    """Its roles."""
    secrets: Mapping[str, pulumi.Input[str]]
    """Environment variable -> secret."""
    places: Mapping[str, pulumi.Input[str]]
    """Environment variable -> where something is that the service names."""


def build_task(parent: pulumi.Resource, name: str, args: TaskArgs) -> ecs.TaskDefinition:
    """Make the task definition of a service."""
    settings, identity = args.settings, args.identity
    size = settings.task.size
    container = container_definition(args.service, settings, identity, args.secrets, args.places)
    return ecs.TaskDefinition(
        named(name, "definition"),
        family=f"{identity.system}-{identity.environment}-{args.service}",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu=str(size.cpu_units),
        memory=str(size.memory_mib),
        runtime_platform={"cpu_architecture": size.architecture, "operating_system_family": "LINUX"},
        ephemeral_storage={"size_in_gib": size.storage_gib} if size.storage_gib else None,
        execution_role_arn=args.roles.execution_arn,
        task_role_arn=args.roles.task_arn,
        volumes=[{"name": volume} for volume in sorted(volumes(settings.task))],
        container_definitions=as_json([container, *collector_definition(args.service, settings, identity)]),
        opts=child(parent),
    )
