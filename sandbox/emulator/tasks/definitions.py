"""What ECS refuses of a task definition for Fargate, each with ECS's words where they are known. Pure.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html and
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html (read 2026-11-30).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from config.facts.fargate import MEMORY_OF_CPU, STOP_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_UNITS: Final = 1024
_CPU: Final = re.compile(r"(\d*\.?\d+)\s*(vcpu)?", re.IGNORECASE)
_MEMORY: Final = re.compile(r"(\d*\.?\d+)\s*(gb)?", re.IGNORECASE)
_HEALTH: Final = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
"""Lowest and highest number of each setting of a container's health check."""
_STORAGE: Final = (21, 200)
_ARCHITECTURES: Final = ("X86_64", "ARM64")
_ENDED: Final = ("COMPLETE", "SUCCESS")
_CONDITIONS: Final = ("START", "HEALTHY", *_ENDED)
_FORMS: Final = ("CMD", "CMD-SHELL", "NONE")


def problem(definition: Mapping[str, Any]) -> str | None:
    """Return why ECS refuses to register a task definition, None where it takes it.

    Args:
        definition: The request; what is not for Fargate is not judged.
    """
    if "FARGATE" not in definition.get("requiresCompatibilities", ()):
        return None
    return next(_problems(definition), None)


def _problems(definition: Mapping[str, Any]) -> Iterator[str]:
    if definition.get("networkMode", "awsvpc") != "awsvpc":
        yield "Fargate only supports network mode \u2018awsvpc\u2019."
    yield from _size(definition)
    storage = (definition.get("ephemeralStorage") or {}).get("sizeInGiB")
    if storage is not None and not _STORAGE[0] <= storage <= _STORAGE[1]:
        yield f"ephemeralStorage.sizeInGiB has to be from {_STORAGE[0]} to {_STORAGE[1]}, got {storage}."
    architecture = (definition.get("runtimePlatform") or {}).get("cpuArchitecture", "X86_64")
    if architecture not in _ARCHITECTURES:
        yield f"runtimePlatform.cpuArchitecture has to be one of {', '.join(_ARCHITECTURES)}, got {architecture}."
    containers = definition.get("containerDefinitions", [])
    if not any(one.get("essential", True) for one in containers):
        yield "At least one container has to be essential."
    names = [one.get("name") for one in containers]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        yield f"Container names have to differ; there are several of {', '.join(twice)}."
    for container in containers:
        yield from _container(definition, container)
    yield from _shares(definition, containers)
    yield from _order(containers)


def _size(definition: Mapping[str, Any]) -> Iterator[str]:
    for name in ("cpu", "memory"):
        if not definition.get(name):
            yield f"Fargate requires that '{name}' be defined at the task level."
            return
    cpu, memory = units(str(definition["cpu"])), mebibytes(str(definition["memory"]))
    if memory not in MEMORY_OF_CPU.get(cpu or 0, ()):
        yield "No Fargate configuration exists for given values."


def _shares(definition: Mapping[str, Any], containers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What containers have by themselves is a part of what the task has."""
    cpu, memory = units(str(definition["cpu"])), mebibytes(str(definition["memory"]))
    for name, most, keys in (("cpu", cpu, ("cpu",)), ("memory", memory, ("memoryReservation", "memory"))):
        whole = sum(next((int(one[key]) for key in keys if one.get(key)), 0) for one in containers)
        if most is not None and whole > most:
            yield f"The {name} of the containers, {whole}, is more than that of the task, {most}."
    for one in containers:
        if memory is not None and int(one.get("memory") or 0) > memory:
            yield f"Container {one.get('name')}: its memory is more than that of the task, {memory} MiB."


def _order(containers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Containers start after others of the task, by conditions that can come about, and in no circle."""
    known = {one.get("name"): one for one in containers}
    after = {
        name: {each.get("containerName"): each.get("condition") for each in one.get("dependsOn") or []}
        for name, one in known.items()
    }
    for name, conditions in after.items():
        for other, condition in conditions.items():
            if condition not in _CONDITIONS:
                yield f"Container {name}: condition has to be one of {', '.join(_CONDITIONS)}, got {condition}."
            elif other not in known:
                yield f"Container {name} depends on {other}, which is no container of the task definition."
            elif condition == "HEALTHY" and not known[other].get("healthCheck"):
                yield f"Container {name} waits until {other} is HEALTHY, which has no health check."
            elif condition in _ENDED and known[other].get("essential", True):
                yield f"Container {name} waits for the end of {other}, which is essential: the task ends with it."
    left = dict(after)
    while free := [name for name, conditions in left.items() if not conditions.keys() & left.keys()]:
        for name in free:
            del left[name]
    if left:
        yield f"Containers depend on one another in a circle: {', '.join(sorted(map(str, left)))}."


def units(cpu: str) -> int | None:
    """Return CPU units of what a task definition says: `256` or `.25 vCPU`; None for anything else."""
    return _amount(_CPU, cpu)


def mebibytes(memory: str) -> int | None:
    """Return MiB of what a task definition says: `512` or `0.5 GB`; None for anything else."""
    return _amount(_MEMORY, memory)


def _amount(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.fullmatch(text.strip())
    if found is None:
        return None
    amount = float(found[1]) * (_UNITS if found[2] else 1)
    return int(amount) if amount == int(amount) else None


def _container(definition: Mapping[str, Any], container: Mapping[str, Any]) -> Iterator[str]:
    name = container.get("name")
    if container.get("privileged"):
        yield f"Container {name}: Fargate has no privileged containers."
    stop = container.get("stopTimeout")
    if stop is not None and not 0 <= stop <= STOP_SECONDS:
        yield f"Container {name}: stopTimeout has to be at most {STOP_SECONDS} seconds on Fargate, got {stop}."
    for mapping in container.get("portMappings") or []:
        if mapping.get("hostPort", mapping["containerPort"]) != mapping["containerPort"]:
            yield (
                "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
                f" Container {name}: {mapping['hostPort']} and {mapping['containerPort']}."
            )
    if not definition.get("executionRoleArn"):
        yield from _needs_execution_role(container)
    yield from _health(name, container.get("healthCheck"))


def _needs_execution_role(container: Mapping[str, Any]) -> Iterator[str]:
    if (container.get("logConfiguration") or {}).get("logDriver") == "awslogs":
        yield "Fargate requires task definition to have execution role ARN to support log driver awslogs."
    if container.get("secrets"):
        yield "Fargate requires task definition to have execution role ARN to support secrets."
    if ".dkr.ecr." in container.get("image", ""):
        yield "Fargate requires task definition to have execution role ARN to support ECR images."


def _health(name: str | None, check: Mapping[str, Any] | None) -> Iterator[str]:
    if check is None:
        return
    command = check.get("command") or []
    if not command or command[0] not in _FORMS or (command[0] != "NONE" and len(command) == 1):
        yield f"Container {name}: healthCheck.command has to begin with one of {', '.join(_FORMS)}, then the command."
    for setting, (low, high) in _HEALTH.items():
        if setting in check and not low <= check[setting] <= high:
            yield f"Container {name}: healthCheck.{setting} has to be from {low} to {high}, got {check[setting]}."
