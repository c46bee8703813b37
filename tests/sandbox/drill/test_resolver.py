"""What a failover pair answers is Route 53's table, whatever the order of the records."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.drill.resolver import Record, answer, pair

PRIMARY = Record("origin.phoenix.example", "A", "PRIMARY", "hc-east", "east.elb")
SECONDARY = Record("origin.phoenix.example", "A", "SECONDARY", "hc-west", "west.elb")
OTHERS = [
    Record("phoenix.example", "A", "", "", "d1.cloudfront.net"),
    Record("origin.phoenix.example", "AAAA", "SECONDARY", "hc-west", "west6.elb"),
]

TABLE = {(True, True): "east.elb", (True, False): "east.elb", (False, True): "west.elb", (False, False): "east.elb"}


@pytest.mark.parametrize(("health", "target"), TABLE.items())
def test_the_answer_follows_the_health_of_both(health: tuple[bool, bool], target: str) -> None:
    state = dict(zip(("hc-east", "hc-west"), health, strict=True))
    for records in itertools.permutations([PRIMARY, SECONDARY, *OTHERS]):
        found = answer(records, "Origin.Phoenix.Example.", state)
        assert found is not None
        assert found.target == target


def test_a_record_without_a_health_check_counts_as_healthy() -> None:
    bare = Record("origin.phoenix.example", "A", "PRIMARY", "", "east.elb")
    assert answer([bare, SECONDARY], "origin.phoenix.example", {"hc-west": True}) == bare


def test_a_record_that_stands_alone_is_the_answer() -> None:
    assert answer(OTHERS, "phoenix.example", {}) == OTHERS[0]


def test_a_pair_without_its_secondary_stays_where_it_is() -> None:
    found = answer([PRIMARY], "origin.phoenix.example", {"hc-east": False})
    assert found == PRIMARY, "this is what a standby without a record is worth"


@given(st.text("abc.", max_size=8))
def test_a_name_that_nobody_has_is_answered_by_nothing(name: str) -> None:
    assert answer([PRIMARY, SECONDARY], name, {}) is None


def test_a_listed_record_is_read_with_its_alias() -> None:
    said = {
        "Name": "Origin.phoenix.example.",
        "Type": "A",
        "Failover": "SECONDARY",
        "HealthCheckId": "hc-west",
        "AliasTarget": {"DNSName": "West.elb.", "HostedZoneId": "Z1", "EvaluateTargetHealth": True},
    }
    assert Record.read(said) == SECONDARY
    assert set(pair([Record.read(said), PRIMARY], "origin.phoenix.example")) == {"PRIMARY", "SECONDARY"}
