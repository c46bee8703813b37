"""Kafka deploys, with a standby whose replicator copies from it; nothing changes a second time; both are destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.config.streamingfile import IN_STANDBY, SETTINGS, STACK, STANDBY
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A checkout of its own with both stack files; nothing of it outlives the test."""
    made = World.copied(tmp_path_factory.mktemp("feed"))
    for stack, settings in ((STACK, SETTINGS), (STANDBY, IN_STANDBY)):
        document: dict[str, Any] = {
            "config": {"pulumi:disable-default-providers": ["*"], "platform:settings": settings}
        }
        (made.directory / f"Pulumi.{stack}.yaml").write_text(
            yaml.safe_dump(document, sort_keys=False), encoding="utf-8"
        )
    yield made
    made.sandbox("down")


def test_topics_are_copied_to_a_standby_and_nothing_changes_a_second_time(world: World) -> None:
    up = world.sandbox("up", STACK, STANDBY, "--json")
    assert up.status == 0, up.text[-6000:]
    types = [one["type"] for one in world.state(STANDBY)["deployment"]["resources"]]
    assert {"aws:msk/cluster:Cluster", "aws:msk/replicator:Replicator", "aws:msk/clusterPolicy:ClusterPolicy"} <= set(
        types
    )
    again = world.sandbox("preview", STACK, STANDBY, "--json")
    assert again.status == 0, again.text[-6000:]
    assert [one["changes"] for one in again.document()["stacks"]] == [{}, {}], again.text[-6000:]
    down = world.sandbox("down", "--destroy", STANDBY, STACK, "--json")
    assert down.status == 0, down.text[-6000:]
    assert down.document()["notes"][-1] == "nothing runs"
