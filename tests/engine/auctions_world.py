"""Stack `auctions`, deployed once in a checkout of its own for all tests of this directory that take `auctions`."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from tests.engine.world import World
from tests.sandbox.emulator.traffic import rsa_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engine.world import Ended

STACK: Final = "auctions"
ACCOUNT: Final = "100000000003"
REGION: Final = "us-east-1"
REPLICA_REGION: Final = "us-west-2"
UP_SECONDS: Final = 900
SIGNER: Final = 11
"""Number of the key pair (`rsa_keys`) whose public half the deployed stack trusts for videos: the private half of the
stack file's own is nowhere."""
BEANSTALK: Final = """
    beanstalk:
      purpose: Back office
      solution_stack: 64bit Amazon Linux 2023 v6.9.2 running Node.js 24
      instance_types: [t4g.small]
      scaling: {min: 2, max: 4}
      target: {paths: [/office/*], priority: 40, health_path: /office/health}
      update_window_utc: Sun:05:00
      log_retention_days: 90
"""
"""What the deployed stack has beside its stack file: the section that the file leaves off (decision 0039)."""
HURRIED: Final = ', --poll-seconds, "1", --stop-seconds, "2", --seconds-per-segment, "2"]'
"""What the deployed video worker is told beside its stack file: an encoder's work in seconds, and less time to end it
than Fargate gives, so that a test need not wait for either."""
_WORKER: Final = re.compile(r"(command: \[--queue, videos, [^]]*)\]")
_PEM: Final = re.compile(r"( +)-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\n", re.DOTALL)


@dataclass(frozen=True)
class Auctions:
    """The deployed stack.

    Attributes:
        world: Its checkout.
        up: How `up` ended.
        endpoint: Address of its embedded AWS.
    """

    world: World
    up: Ended
    endpoint: str

    def client(self, service: str, region: str = REGION) -> Any:  # noqa: ANN401 - boto3 builds its methods at run time
        """Return a boto3 client for the stack's account."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="sandbox",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, proxies={}),
        )

    def outputs(self) -> dict[str, Any]:
        """Return the outputs of the stack, as its state has them."""
        resources = self.world.state(STACK)["deployment"]["resources"]
        found: dict[str, Any] = next(one for one in resources if one["type"] == "pulumi:pulumi:Stack")["outputs"]
        return found


@contextlib.contextmanager
def deployed(directory: Path) -> Iterator[Auctions]:
    """Deploy the stack from nothing in a copy of the working tree; nothing of it outlives the block."""
    world = World.copied(directory)
    file = world.directory / f"Pulumi.{STACK}.yaml"
    changed, number = _WORKER.subn(rf"\1{HURRIED}", _PEM.sub(_trusted, file.read_text(encoding="utf-8")))
    assert number == 1, "the stack file has one worker"
    file.write_text(changed + BEANSTALK, encoding="utf-8")
    try:
        up = world.sandbox("up", STACK, "--json", limit_seconds=UP_SECONDS)
        assert up.status == 0, f"`up` ended with status {up.status}:\n{up.text[-8000:]}"
        yield Auctions(world, up, world.sandbox("status", "--json").document()["emulator"])
    finally:
        world.sandbox("down")


def _trusted(found: re.Match[str]) -> str:
    """Return the public key of `SIGNER`, indented as the one in the stack file."""
    return "".join(f"{found[1]}{line}\n" for line in rsa_keys.public(SIGNER).strip().splitlines())
