"""What runs for a sandbox stays on this machine, within its memory, and goes when its command ends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.engine.processes import command_line, marked, of_the_emulator

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Deployed
    from tests.engine.processes import Watch
    from tests.engine.world import Ended, World

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

GIB = 1024**3
MIB = 1024**2
PARTS = {
    "the engine": "pulumi",
    "the AWS plugin": "standins.awsproxy",
    "the bridge": "pulumi-terraform-bridge",
    "the Terraform provider": "terraform-provider-aws",
    "the EKS plugin": "standins.ekscomponent",
    "the policy pack": "standins.language.pack",
    "the embedded AWS": "sandbox.emulator",
}
"""Part -> what its command line has in it."""


@pytest.fixture(params=["up", "preview"])
def watch(request: pytest.FixtureRequest, deployed: Deployed, preview: Ended) -> Watch:
    """What was seen while a command ran."""
    return {"up": deployed.up, "preview": preview}[request.param].watch


def test_every_part_was_seen_at_work(watch: Watch) -> None:
    unseen = [part for part, word in PARTS.items() if not any(word in command for command in watch.commands)]
    assert unseen == [], "what is not seen is not checked below"


def test_everything_that_listens_listens_on_loopback(watch: Watch) -> None:
    listeners = [(command, found) for command, found in watch.sockets if found.listening]
    assert listeners, "engine, plugins and emulator listen"
    assert [each for each in listeners if not each[1].is_loopback] == []


def test_every_connection_leads_to_loopback(watch: Watch) -> None:
    connections = [(command, found) for command, found in watch.sockets if not found.listening]
    assert any("terraform-provider-aws" in command for command, _ in connections), "the provider was seen calling AWS"
    assert [each for each in connections if not each[1].is_loopback] == []


def test_the_terraform_provider_calls_the_emulator(deployed: Deployed) -> None:
    port = urlsplit(deployed.up.document()["emulator"]).port
    called = {
        found.port
        for command, found in deployed.up.watch.sockets
        if "terraform-provider-aws" in command and not found.listening
    }
    assert port in called


def test_everything_of_ours_together_stays_below_4_gib(
    watch: Watch, record_property: Callable[[str, object], None]
) -> None:
    largest = ", ".join(f"{size // MIB} {name[:60]}" for name, size in sorted(watch.peak.items(), key=lambda p: -p[1]))
    record_property("peak_resident_mib", watch.peak_bytes // MIB)
    print(f"peak resident memory: {watch.peak_bytes // MIB} MiB: {largest}")  # noqa: T201 the number is asked for
    assert watch.peak_bytes <= 4 * GIB, largest


def test_only_the_emulator_outlives_its_command(world: World, preview: Ended) -> None:
    assert preview.status == 0
    left = [command_line(pid) for pid in marked(world.mark)]
    assert left, "the embedded AWS stands"
    assert [command for command in left if not of_the_emulator(command)] == []
