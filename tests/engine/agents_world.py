"""Stack `agents`, deployed in a checkout of its own; the clients of its names are those of `make demo`."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from config import load_file
from sandbox.demo.system import System
from sandbox.run import state
from services.agents import settings
from tests.engine.world import World
from tests.services.agents.place import FORBIDDEN, NUMBERS
from tests.services.running import Programs, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.demo.sockets import Socket
    from tests.engine.world import Ended
    from tests.services.running import Program

STACK: Final = "agents"
ACCOUNT: Final = "100000000002"
REGION: Final = "us-east-1"
UP_SECONDS: Final = 900
BURST_SECONDS: Final = 180
WAITS_SECONDS: Final = 90
"""Longest wait for what processes do on a machine that is busy with other things."""
TASKS: Final = 200
"""Tasks of one burst."""
_ASKED_FOR: Final = "masked_personal: [EMAIL, PHONE]"
_HURRIED: Final = 'command: [--longest-seconds, "400"'
_GUARDED: Final = {
    _ASKED_FOR: f"{_ASKED_FOR}, words: [{FORBIDDEN}]",
    _HURRIED: ", ".join([_HURRIED, *json.dumps(NUMBERS)[1:-1].split(", "), '--stop-seconds, "2"']),
}
"""What the deployed stack has beside its stack file: a word that no prompt may have; agents that wait for nothing."""


@dataclass(frozen=True)
class Agents:
    """The deployed stack.

    Attributes:
        world: Its checkout.
        up: How `up` ended.
        system: Plain clients of it.
        programs: Agents that are started beside it.
    """

    world: World
    up: Ended
    system: System
    programs: Programs

    @cached_property
    def guarded(self) -> dict[str, str]:
        """Model and guardrail, as the task definition gives them to an agent."""
        ecs, cluster, service = self.system.client("ecs"), self.system.cluster, self.system.service
        found = ecs.describe_services(cluster=cluster, services=[service])["services"][0]["taskDefinition"]
        (container,) = ecs.describe_task_definition(taskDefinition=found)["taskDefinition"]["containerDefinitions"]
        given = {one["name"]: one["value"] for one in container["environment"]}
        return {name: given[name] for name in (settings.MODEL, settings.GUARDRAIL, settings.GUARDRAIL_VERSION)}

    def listen(self, token: str) -> Socket:
        """Connect to the WebSocket API by its name; it listens once its row stands."""
        before = self.system.connections()
        made = self.system.socket(token)
        until(lambda: self.system.connections() > before, WAITS_SECONDS)
        return made

    def work(self, **environment: str) -> Program:
        """Start an agent on the stack's queue."""
        of_stack = {
            settings.QUEUE: self.system.queue,
            settings.TASKS: self.system.tasks,
            settings.ARTIFACTS: self.system.artifacts,
        }
        return self.programs.start("services.agents.worker", *NUMBERS, **{**of_stack, **self.guarded, **environment})

    def artifacts(self) -> dict[str, Any]:
        """Key -> what it says, of every version of every artifact."""
        s3, bucket = self.system.client("s3"), self.system.artifacts
        found = s3.list_object_versions(Bucket=bucket).get("Versions", [])
        assert len({one["Key"] for one in found}) == len(found), "each is written once"
        return {one["Key"]: json.loads(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()) for one in found}

    def clear(self) -> None:
        """Take away what was put into the stack, which destroys no bucket with objects in it."""
        self.programs.end()
        s3 = self.system.client("s3")
        for bucket in (self.system.site, self.system.artifacts):
            for one in s3.list_object_versions(Bucket=bucket).get("Versions", []):
                s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])


@contextlib.contextmanager
def deployed(directory: Path) -> Iterator[Agents]:
    """Deploy the stack from nothing in a copy of the working tree; nothing of it outlives the block."""
    world = World.copied(directory / "checkout")
    file = world.directory / f"Pulumi.{STACK}.yaml"
    text = file.read_text()
    for known, wanted in _GUARDED.items():
        assert text.count(known) == 1, f"{file.name} says {known} once"
        text = text.replace(known, wanted)
    file.write_text(text)
    programs = Programs(directory, {})
    try:
        up = world.sandbox("up", STACK, "--json", limit_seconds=UP_SECONDS)
        assert up.status == 0, f"`up` ended with status {up.status}:\n{up.text[-8000:]}"
        endpoint = world.sandbox("status", "--json").document()["emulator"]
        programs.environment |= {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
        }
        outputs = state.outputs(world.state(STACK))
        system = System.of(load_file(file), outputs, endpoint, world.run_directory / "demo")
        yield Agents(world, up, system, programs)
    finally:
        programs.end()
        world.sandbox("down")
