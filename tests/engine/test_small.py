"""The smallest stack file of the project deploys as it is, changes nothing a second time, and is destroyed whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config import load_file
from config.facts.versions import POSTGRES
from policy.pack import RULES
from policy.rule import WhenUnknown
from review.difference.compare import compare
from review.recording import record_stack
from tests.engine import verdicts
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(900)]

STACK = "small"
NOT_BEFORE_THE_UPDATE = {"data-postgres-rotation-policy": "its statements name the secret that the update makes"}
"""Resource that a preview of the new stack leaves to its update -> why."""
SWAPS = (
    ("instance_class: db.t4g.medium", "instance_class: db.t4g.large"),
    ("flow_logs: {retention_days: 90}", "flow_logs: {retention_days: 120}"),
    ('engine_version: "17.10"', f'engine_version: "16.{POSTGRES[16].newest}"'),
)
"""Changes of the stack file; the last one makes the parameter group anew."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A checkout of its own, with nothing deployed; nothing of it outlives the tests."""
    world = World.copied(tmp_path_factory.mktemp("small"))
    yield world
    world.sandbox("down")


def test_a_new_stack_is_previewed_as_it_is_reviewed(small: World, tmp_path: Path) -> None:
    found = verdicts.typed(small, STACK, tmp_path, verdicts.PREVIEW).by_source
    assert found["preview"] == found["preview's JSON"]
    assert len(found["recording"]) > 2, "without waivers, and under the strictest profile"
    assert found["recording"] <= found["preview"]
    waiting = found["preview"] - found["recording"]
    assert {urn.rpartition("::")[2] for _, urn, _ in waiting} == set(NOT_BEFORE_THE_UPDATE)
    assert {what for _, _, what in waiting} == {"unknown"}
    by_name = {rule.name: rule for rule in RULES}
    assert {by_name[rule].when_unknown for rule, _, _ in waiting} == {WhenUnknown.DEFER}, "an `up` is not refused"


def test_a_database_in_a_network_deploys_alone_and_is_destroyed_without_a_trace(small: World, tmp_path: Path) -> None:
    up = small.sandbox("up", STACK, "--json")
    assert up.status == 0, up.text[-4000:]
    types = [one["type"] for one in small.state(STACK)["deployment"]["resources"]]
    assert types.count("aws:rds/instance:Instance") == 1
    assert not {"aws:s3/bucket:Bucket", "eks:index:Cluster", "aws:ec2/internetGateway:InternetGateway"} & set(types)
    again = small.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-4000:]
    (planned,) = again.document()["stacks"]
    assert planned["changes"] == {}, "everything stands"
    assert planned["policy"]["refused"] == 0
    for old, new in SWAPS:
        assert_foretold(small, old, new)
    found = verdicts.typed(small, STACK, tmp_path, verdicts.PREVIEW, verdicts.ANALYZE).by_source
    assert set(found) == {"recording", "preview", "preview's JSON", "export", "opened", "redacted"}
    assert {source: said ^ found["recording"] for source, said in found.items()} == dict.fromkeys(found, frozenset())
    down = small.sandbox("down", "--destroy", STACK, "--json")
    assert down.status == 0, down.text[-4000:]
    notes = down.document()["notes"]
    assert any("asked the embedded AWS with boto3: none of" in note for note in notes), notes
    assert notes[-1] == "nothing runs"


def assert_foretold(world: World, old: str, new: str) -> None:
    """The comparison of two recordings says of a change what the engine plans: how many of each operation."""
    file = world.directory / f"Pulumi.{STACK}.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    before = record_stack(STACK, load_file(file))
    file.write_text(text.replace(old, new), encoding="utf-8")
    try:
        found = compare(before, record_stack(STACK, load_file(file)))
        planned = world.sandbox("preview", STACK, "--json")
    finally:
        file.write_text(text, encoding="utf-8")
    assert planned.status == 0, planned.text[-4000:]
    (said,) = planned.document()["stacks"]
    assert dict(found.counts) == said["changes"], (new, [(one.operation, one.resource.name) for one in found.changes])
    assert ("replace" in found.counts) is (new == SWAPS[-1][1])
