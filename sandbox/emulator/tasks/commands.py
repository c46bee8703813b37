"""What a container of this project runs as a process: its program, and the environment that ECS gives it.

Values of secrets go into the environment only, never into arguments or logs.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ministack.core.responses import get_region
from ministack.services import ecs

from sandbox.emulator.tasks import addresses, images, placement
from sandbox.emulator.tasks.addresses import LOOPBACK
from sandbox.emulator.traffic.running import TRAFFIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.emulator.tasks.placement import Record

_PYTHONS: Final = ("python", "python3", sys.executable)
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
"""Variables of the emulator that a container gets, too."""


class UnrunnableError(Exception):
    """A container cannot be run as a process; the message says why."""


@dataclass(frozen=True)
class Program:
    """What is started for a container.

    Attributes:
        name: Of the container.
        command: Program and arguments.
        environment: The whole environment.
        ports: Container port to port on loopback.
        memory_mib: Most memory it may take; None = unbounded.
        health: Command of its health check; none = it has no check.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ports: Mapping[int, int]
    memory_mib: int | None
    health: tuple[str, ...]


def program(task: Record, definition: Record, container: Record, module: str, served: Mapping[str, str]) -> Program:
    """Return what is started for a container.

    Args:
        task: Its task; RunTask's overrides are part of it.
        definition: The task definition.
        container: The container's definition.
        module: What the image's ENTRYPOINT runs.
        served: Variables that ECS adds: where metadata, credentials and the agent are.

    Raises:
        UnrunnableError: It asks for a program that is not the module's, or for a shell.
    """
    if container.get("entryPoint"):
        raise UnrunnableError(f"{container['name']}: entryPoint replaces the image's own, which is all that runs here")
    override = ecs._container_override_for(task["overrides"]["containerOverrides"], container["name"])
    mapped = [int(one["containerPort"]) for one in container.get("portMappings") or []]
    ports = addresses.serve(placement.address(task) or task["taskArn"], mapped)
    command = override.get("command") or container.get("command") or ()
    return Program(
        name=container["name"],
        command=(sys.executable, "-m", module, *command),
        environment={**_environment(container, override, ports, served), **_untraced(container)},
        ports=ports,
        memory_mib=_memory(definition, container),
        health=_health(container),
    )


def _environment(
    container: Record, override: Record, ports: Mapping[int, int], served: Mapping[str, str]
) -> dict[str, str]:
    """The least of ours, what the container's definition says, what ECS adds; a later one wins."""
    listening = {f"PORT_{port}": str(at) for port, at in ports.items()}
    if ports:
        listening["PORT"] = str(next(iter(ports.values())))
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "PYTHONPATH": os.pathsep.join(filter(None, (str(images.CHECKOUT), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",
        "HOST": LOOPBACK,
        **TRAFFIC.environment(),
        **_pairs(container.get("environment")),
        **ecs._resolve_container_secrets(container),
        **_pairs(override.get("environment")),
        **listening,
        "AWS_REGION": get_region(),
        "AWS_DEFAULT_REGION": get_region(),
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **served,
    }


def _untraced(container: Record) -> dict[str, str]:
    """Switch the SDK of OpenTelemetry off beside a collector: none runs here, and each batch would fail loudly."""
    beside = {"localhost", LOOPBACK}
    endpoint = _pairs(container.get("environment")).get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    return {"OTEL_SDK_DISABLED": "true"} if urlsplit(endpoint).hostname in beside else {}


def _pairs(given: Sequence[Mapping[str, Any]] | None) -> dict[str, str]:
    return {one["name"]: str(one["value"]) for one in given or []}


def _memory(definition: Record, container: Record) -> int | None:
    stated = container.get("memory") or definition.get("memory")
    return None if stated is None else int(stated)


def _health(container: Record) -> tuple[str, ...]:
    command = (container.get("healthCheck") or {}).get("command") or ["NONE"]
    if command[0] == "NONE":
        return ()
    if command[0] != "CMD" or command[1] not in _PYTHONS:
        raise UnrunnableError(f"{container['name']}: a health check is run as `CMD python ...` here, without a shell")
    return (sys.executable, *command[2:])
