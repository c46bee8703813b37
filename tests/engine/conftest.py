"""One deployed world for all tests of this directory; it is deployed once, and destroyed by the tests that are last."""

from __future__ import annotations

import contextlib
import json
import shlex
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.emulator import inventory
from sandbox.paths import run_directory
from sandbox.run import journal
from standins.toolchain.process import Warden
from tests.engine import auctions_world
from tests.engine.world import World
from tests.published import publish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.emulator.inventory import Inventory
    from standins.toolchain.process import ProcessName
    from tests.engine.auctions_world import Auctions
    from tests.engine.world import Ended

HERE = Path(__file__).parent
ACCOUNT = "100000000004"
REGION = "us-east-1"
STANDBY_REGION = "us-west-2"
STACKS = ("prod", "dr")
ENDED = {"ended", "auctions_ended"}
"""Fixtures that destroy a world."""
UP_SECONDS = 1800
"""Limit of a deployment of both stacks, on a machine that is busy with other things."""

Client: TypeAlias = Any
"""A boto3 client; boto3 builds its methods at run time."""
Aws: TypeAlias = Callable[..., Client]
"""Maker of boto3 clients for the deployed account, by name of the service and region; prod's, unless set otherwise."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of the destruction be the last of this directory, and keep it in one piece."""
    places = [at for at, item in enumerate(items) if item.path.is_relative_to(HERE)]
    ours = sorted(
        (items[at] for at in places), key=lambda item: not ENDED.isdisjoint(getattr(item, "fixturenames", ()))
    )
    for at, item in zip(places, ours, strict=True):
        items[at] = item


@dataclass(frozen=True)
class Deployed:
    """The world after its `up`.

    Attributes:
        world: The checkout.
        up: How `up` ended.
        sources: Digests of the checkout's files from before it.
    """

    world: World
    up: Ended
    sources: Mapping[str, str]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A world with prod and dr deployed; nothing of it outlives the tests, however they end."""
    world = World.copied(tmp_path_factory.mktemp("checkout"))
    sources = world.sources()
    up = world.sandbox("up", "--json", limit_seconds=UP_SECONDS)
    run = run_directory(world.directory)
    publish(tmp_path_factory, run, failure=up.text[-2000:] if up.status else "")
    if up.status:
        pytest.fail(f"`up` ended with status {up.status}:\n{up.text[-8000:]}")
    emulator = journal.read(world.run_directory / "journal.json").emulator
    assert emulator is not None, "the embedded AWS stands after `up`"
    warden = Warden(emulator)
    yield Deployed(world, up, sources)
    warden.let_go()
    world.sandbox("down")


@pytest.fixture(scope="session")
def world(deployed: Deployed) -> World:
    return deployed.world


@pytest.fixture(scope="session")
def preview(world: World) -> Ended:
    """A preview of what is deployed, watched."""
    return world.sandbox("preview", "--json")


@pytest.fixture(scope="session")
def aws(world: World) -> Aws:
    """The embedded AWS, asked by boto3 at the address that `status` tells."""
    endpoint = world.sandbox("status", "--json").document()["emulator"]

    def make(service: str, region: str = REGION) -> Client:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="sandbox",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, proxies={}),
        )

    return make


@pytest.fixture(scope="session")
def key_arns(aws: Aws) -> dict[str, str]:
    """ARN of the key behind each alias of the stack, by domain."""
    kms = aws("kms")
    aliases = {alias["AliasName"]: alias for alias in kms.list_aliases()["Aliases"]}
    prefix = "alias/phoenix-prod-"
    return {
        name.removeprefix(prefix): kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]["Arn"]
        for name, alias in aliases.items()
        if name.startswith(prefix)
    }


@pytest.fixture(scope="session")
def secret_values(aws: Aws) -> list[str]:
    """The password in every version of every secret, as Secrets Manager hands it out."""
    manager = aws("secretsmanager")
    return [
        json.loads(manager.get_secret_value(SecretId=secret["ARN"], VersionId=version)["SecretString"])["password"]
        for secret in manager.list_secrets()["SecretList"]
        for version in secret["SecretVersionsToStages"]
    ]


@dataclass(frozen=True)
class Typed:
    """What a person typed into `sandbox shell`, and what plain pulumi said of a stack.

    Attributes:
        stack: The stack.
        ended: How the shell ended.
        preview_status: Exit status of `pulumi preview -s <stack> --policy-pack policy`.
        preview_output: What it said.
        planned_file: Output of `pulumi preview -s <stack> --json --show-sames`.
        state_file: Output of `pulumi stack export -s <stack>`.
    """

    stack: str
    ended: Ended
    preview_status: int
    preview_output: str
    planned_file: Path
    state_file: Path

    @property
    def planned(self) -> dict[str, Any]:
        """The preview as the engine writes it for programs."""
        return dict(json.loads(self.planned_file.read_text(encoding="utf-8")))

    @property
    def state(self) -> dict[str, Any]:
        """The state as the engine exports it; secrets stay encrypted."""
        return dict(json.loads(self.state_file.read_text(encoding="utf-8")))


SCRIPT = """set -e
cd {checkout}
status=0
pulumi preview -s {stack} --policy-pack policy --color never >{place}/preview.txt 2>&1 || status=$?
echo $status >{place}/preview.status
pulumi preview -s {stack} --json --show-sames >{place}/preview.json
pulumi stack export -s {stack} >{place}/state.json
"""


@pytest.fixture(scope="session", params=STACKS)
def typed(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """Plain pulumi commands in the sandbox's shell, for each stack."""
    place, stack = tmp_path_factory.mktemp("typed"), request.param
    script = SCRIPT.format(checkout=shlex.quote(str(world.directory)), place=shlex.quote(str(place)), stack=stack)
    ended = world.sandbox("shell", script=script)
    assert ended.status == 0, ended.text[-4000:]
    said = (place / "preview.txt").read_text(encoding="utf-8")
    status = int((place / "preview.status").read_text(encoding="utf-8"))
    return Typed(stack, ended, status, said, place / "preview.json", place / "state.json")


