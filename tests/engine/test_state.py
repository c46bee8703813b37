"""The engine's state, as it is exported: complete, and read by the review like a preview and an offline recording."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from components.stack import deploy
from config.load import load_file, stack_file
from review.engine_json import from_preview, from_state
from review.record import record

if TYPE_CHECKING:
    from pathlib import Path

    from review.graph import Graph, Resource
    from tests.engine.conftest import Typed
    from tests.engine.world import World

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1200)]

PREFIX = "urn:pulumi:prod::platform::"
ONLY_WITH_THE_ENGINE = {
    "aws:eks/cluster:Cluster": 1,
    "aws:eks/nodeGroup:NodeGroup": 4,
    "aws:iam/role:Role": 1,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 1,
    "eks:index:ServiceRole": 1,
    "pulumi:providers:kubernetes": 1,
    "pulumi:providers:pulumi": 1,
}
"""What pulumi-eks's plugin registers, and the provider by which the engine hands a component back to the program."""


@pytest.fixture(scope="module")
def state(typed: Typed) -> Graph:
    return from_state(typed.state, "prod")


@pytest.fixture(scope="module")
def recording(world: World) -> Graph:
    settings = load_file(stack_file("prod", world.directory))
    return record(lambda: deploy(settings).publish(), "prod")


def test_the_state_holds_resources_of_every_area(world: World) -> None:
    (stack,) = world.sandbox("status", "--json").document()["stacks"]
    areas = {area: sum(types.values()) for area, types in stack["areas"].items()}
    assert set(areas) == {"network", "keys", "cluster", "data"}, "and nothing outside of them"
    assert all(number >= 10 for number in areas.values()), areas


def test_nothing_of_the_state_was_held_back(world: World) -> None:
    (stack,) = world.sandbox("status", "--json").document()["stacks"]
    assert stack["held"] == [], "every resource of prod is really made"


def test_the_engine_registers_what_was_recorded_offline(state: Graph, recording: Graph) -> None:
    assert set(recording.by_urn) - set(state.by_urn) == set(), "a recording promises nothing that is not deployed"


def test_the_engine_adds_to_the_recording_what_a_plugin_registers_and_no_more(state: Graph, recording: Graph) -> None:
    added = [resource for resource in state.resources if resource.urn not in recording.by_urn]
    assert Counter(resource.type for resource in added) == ONLY_WITH_THE_ENGINE
    beside = [resource.urn for resource in added if "$eks:index:" not in resource.urn]
    assert beside == [f"{PREFIX}pulumi:providers:pulumi::default"]


def test_options_of_every_resource_are_those_of_the_recording(state: Graph, recording: Graph) -> None:
    for resource in recording.resources:
        assert options(state.by_urn[resource.urn]) == options(resource), resource.urn


def options(resource: Resource) -> tuple[object, ...]:
    """What the engine was asked to do with a resource, beside making it."""
    provider = resource.provider if resource.custom else ""  # a state does not name that of a plugin's component
    guards = (resource.protect, resource.retain_on_delete, resource.ignore_changes)
    return (resource.type, resource.custom, resource.parent, provider, *guards)


def test_a_preview_loads_as_the_same_graph(typed: Typed, state: Graph) -> None:
    planned = from_preview(typed.planned, "prod")
    assert set(planned.changes.values()) == {"same"}
    assert set(state.by_urn) - set(planned.by_urn) == {f"{PREFIX}pulumi:providers:pulumi::default"}, (
        "a preview lists all but the engine's own"
    )
    for resource in planned.resources:
        assert options(state.by_urn[resource.urn]) == options(resource), resource.urn


@pytest.mark.parametrize("source", ["state", "preview"])
def test_the_review_judges_what_the_engine_wrote(world: World, typed: Typed, source: str) -> None:
    path: Path = {"state": typed.state_file, "preview": typed.planned_file}[source]
    ended = world.command([".venv/bin/python", "-m", "review", "prod", f"--{source}", str(path), "--json"], 60)
    assert ended.status == 0, ended.text
    said: dict[str, Any] = ended.document()
    assert (said["source"], said["policy"]["passed"]) == (source, True)
    assert set(said["inventory"]) == {"network", "keys", "cluster", "data"}
