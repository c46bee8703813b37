"""The door of Global Accelerator: a name of its own, and no pair that a fence has to hold apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from config.edge import Accelerator
from config.pairs import judge_pair
from config.problems import dotted
from tests.config.containersfile import GONE, refused
from tests.config.pairfiles import PRIMARY, STANDBY, exchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST: Final = "edge.accelerator.host"
ACCELERATOR: Final = ("edge", "accelerator")
DOOR: Final = Accelerator(host="door.phoenix.example")


def judged(changes: Mapping[str, object]) -> set[str]:
    """Return the dotted paths of what is wrong with the shop after a change."""
    return set(refused(changes))


@pytest.mark.parametrize(
    "host", ["phoenix.example", "origin.phoenix.example", "standby.phoenix.example", "door.elsewhere.example"]
)
def test_the_name_is_one_of_the_zone_and_nobody_elses(host: str) -> None:
    assert HOST in judged({HOST: host})
    assert judged({HOST: "door.phoenix.example"}) == set()


def test_a_name_that_cloudfront_answers_by_is_taken() -> None:
    assert HOST in judged({HOST: "live.phoenix.example", "edge.hosts": ["live.phoenix.example"]})


def test_certificates_have_room_for_its_name() -> None:
    hosts = [f"h{at}.phoenix.example" for at in range(8)]
    assert "edge.hosts" not in judged({"edge.hosts": hosts})
    assert "edge.hosts" in judged({"edge.hosts": hosts, HOST: "door.phoenix.example"})
    assert "edge.hosts" not in judged({"edge.hosts": hosts[:7], HOST: "door.phoenix.example"})


def test_it_leads_to_a_load_balancer() -> None:
    assert "edge.accelerator" in judged({HOST: "door.phoenix.example", "edge.balancer": GONE})


@pytest.mark.parametrize(("routing", "refused"), [("failover", True), ("latency", False)])
def test_a_standby_is_a_region_of_it_where_both_answer_at_any_time(routing: str, refused: bool) -> None:  # noqa: FBT001 - a column
    from config.rules.accelerator import regions  # noqa: PLC0415 - beside its one use

    standby = exchanged(exchanged(STANDBY, ACCELERATOR, DOOR), ("edge", "routing"), routing)
    assert bool(list(regions(standby))) is refused


def test_both_stacks_of_a_pair_have_it_or_neither_and_under_one_name() -> None:
    primary = exchanged(PRIMARY, ACCELERATOR, DOOR)
    alone = {dotted(one.path) for one in judge_pair(STANDBY, primary)}
    assert "edge.accelerator" in alone
    other = exchanged(STANDBY, ACCELERATOR, Accelerator(host="gate.phoenix.example"))
    assert HOST in {dotted(one.path) for one in judge_pair(other, primary)}
    same = exchanged(STANDBY, ACCELERATOR, DOOR)
    assert not {dotted(one.path) for one in judge_pair(same, primary)} & {HOST, "edge.accelerator"}