@dataclass
class Destroyed:
    """The world after its destruction by the engine (`down --destroy`).

    Attributes:
        down: How it ended.
        before: What was in the emulator before.
        last: What was in it when it was last asked, while the engine was at work; None when it never answered.
        emulator: Its process.
        secrets: Passwords that it knew.
    """

    down: Ended
    before: Inventory
    last: Inventory | None
    emulator: ProcessName
    secrets: list[str]


@pytest.fixture(scope="session")
def ended(deployed: Deployed, secret_values: list[str]) -> Destroyed:
    """Destroy both stacks, asking the emulator again and again until it has ended."""
    world = deployed.world
    endpoint = world.sandbox("status", "--json").document()["emulator"]
    emulator = journal.read(world.run_directory / "journal.json").emulator
    assert emulator is not None, "the embedded AWS stands until then"
    answers = [inventory.take(endpoint, ACCOUNT, REGION)]

    def ask() -> None:
        while emulator.runs():
            with contextlib.suppress(BotoCoreError, ClientError):  # it, or a thing of it, ends while it is asked
                answers.append(inventory.take(endpoint, ACCOUNT, REGION))

    asking = threading.Thread(target=ask, name="ask", daemon=True)
    asking.start()
    down = world.sandbox("down", "--destroy", "--json", limit_seconds=UP_SECONDS)
    asking.join(60)
    return Destroyed(down, answers[0], answers[-1] if len(answers) > 1 else None, emulator, secret_values)


@pytest.fixture(scope="session")
def auctions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auctions]:
    """A world of its own with stack `auctions` deployed."""
    with auctions_world.deployed(tmp_path_factory.mktemp("auctions")) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def auctions_ended(auctions: Auctions) -> Ended:
    """Destroy stack `auctions`; its tests are the last."""
    return auctions.world.sandbox("down", "--destroy", auctions_world.STACK, "--json")
