"""After `down --destroy` there is nothing: not in the emulator, not in the process table, not on disk.

These tests are the last of this directory, whatever the order they are asked for in.
"""

from __future__ import annotations

import fcntl
import json
from typing import TYPE_CHECKING

import pytest

from tests.engine.processes import command_line, marked

if TYPE_CHECKING:
    from tests.engine.conftest import Destroyed
    from tests.engine.world import World

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]


def test_down_ends_well_and_says_what_it_proved(ended: Destroyed) -> None:
    assert ended.down.status == 0, ended.down.text[-4000:]
    notes = ended.down.document()["notes"]
    assert notes[-1] == "nothing runs"
    assert ["asked the embedded AWS with boto3: none of" in note for note in notes[:2]] == [True, True]


def test_prod_was_in_its_region_before(ended: Destroyed) -> None:
    counts = ended.before
    assert (counts.vpcs, counts.subnets, counts.clusters, counts.node_groups) == (2, 16, 1, 4)
    assert (counts.db_instances, counts.cache_groups, counts.buckets, counts.keys) == (3, 1, 7, 6)


def test_nothing_is_left_in_the_emulator_when_it_ends(ended: Destroyed) -> None:
    assert ended.last is not None, "the emulator answered until the stack was destroyed"
    assert ended.last.left() == {}


def test_no_process_of_ours_runs(ended: Destroyed, world: World) -> None:
    assert ended.down.status == 0
    assert [command_line(pid) for pid in marked(world.mark)] == []


def test_the_emulator_has_ended(ended: Destroyed) -> None:
    assert not ended.emulator.runs()


def test_the_engine_holds_no_lock(ended: Destroyed, world: World) -> None:
    assert ended.down.status == 0
    assert list((world.run_directory / "state" / ".pulumi" / "locks").rglob("*.json")) == []


def test_the_run_directory_is_free(ended: Destroyed, world: World) -> None:
    assert ended.down.status == 0
    with (world.run_directory / "lock").open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert json.loads((world.run_directory / "journal.json").read_text(encoding="utf-8"))["status"] == "idle"


def test_no_stack_and_no_secret_is_left_on_disk(ended: Destroyed, world: World) -> None:
    assert ended.down.status == 0
    assert list((world.run_directory / "state" / ".pulumi" / "stacks").rglob("*.json")) == []
    holders = [
        path
        for path in world.run_directory.rglob("*")
        if path.is_file() and any(value.encode() in path.read_bytes() for value in ended.secrets)
    ]
    assert holders == [], "the emulator's state went with the stack"


def test_status_tells_that_nothing_runs(ended: Destroyed, world: World) -> None:
    assert ended.down.status == 0
    said = world.sandbox("status", "--json").document()
    assert (said["emulator"], said["stacks"], said["notes"][0]) == (None, [], "nothing runs")
