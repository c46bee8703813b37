"""Kafka of a stack file: what MSK could not build, or a lost broker would stop, is refused, each at its place."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Any, Final

import pytest

from config.facts.streaming import BROKER_TYPES, IAM_PORT, JMX_PORT, NODE_PORT, VERSIONS
from config.objectives import availability, bound
from config.objectives.unreckoned import unreckoned
from config.pairs import judge_pair
from config.placement import served, spans
from config.problems import dotted
from tests.config import containersfile
from tests.config.containersfile import GONE
from tests.config.streamingfile import accepted, refused, standby

BROKERS: Final = "streaming.brokers"
TOPICS: Final = "streaming.topics"
CHECKED: Final = {"recovery.standby.detection": {"interval_seconds": 10, "failure_threshold": 3}}
"""A health check that the loss of the primary is noticed by."""
CASES: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "a version out of support": (
        {"streaming.kafka_version": "3.5.1"},
        "streaming.kafka_version",
        "ended on 2025-10-23",
    ),
    "a version that nobody knows": ({"streaming.kafka_version": "3.2.9"}, "streaming.kafka_version", "no version"),
    "a version of another line": ({"streaming.kafka_version": "4.0.x"}, "streaming.kafka_version", ""),
    "a type of EC2": ({f"{BROKERS}.instance_type": "m5.large"}, f"{BROKERS}.instance_type", "no type of MSK"),
    "an express broker": (
        {f"{BROKERS}.instance_type": "express.m7g.large"},
        f"{BROKERS}.instance_type",
        "no type of MSK",
    ),
    "a small broker that a replicator reads from": (
        {f"{BROKERS}.instance_type": "kafka.t3.small"},
        f"{BROKERS}.instance_type",
        "no private connectivity",
    ),
    "no storage": ({f"{BROKERS}.storage_gib": 0}, f"{BROKERS}.storage_gib", ""),
    "more storage than a broker has": ({f"{BROKERS}.storage_gib": 16_385}, f"{BROKERS}.storage_gib", ""),
    "storage that would have to shrink": (
        {f"{BROKERS}.storage_scaling.max_gib": 90},
        f"{BROKERS}.storage_scaling.max_gib",
        "no room for one step of 10 GiB",
    ),
    "storage without room for a step": (
        {f"{BROKERS}.storage_gib": 1000, f"{BROKERS}.storage_scaling.max_gib": 1099},
        f"{BROKERS}.storage_scaling.max_gib",
        "one step of 100 GiB",
    ),
    "storage that grows at once": (
        {f"{BROKERS}.storage_scaling.target_percent": 9},
        f"{BROKERS}.storage_scaling.target_percent",
        "",
    ),
    "storage that grows too late": (
        {f"{BROKERS}.storage_scaling.target_percent": 81},
        f"{BROKERS}.storage_scaling.target_percent",
        "",
    ),
    "storage that grows where it cannot": (
        {"identity.region": "ap-northeast-3"},
        f"{BROKERS}.storage_scaling",
        "moves no storage",
    ),
    "more copies than brokers": ({f"{TOPICS}.replication_factor": 4}, f"{TOPICS}.replication_factor", "the 3 brokers"),
    "every copy in step": ({f"{TOPICS}.min_insync_replicas": 3}, f"{TOPICS}.min_insync_replicas", "nobody writes"),
    "one copy": (
        {f"{TOPICS}.replication_factor": 1, f"{TOPICS}.min_insync_replicas": 1},
        f"{TOPICS}.min_insync_replicas",
        "nobody writes",
    ),
    "more brokers than a cluster has": ({f"{BROKERS}.per_zone": 11}, f"{BROKERS}.per_zone", "33 brokers in 3 zones"),
    "topics for ever": ({f"{TOPICS}.retention_hours": -1}, f"{TOPICS}.retention_hours", ""),
    "logs of no time": ({"streaming.monitoring.log_retention_days": 2}, "streaming.monitoring.log_retention_days", ""),
    "clients by password": ({"streaming.scram": True}, "streaming.scram", "unknown key"),
    "clients without a name": ({"streaming.unauthenticated": True}, "streaming.unauthenticated", "unknown key"),
    "pods without a cluster": (
        {"streaming.application": {"writes": ["views"], "reason": "Counts who looks at what"}},
        "streaming.application",
        "made by data",
    ),
    "no network": ({"network": GONE}, "streaming", "stands in subnets"),
    "no isolated tier": ({"network.tiers.brokers": GONE}, "network.tiers", "which streaming needs"),
    "a promise that no replicator keeps": (
        {"recovery": {"objectives": {"streaming": {"scope": "region", "rto_minutes": 60, "rpo_minutes": 60}}}},
        "recovery.objectives.streaming.rpo_minutes",
        "no standby",
    ),
}
IN_SHOP: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "rights without a way": (
        {"containers.services.live.reaches": ["redis"]},
        "containers.services.live.reaches",
        "role.streaming without reaches",
    ),
    "a way without rights": (
        {"functions.thumbnails.role.streaming": GONE},
        "functions.thumbnails.reaches",
        "reaches without role.streaming",
    ),
    "a consumer of no group": (
        {"containers.services.live.task.role.streaming.groups": []},
        "containers.services.live.task.role.streaming.reads",
        "reads without groups",
    ),
    "rights to nothing": (
        {"streaming.application": {"reason": "Counts who looks at what"}},
        "streaming.application",
        "allows nothing",
    ),
    "a topic by a pattern": ({"streaming.application.writes": ["*views"]}, "streaming.application.writes[0]", ""),
    "no cluster of Kafka": ({"streaming": GONE}, "containers.services.live.task.role.streaming", "has the topics"),
}


@pytest.mark.parametrize(("changes", "path", "what"), CASES.values(), ids=CASES)
def test_what_cannot_be_is_refused_at_its_place(changes: dict[str, Any], path: str, what: str) -> None:
    found = refused(changes)
    assert path in found, sorted(found)
    assert what in found[path].what
    assert found[path].fix
    assert found[path].allowed


@pytest.mark.parametrize(("changes", "path", "what"), IN_SHOP.values(), ids=IN_SHOP)
def test_clients_are_let_in_by_group_and_by_right_or_not_at_all(changes: dict[str, Any], path: str, what: str) -> None:
    found = containersfile.refused(changes)
    assert path in found, sorted(found)
    assert what in found[path].what


@pytest.mark.parametrize("version", [name for name, one in VERSIONS.items() if one.standard is None])
def test_every_version_in_support_may_be_had(version: str) -> None:
    assert accepted({"streaming.kafka_version": version}).streaming is not None


def test_a_version_is_good_until_the_last_day_of_its_support() -> None:
    last = VERSIONS["3.6.0"].standard
    assert last == date(2026, 6, 1)
    on_the_day = {"streaming.kafka_version": "3.6.0", "as_of": str(last)}
    assert "streaming.kafka_version" not in refused(on_the_day)
    assert "streaming.kafka_version" in refused({**on_the_day, "as_of": "2026-06-02"})


@pytest.mark.parametrize("kind", BROKER_TYPES)
def test_every_type_of_broker_may_be_had(kind: str) -> None:
    assert accepted({f"{BROKERS}.instance_type": kind, "streaming.private_connectivity": False}).streaming is not None


def test_a_cluster_in_two_zones_has_two_copies_and_more_where_a_replicator_reads() -> None:
    two = {
        "network.zones": ["a", "b"],
        **{
            f"network.tiers.{tier}.cidrs": [f"10.70.{at}.0/24", f"10.70.{at + 1}.0/24"]
            for tier, at in (("private", 0), ("brokers", 10))
        },
        f"{TOPICS}.replication_factor": 2,
        f"{TOPICS}.min_insync_replicas": 1,
    }
    assert f"{BROKERS}.per_zone" in refused(two), "no replicator reads from two brokers"
    assert accepted({**two, f"{BROKERS}.per_zone": 2}).streaming is not None


def test_exporters_have_ports_where_they_are_asked_for() -> None:
    def ports(changes: dict[str, Any]) -> list[int]:
        (member,) = [one for _, _, one in served(accepted(changes)) if one.group == "streaming"]
        return [port.number for port in member.ports]

    assert ports({}) == [IAM_PORT], "no plain port, no port of passwords or certificates"
    both = {"streaming.monitoring.jmx_exporter": True, "streaming.monitoring.node_exporter": True}
    assert ports(both) == [IAM_PORT, JMX_PORT, NODE_PORT]
    assert spans((9098, JMX_PORT, NODE_PORT, 80)) == ((9098, 9098), (11001, 11002), (80, 80)), "one rule for neighbours"


def test_a_lost_zone_costs_nothing_where_two_copies_are_acknowledged() -> None:
    kept = bound("streaming", "zone", accepted())
    assert (kept.seconds("rto"), kept.seconds("rpo")) == (60, 0)
    one = bound("streaming", "zone", accepted({f"{TOPICS}.min_insync_replicas": 1}))
    assert one.seconds("rpo") == inf, "what one broker alone has acknowledged may be lost with its zone"
    crowded = {f"{BROKERS}.per_zone": 2, f"{TOPICS}.replication_factor": 5, f"{TOPICS}.min_insync_replicas": 4}
    assert bound("streaming", "zone", accepted(crowded)).seconds("rto") == inf, "three copies are left, four are asked"


def test_a_lost_region_costs_what_the_lag_alarm_lets_pass_or_everything() -> None:
    found = bound("streaming", "region", standby(CHECKED))
    assert (found.seconds("rpo"), found.seconds("rto")) == (180, 30 + 300 + 60 + 60)
    assert "streaming" in found.mechanism or found.mechanism == "replicator"
    blind = bound("streaming", "region", standby({"recovery.standby.streaming": {}}))
    assert blind.seconds("rpo") == inf
    alone = bound("streaming", "region", standby({"recovery.standby.streaming": GONE}))
    assert (alone.seconds("rto"), alone.seconds("rpo")) == (inf, inf)


def test_an_objective_that_needs_a_replicator_says_so() -> None:
    promise = {"streaming": {"scope": "region", "rto_minutes": 15, "rpo_minutes": 5}}
    found = containersfile.refused(
        {"recovery.standby.streaming": GONE, "recovery.objectives": promise, **CHECKED}, standby
    )
    assert "recovery.standby.streaming" in found["recovery.objectives.streaming.rpo_minutes"].fix


def test_topics_follow_into_a_cluster_that_is_there() -> None:
    found = containersfile.refused({"streaming": GONE}, standby)
    assert "is what the topics are copied to" in found["recovery.standby.streaming"].what


def test_availability_counts_the_brokers_and_the_section_is_reckoned() -> None:
    assert [one.part for one in availability(accepted()).parts] == ["MSK in two zones"]
    assert unreckoned(accepted()) == []


def test_a_standby_follows_a_primary_that_lets_its_replicator_in() -> None:
    assert judge_pair(standby(), accepted()) == []
    found = judge_pair(standby(), accepted({"streaming.private_connectivity": False}))
    assert [dotted(one.path) for one in found] == ["recovery.standby.streaming"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("streaming.kafka_version", "3.8.x"),
        (f"{BROKERS}.instance_type", "kafka.t3.small"),
        (f"{BROKERS}.storage_gib", 50),
        (f"{BROKERS}.storage_scaling.max_gib", 400),
        (f"{TOPICS}.replication_factor", 2),
        (f"{TOPICS}.retention_hours", 24),
    ],
)
def test_a_standby_has_no_less_than_its_primary(path: str, value: object) -> None:
    more = {f"{TOPICS}.min_insync_replicas": 1} if path.endswith("factor") else {}
    found = judge_pair(standby({path: value, **more}), accepted(more))
    assert path in [dotted(one.path) for one in found]
