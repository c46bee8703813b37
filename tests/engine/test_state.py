"""The engine's state, as it is exported: complete, and read by the review like a preview and an offline recording."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from config.load import load_file, stack_file
from review.engine_json import from_preview, from_state
from review.recording import record_stack
from tests.engine import verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from review.graph import Graph, Resource
    from tests.engine.conftest import Typed
    from tests.engine.world import World

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

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
JUDGED_BY_NO_RULE = {"pulumi:providers:kubernetes", "pulumi:providers:pulumi"}


def engines_own(state: Graph) -> str:
    """URN of the provider that the engine adds of its own accord."""
    return f"urn:pulumi:{state.stack}::platform::pulumi:providers:pulumi::default"


@pytest.fixture(scope="module")
def state(typed: Typed) -> Graph:
    return from_state(typed.state, typed.stack)


@pytest.fixture(scope="module")
def recording(world: World, typed: Typed) -> Graph:
    return record_stack(typed.stack, load_file(stack_file(typed.stack, world.directory)))


def test_the_state_holds_resources_of_every_area(world: World) -> None:
    for stack in world.sandbox("status", "--json").document()["stacks"]:
        assert set(stack["areas"]) >= {"network", "keys", "cluster", "data", "edge"}
        assert "program" not in stack["areas"], "and nothing outside of them"


def test_what_was_held_back_is_what_the_readme_names(world: World) -> None:
    stacks = world.sandbox("status", "--json").document()["stacks"]
    held = {one["type"] for stack in stacks for one in stack["held"]}
    readme = (world.directory / "README.md").read_text(encoding="utf-8")
    assert held == {"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"}, "every other resource is really made"
    assert [one for one in held if one.rpartition(":")[0] not in readme] == []


def test_the_engine_registers_what_was_recorded_offline(state: Graph, recording: Graph) -> None:
    registered = {one.urn for one in (*recording.resources, *recording.made)}
    assert registered - set(state.by_urn) == set(), "a recording promises nothing that is not deployed"


def test_the_engine_adds_to_the_recording_what_a_plugin_registers_and_no_more(state: Graph, recording: Graph) -> None:
    read = {"pulumi:pulumi:StackReference"}  # the engine's own, which makes nothing
    added = [one for one in state.resources if one.urn not in recording.by_urn and one.type not in read]
    assert Counter(resource.type for resource in added) == ONLY_WITH_THE_ENGINE
    made = {one.urn for one in recording.made}
    assert {one.type for one in added if one.urn not in made} == JUDGED_BY_NO_RULE, "all else is judged offline, too"
    beside = [resource.urn for resource in added if "$eks:index:" not in resource.urn]
    assert beside == [engines_own(state)]


def test_options_of_every_resource_are_those_of_the_recording(state: Graph, recording: Graph) -> None:
    for resource in (*recording.resources, *recording.made):
        assert options(state.by_urn[resource.urn]) == options(resource), resource.urn


def options(resource: Resource) -> tuple[object, ...]:
    """What the engine was asked to do with a resource, beside making it."""
    provider = resource.provider if resource.custom else ""  # a state does not name that of a plugin's component
    guards = (resource.protect, resource.retain_on_delete, resource.ignore_changes)
    return (resource.type, resource.custom, resource.parent, provider, *guards)


def test_a_preview_loads_as_the_same_graph(typed: Typed, state: Graph) -> None:
    planned = from_preview(typed.planned, typed.stack)
    assert {change.operation for change in planned.changes.values()} <= {"same", "read"}
    assert set(state.by_urn) - set(planned.by_urn) == {engines_own(state)}, "a preview lists all but the engine's own"
    for resource in planned.resources:
        assert options(state.by_urn[resource.urn]) == options(resource), resource.urn


def test_the_verdict_on_the_state_is_that_of_the_recording(world: World, typed: Typed, tmp_path: Path) -> None:
    found = verdicts.typed(world, typed.stack, tmp_path, verdicts.ANALYZE).by_source
    found["preview's JSON"] = verdicts.judged(from_preview(typed.planned, typed.stack).resources, world)
    assert len(found["recording"]) > 10, "without waivers, and under the strictest profile"
    assert {source: said ^ found["recording"] for source, said in found.items()} == dict.fromkeys(found, frozenset())


@pytest.mark.parametrize("source", ["state", "preview"])
def test_the_review_judges_what_the_engine_wrote(world: World, typed: Typed, source: str) -> None:
    path: Path = {"state": typed.state_file, "preview": typed.planned_file}[source]
    ended = world.command([".venv/bin/python", "-m", "review", typed.stack, f"--{source}", str(path), "--json"], 60)
    assert ended.status == 0, ended.text
    said: dict[str, Any] = ended.document()
    assert (said["source"], said["policy"]["passed"]) == (source, True)
    assert set(said["inventory"]) >= {"network", "keys", "cluster", "data"}
