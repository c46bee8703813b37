"""Both stacks planned by the real engine and the real provider, the pack judging, with nothing deployed.

A standby reads its primary's outputs. None is deployed here, so its state holds what a recording of it publishes.
Deployments are the rehearsal's (tests/engine).
"""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from config import load_file, stack_file
from review import placeholders
from review.graph import ROOT_TYPE
from review.recording import record_stack
from review.verdict import judge
from sandbox.paths import run_directory
from sandbox.run import gate
from sandbox.run.engine import Outcome
from sandbox.run.events import Log
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.graph import Graph
    from sandbox.run.gate import Plan

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

IMPORT = "pulumi stack init {stack}; pulumi stack import -s {stack} --file {file}"
COUNTS = {"prod": 684, "dr": 589}
"""Resources that an `up` of each makes, as the README says."""


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


def planned(world: World, stack: str) -> Plan:
    """The plan of a stack; its preview says what it leaves to the update, and is refused by nothing."""
    ended = world.sandbox("preview", stack, "--json", limit_seconds=500)
    assert ended.status == 0, ended.text[-4000:]
    output, events = (run_directory(world.directory).logs / f"{stack}-preview.{end}" for end in ("log", "events.jsonl"))
    plan = gate.planned(stack, Outcome(0, Log(events).update(), output, events), gated=True)
    (said,) = ended.document()["stacks"]
    assert said["policy"]["pending"] == list(plan.pending)
    assert any("not judged before the update" in note for note in ended.document()["notes"])
    return plan


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_a_stack_is_planned_whole_and_refused_by_nothing_that_can_be_judged_yet(world: World, stack: str) -> None:
    if stack == "dr":
        publish(world, "prod")
    plan = planned(world, stack)
    assert (plan.counts["create"], set(plan.counts)) == (COUNTS[stack], {"create"}), "nothing is there"
    review = judge(recorded(stack), environment=stack, today=datetime.now(tz=UTC).date())
    assert (plan.rules, plan.of) == (review.rules, review.of), "the pack judged what the review judges"
    assert plan.pending, "documents that name what is made by the same update"
    pending = {line.partition(":")[0] for line in plan.pending}
    assert "eks-secrets-kms" in pending, "the component hands encryption on as one value, unknown until its key exists"


def publish(world: World, stack: str) -> None:
    """Let the stack's state hold what a recording of it publishes."""
    file = world.directory / f"{stack}-outputs.json"
    text = json.dumps(published(recorded(stack))).replace(placeholders.REGION, "us-east-1")  # the provider reads ARNs
    file.write_text(text, encoding="utf-8")
    typed = world.sandbox("shell", stack, script=IMPORT.format(stack=stack, file=shlex.quote(str(file))))
    assert typed.status == 0, typed.text
