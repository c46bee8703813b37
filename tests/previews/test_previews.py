"""Both stacks planned by the real engine and the real provider, the pack judging, with nothing deployed.

A standby reads its primary's outputs. None is deployed here, so its state holds what a recording of it publishes.
Deployments are the rehearsal's (tests/engine).
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from config import load_file, stack_file
from review.graph import ROOT_TYPE
from review.recording import record_stack
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.graph import Graph

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

IMPORT = "pulumi stack init prod && pulumi stack import -s prod --file {file}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World.copied(tmp_path_factory.mktemp("previews") / "checkout")
    yield world
    world.sandbox("down")


def recorded(stack: str) -> Graph:
    return record_stack(stack, load_file(stack_file(stack)))


def published(graph: Graph) -> dict[str, Any]:
    """The state of a stack of which only the outputs are there."""
    root = next(resource for resource in graph.resources if resource.type == ROOT_TYPE)
    resource = {"urn": root.urn, "type": ROOT_TYPE, "custom": False, "outputs": root.outputs}
    return {"version": 3, "deployment": {"manifest": {"time": "2026-01-01T00:00:00Z"}, "resources": [resource]}}


def planned(world: World, stack: str) -> dict[str, Any]:
    """The one stack's part of what a preview says."""
    ended = world.sandbox("preview", stack, "--json", limit_seconds=500)
    assert ended.status == 0, ended.text[-4000:]
    [said] = ended.document()["stacks"]
    return dict(said)


def test_prod_is_planned_whole_and_the_pack_lets_it_pass(world: World) -> None:
    said = planned(world, "prod")
    made = sum(resource.custom for resource in recorded("prod").resources)
    assert set(said["changes"]) == {"create"}, "nothing is there"
    assert said["changes"]["create"] >= made, "what the recording has, and what pulumi-eks registers"
    assert said["policy"]["refused"] == 0
    assert said["policy"]["rules"] > 100, "the pack judged"


def test_dr_is_planned_whole_beside_a_primary_that_has_published(world: World) -> None:
    file = world.directory / "prod-outputs.json"
    file.write_text(json.dumps(published(recorded("prod"))), encoding="utf-8")
    typed = world.sandbox("shell", "prod", script=IMPORT.format(file=shlex.quote(str(file))))
    assert typed.status == 0, typed.text
    said = planned(world, "dr")
    assert set(said["changes"]) == {"create"}
    assert said["policy"]["refused"] == 0
    assert said["policy"]["rules"] > 100, "the pack judged"
