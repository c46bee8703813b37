"""Experiments of a deployed stack: `chaos` runs its very templates, says what holds, and puts the world back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.slow, pytest.mark.timeout(1200)]
STACK: Final = "auctions"
UP_SECONDS: Final = 900
EXPERIMENTS: Final = """
    recovery:
      availability_percent: 98
      objectives: {postgres: {scope: zone, rto_minutes: 2, rpo_minutes: 0}}
    experiments:
      log_retention_days: 90
      templates:
        lost-task:
          hypothesis: A task of the backend that ends is replaced
          objective: availability
          action: stop_tasks
          target: {of: containers.services.serverpod, count: 1}
          duration_minutes: 2
          stop_alarms: [few-tasks]
          steady_state: {checks: [tasks, targets]}
        failover:
          hypothesis: The database fails over within two minutes
          objective: postgres
          action: fail_over_database
          target: {of: data.postgres}
          duration_minutes: 2
          stop_alarms: [few-tasks]
          steady_state: {alarms: [few-tasks], checks: [database]}
        unnoticed:
          hypothesis: Nobody notices that the database fails over
          objective: postgres
          action: fail_over_database
          target: {of: data.postgres}
          duration_minutes: 2
          stop_alarms: [few-tasks]
          steady_state: {checks: [database], throughout: true}
        lost-zone:
          hypothesis: One zone serves what two served
          objective: availability
          action: lose_zones
          target: {of: network, zones: [a]}
          duration_minutes: 10
          stop_alarms: [failing-targets]
          steady_state: {checks: [tasks, targets, database, cache]}
"""
"""What the deployed stack has beside its stack file."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The deployed stack, with experiments."""
    made = World.copied(tmp_path_factory.mktemp("chaos") / STACK)
    with (made.directory / f"Pulumi.{STACK}.yaml").open("a", encoding="utf-8") as file:
        file.write(EXPERIMENTS)
    try:
        up = made.sandbox("up", STACK, "--json", limit_seconds=UP_SECONDS)
        assert up.status == 0, up.text[-8000:]
        yield made
    finally:
        made.sandbox("down")


def test_the_provider_reads_back_what_it_made(world: World) -> None:
    again = world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-4000:]
    (planned,) = again.document()["stacks"]
    assert (planned["changes"], planned["policy"]["refused"]) == ({}, 0)


def test_promises_that_hold_are_held_and_one_that_does_not_is_failed(world: World) -> None:
    before = world.state(STACK)
    ended = world.sandbox("chaos", STACK, "--json")
    said = ended.document()
    assert (ended.status, said["ok"]) == (1, False), ended.text[-8000:]
    report: dict[str, Any] = said["error"]["report"]
    found = {one["name"]: one for one in report["experiments"]}
    verdicts = {name: (one["verdict"], one["why"]) for name, one in found.items()}
    assert {name: verdict for name, (verdict, _) in verdicts.items()} == {
        "lost-task": "held",
        "failover": "held",
        "unnoticed": "failed",
        "lost-zone": "held",
    }, json.dumps(report, indent=1)[-9000:]
    assert [state.partition(": ")[2] for state in found["lost-task"]["became"].values()] == ["Task stopped by AWS FIS"]
    assert 0 < found["failover"]["recovery_seconds"] <= 120
    assert len(found["lost-zone"]["injected"]["subnets-a"]) == 3
    evidence = [Path(name) for name in report["files"]]
    assert [one.suffix for one in evidence] == [".json", ".md"]
    assert "unnoticed: failed" in evidence[1].read_text(encoding="utf-8")
    assert world.state(STACK) == before


def test_one_experiment_is_run_by_its_name_and_others_are_refused(world: World) -> None:
    one = world.sandbox("chaos", STACK, "--only", "failover", "--json")
    assert one.status == 0, one.text[-6000:]
    assert [each["name"] for each in one.document()["experiments"]] == ["failover"]
    refused = world.sandbox("chaos", STACK, "--only", "flood", "--json")
    assert refused.status == 1
    assert "lost-task" in refused.document()["error"]["fix"]
