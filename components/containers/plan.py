"""Names, container definitions and targets of scaling, as they follow from the stack file. Pure: no resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.containers.collector import trace_variables
from components.containers.log import log_configuration
from components.naming import physical
from config.facts.fargate import EXEC_PATHS
from config.facts.tracing import COLLECTOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.containers.log import Definition
    from config.containers import Capacity, Service
    from config.identity import Identity
    from config.task import Task

Metric = tuple[str, str, dict[str, "pulumi.Input[str]"]]
"""Namespace, name and dimensions."""


def cluster_name(identity: Identity) -> str:
    """Return the name of the cluster, which metrics and alarms are found by."""
    return physical("ecs-cluster", identity.system, identity.environment)


def sessions_log_group_name(identity: Identity) -> str:
    """Return the name of the log group of ECS Exec."""
    return physical("log-group", identity.system, identity.environment, "ecs-exec")


def volumes(task: Task) -> dict[str, str]:
    """Return volume -> path of everything that a task may write to."""
    return {**task.volumes, **(EXEC_PATHS if task.ecs_exec else {})}


def container_definition(
    name: str,
    service: Service,
    identity: Identity,
    secrets: Mapping[str, pulumi.Input[str]],
    places: Mapping[str, pulumi.Input[str]],
) -> Definition:
    """Return the definition of the container of a service.

    Args:
        name: Name of the service, which is that of the container.
        service: Its section.
        identity: The stack file's `identity`.
        secrets: Environment variable -> ARN of its secret, with the key of its JSON.
        places: Environment variable -> where something is that the service names.
    """
    task = service.task
    ports = [] if service.port is None else [_port(service.port)]
    variables: dict[str, pulumi.Input[str]] = {**task.environment, **places, **trace_variables(name, service)}
    return {
        "name": name,
        "image": task.image,
        "essential": True,
        "user": task.user,
        "readonlyRootFilesystem": True,
        "privileged": False,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "stopTimeout": task.stop_timeout_seconds,
        "portMappings": ports,
        "environment": [{"name": key, "value": value} for key, value in sorted(variables.items(), key=_name)],
        "secrets": [{"name": key, "valueFrom": value} for key, value in sorted(secrets.items(), key=_name)],
        "mountPoints": [
            {"sourceVolume": volume, "containerPath": path, "readOnly": False}
            for volume, path in sorted(volumes(task).items())
        ],
        "logConfiguration": log_configuration(name, identity, name),
        **({"command": list(task.command)} if task.command else {}),
        **({"healthCheck": _health(task)} if task.health else {}),
        **({"dependsOn": [{"containerName": COLLECTOR, "condition": "START"}]} if service.tracing else {}),
    }


def _name(variable: tuple[str, object]) -> str:
    return variable[0]


def _port(port: int) -> Definition:
    return {"containerPort": port, "hostPort": port, "protocol": "tcp"}  # in a task's own network the two are one


def _health(task: Task) -> Definition:
    if task.health is None:
        return {}
    return {
        "command": ["CMD", *task.health.command],
        "interval": task.health.interval_seconds,
        "timeout": task.health.timeout_seconds,
        "retries": task.health.retries,
        "startPeriod": task.health.start_seconds,
    }


def providers(capacity: Capacity) -> list[tuple[str, int, int]]:
    """Return capacity provider, base and weight of each that a service uses; a base stands on FARGATE only."""
    found = [("FARGATE", capacity.base, capacity.fargate_weight), ("FARGATE_SPOT", 0, capacity.spot_weight)]
    return [row for row in found if row[1] or row[2]]


def backlog_expression(acceptable: int) -> str:
    """Return what makes the backlog of the metrics of `backlog_metrics`: messages for each task.

    Messages in flight count: a queue of which every message is being worked on is not empty, and a scale-in would end
    the tasks that work. Tasks that are starting count, too: target tracking multiplies by the desired count, and would
    ask for more of them each minute until they run. Without a task the backlog stands undivided, and is above what is
    held as soon as one message waits: otherwise a few of them would wait for ever, since nothing starts a first task.

    Args:
        acceptable: Messages for each task that are held.
    """
    messages, desired = "(FILL(visible, 0) + FILL(hidden, 0))", "FILL(desired, 0)"
    few = f"{desired} < 1 AND {messages} > 0 AND {messages} <= {acceptable}"
    return f"IF({few}, {acceptable + 1}, {messages} / IF({desired} > 0, desired, 1))"


def backlog_metrics(queue: pulumi.Input[str], cluster: str, service: str) -> dict[str, Metric]:
    """Return id -> namespace, name and dimensions of what the backlog of a service is made from."""
    of_queue: dict[str, pulumi.Input[str]] = {"QueueName": queue}
    return {
        "visible": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", of_queue),
        "hidden": ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", of_queue),
        "desired": (
            "ECS/ContainerInsights",
            "DesiredTaskCount",
            {"ClusterName": cluster, "ServiceName": service},
        ),
    }
