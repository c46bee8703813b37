"""What stands behind a task that runs: its processes, or nothing; and why a task cannot start at all."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, request_scope
from ministack.services import ecr, ecs

from sandbox.emulator.tasks import agent, commands, images, placement
from sandbox.emulator.tasks.health import ContainerHealth
from sandbox.emulator.tasks.processes import Container
from sandbox.emulator.tasks.record import definition_of
from sandbox.emulator.tasks.settings import RUNNER, Mark

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

_DEFAULT_STOP_S: Final = 30


class StartError(Exception):
    """A task cannot start; the message is its `stoppedReason`."""


@dataclass
class Run:
    """What stands behind a task.

    Attributes:
        containers: Those that run as processes; none = the task is an object only.
        reserved: Whether it counts among the processes that may run.
        essential: Names of the containers whose end is the task's.
        checks: Health checks by container.
        stop_seconds: Seconds between SIGTERM and SIGKILL by container.
        began: When it began to run.
        asked: When its end was asked for.
        signalled: When its containers had got SIGTERM.
    """

    containers: list[Container] = field(default_factory=list)
    reserved: bool = False
    essential: set[str] = field(default_factory=set)
    checks: dict[str, ContainerHealth] = field(default_factory=dict)
    stop_seconds: dict[str, float] = field(default_factory=dict)
    began: Mark = field(default_factory=Mark)
    asked: Mark = field(default_factory=Mark)
    signalled: Mark | None = None

    def end(self) -> None:
        """Kill whatever is left."""
        for check in self.checks.values():
            check.end()
        for container in self.containers:
            if container.exit_code() is None:
                container.kill()


RUNS: Final[dict[str, Run]] = {}
"""What stands behind the tasks of this process, by ARN."""


def would_run(task: Record) -> bool:
    """Whether a task is one that runs as a process here."""
    return bool(RUNNER.settings.processes) and bool(_modules(definition_of(task)))


def not_run(task: Record) -> dict[str, str]:
    """Return container -> image of what is an object only in a task that runs as a process."""
    run = RUNS.get(task["taskArn"])
    running = {one.program.name for one in run.containers} if run is not None else set()
    found = {one["name"]: one["image"] for one in definition_of(task)["containerDefinitions"]}
    return {name: image for name, image in found.items() if running and name not in running}


def _modules(definition: Record) -> dict[str, str]:
    """Return container -> module of the containers whose image is this project's own."""
    rows = RUNNER.settings.rows
    found = {one["name"]: images.module_of(one["image"], rows) for one in definition["containerDefinitions"]}
    return {name: module for name, module in found.items() if module is not None}


def launch(task: Record) -> Run:
    """Start what stands behind a task: the processes of its containers, or nothing.

    Raises:
        StartError: An image or a secret is not there, or a container cannot be run; nothing runs then.
    """
    definition, run = definition_of(task), Run()
    if placement.subnet_of(task) in placement.CUT:
        raise StartError("CannotPullContainerError: pull image manifest has been retried 5 time(s): i/o timeout")
    for container in definition["containerDefinitions"]:
        _pull(container["image"])
    _secrets(definition)
    if not would_run(task):
        return run
    run.reserved, modules = True, _modules(definition)
    try:
        for container in definition["containerDefinitions"]:
            if container["name"] in modules:
                _start(task, definition, container, modules[container["name"]], run)
    except (commands.UnrunnableError, OSError) as error:
        run.end()
        agent.dismiss(task["taskArn"])
        raise StartError(f"CannotStartContainerError: {error}") from error
    return run


def _start(task: Record, definition: Record, container: Record, module: str, run: Run) -> None:
    name = container["name"]
    served = agent.admit(task, name, definition.get("taskRoleArn") or "")
    program = commands.program(task, definition, container, module, served)
    run.containers.append(Container(program, task["taskArn"].rpartition("/")[2], container))
    run.stop_seconds[name] = float(container.get("stopTimeout", _DEFAULT_STOP_S))
    if container.get("essential", True):
        run.essential.add(name)
    if program.health:
        run.checks[name] = ContainerHealth(program, container["healthCheck"])


def _pull(image: str) -> None:
    """Refuse an image that a registry of this account, which holds images, does not hold.

    A repository that is missing or empty refuses nothing: nobody pushes images to the embedded registry, and a
    deployment to it would never be done.
    """
    named = images.in_registry(image)
    if named is None or named[0] != get_account_id():
        return
    account, region, repository, wanted = named
    with request_scope(account, region):
        held = ecr._images.get(repository) or []
    names = {one.get("imageDigest") for one in held}
    for one in held:
        names |= {one.get("imageTag"), *(one.get("imageTags") or [])}
    if held and wanted not in names:
        raise StartError(
            f"CannotPullContainerError: pull image manifest has been retried 1 time(s): {image}: not found"
        )


def _secrets(definition: Record) -> None:
    """Refuse a secret that is not there; no value is kept or logged."""
    for container in definition["containerDefinitions"]:
        try:
            ecs._resolve_container_secrets(container)
        except ecs._SecretResolutionError as error:
            raise StartError(
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval"
                f" failed: {error}"
            ) from error
