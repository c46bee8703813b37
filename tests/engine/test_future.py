"""What reference 001 has for the future, deployed once in one small stack: asked by boto3, the same twice, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
import yaml

from tests.config import containersfile
from tests.config.streamingfile import SETTINGS, STACK, WITH_FUNCTION
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(900)]

FUTURE: Final[dict[str, Any]] = containersfile.changed(WITH_FUNCTION, SETTINGS)
"""Settings of the stack."""


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A checkout of its own with the stack file; nothing of it outlives the test."""
    made = World.copied(tmp_path_factory.mktemp("future"))
    document = {"config": {"pulumi:disable-default-providers": ["*"], "platform:settings": FUTURE}}
    (made.directory / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    yield made
    made.sandbox("down")


def client(world: World, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return a client of the deployed account, in the stack's region."""
    endpoint = world.sandbox("status", "--json").document()["emulator"]
    identity = FUTURE["identity"]
    session = boto3.Session(identity["account_id"], "secret", region_name=identity["region"])
    return session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload] # any service


def test_it_stands_as_it_was_asked_for_changes_nothing_a_second_time_and_goes(world: World) -> None:
    up = world.sandbox("up", STACK, "--json")
    assert up.status == 0, up.text[-6000:]
    _a_function_works_on_a_topic(world)
    again = world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-6000:]
    assert [one["changes"] for one in again.document()["stacks"]] == [{}], again.text[-6000:]
    down = world.sandbox("down", "--destroy", STACK, "--json")
    assert down.status == 0, down.text[-6000:]
    assert down.document()["notes"][-1] == "nothing runs"


def _a_function_works_on_a_topic(world: World) -> None:
    (mapping,) = client(world, "lambda").list_event_source_mappings()["EventSourceMappings"]
    assert (mapping["State"], mapping["Topics"]) == ("Enabled", ["bids"])
    assert mapping["ProvisionedPollerConfig"] == {"MinimumPollers": 1, "MaximumPollers": 6}
    assert "no brokers" in mapping["LastProcessingResult"], "what it cannot do, it says"
