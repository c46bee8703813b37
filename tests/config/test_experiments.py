"""Experiments of a stack file: what tests no promise, has nothing to take, or is stopped by nothing, is refused."""

from __future__ import annotations

from typing import Any, Final

import pytest

from config.experiments import allowed_minutes
from config.facts.experiments import ACTIONS, INSTEAD, TARGETS
from config.facts.offers import offers
from config.facts.regions import regions
from config.recovery import Recovery
from tests.config.containersfile import GONE, accepted, as_written, refused

TASK: Final = "experiments.templates.lost-task"
FAILOVER: Final = "experiments.templates.failover"
CACHE: Final = "experiments.templates.lost-cache"
ZONES: Final = "experiments.templates.lost-zones"
BROKER: Final = "experiments.templates.lost-broker"
CONSUMER: Final = "experiments.templates.stopped-consumer"
KEY: Final = "experiments.templates.disabled-key"
QUEUE: Final[dict[str, Any]] = {
    f"{CONSUMER}.target.of": "functions.thumbnails",
    "functions.thumbnails.provisioned_concurrency": GONE,
    "messaging.queues.pictures.visibility_timeout_seconds": 480,
    f"{CONSUMER}.duration_minutes": 31,
}
NAT: Final = "experiments.templates.lost-nat"
CASES: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "no log": ({"experiments.log_retention_days": GONE}, "experiments.log_retention_days", "required key"),
    "no experiment": ({"experiments.templates": {}}, "experiments.templates", "too few"),
    "no hypothesis": ({f"{TASK}.hypothesis": GONE}, f"{TASK}.hypothesis", "required key"),
    "an objective that is not promised": (
        {f"{TASK}.objective": "beanstalk"},
        f"{TASK}.objective",
        "nothing of the kind",
    ),
    "an availability that is not promised": (
        {"recovery.availability_percent": GONE},
        f"{TASK}.objective",
        "nothing of the kind",
    ),
    "an objective for a lost region": (
        {"recovery.objectives.postgres": {"scope": "region", "rto_minutes": 9999, "rpo_minutes": 9999}},
        f"{FAILOVER}.objective",
        "a lost region",
    ),
    "longer than promised": (
        {f"{FAILOVER}.duration_minutes": 3},
        f"{FAILOVER}.duration_minutes",
        "longer than postgres",
    ),
    "longer than FIS runs": ({f"{TASK}.duration_minutes": 721}, f"{TASK}.duration_minutes", "above the maximum"),
    "promised without a gap": ({f"{FAILOVER}.objective": "buckets"}, f"{FAILOVER}.duration_minutes", "0 minutes"),
    "a service that there is none of": (
        {f"{TASK}.target.of": "containers.services.wep"},
        f"{TASK}.target.of",
        "no such",
    ),
    "a part of another action": ({f"{TASK}.target.of": "data.postgres"}, f"{TASK}.target.of", "no such part"),
    "a database that there is none of": ({f"{FAILOVER}.target.of": "data.mysql"}, f"{FAILOVER}.target.of", "no such"),
    "nobody says how many": ({f"{TASK}.target": {"of": "containers.services.web"}}, f"{TASK}.target", "nobody says"),
    "said twice": ({f"{TASK}.target.percent": 50}, f"{TASK}.target", "both given"),
    "most of them": ({f"{TASK}.target.percent": 51}, f"{TASK}.target.percent", "above the maximum"),
    "more than there are": ({f"{TASK}.target.count": 3}, f"{TASK}.target", "2 tasks at rest"),
    "none at rest": ({f"{TASK}.target.of": "containers.services.worker"}, f"{TASK}.target", "0 tasks at rest"),
    "a count of what is one": ({f"{FAILOVER}.target.count": 1}, f"{FAILOVER}.target.count", "no count"),
    "a zone of what has none": ({f"{FAILOVER}.target.zones": ["a"]}, f"{FAILOVER}.target.zones", "no zone"),
    "no zone of what has some": ({f"{CACHE}.target.zones": []}, f"{CACHE}.target.zones", "1 zone"),
    "two zones of what takes one": ({f"{CACHE}.target.zones": ["a", "b"]}, f"{CACHE}.target.zones", "1 zone"),
    "a zone of others": ({f"{ZONES}.target.zones": ["a", "f"]}, f"{ZONES}.target.zones[1]", "no zone of this stack"),
    "three zones": ({f"{ZONES}.target.zones": ["a", "b", "c"]}, f"{ZONES}.target.zones", "too many"),
    "a NAT gateway that is not there": ({"network.nat": "single"}, f"{NAT}.target.zones", "no NAT gateway"),
    "a database without a standby": ({"data.postgres.multi_az": False}, f"{FAILOVER}.target.of", "without a standby"),
    "a cache without replicas": ({"data.redis.replicas_per_shard": 0}, f"{CACHE}.target.of", "Multi-AZ alone"),
    "no stop alarm": ({f"{TASK}.stop_alarms": []}, f"{TASK}.stop_alarms", "too few"),
    "a stop alarm none": ({f"{TASK}.stop_alarms": ["none"]}, f"{TASK}.stop_alarms[0]", "no alarm stops it"),
    "a stop alarm that there is none of": (
        {f"{TASK}.stop_alarms": ["failing-target"]},
        f"{TASK}.stop_alarms[0]",
        "no entry of",
    ),
    "a stop alarm on a metric of the application": (
        {f"{TASK}.stop_alarms": ["few-validators"]},
        f"{TASK}.stop_alarms[0]",
        "publishes itself",
    ),
    "an alarm that was never": (
        {f"{TASK}.steady_state.alarms": ["x-y"]},
        f"{TASK}.steady_state.alarms[0]",
        "no entry of",
    ),
    "a key that a database is under": (
        {f"{KEY}.target.of": "keys.domains.data"},
        f"{KEY}.target.of",
        "RDS stops a database",
    ),
    "a key whose records are lost": ({f"{KEY}.target.of": "keys.domains.logs"}, f"{KEY}.target.of", "lost for good"),
    "a function that works on nothing": (
        {f"{CONSUMER}.target.of": "functions.quote"},
        f"{CONSUMER}.target.of",
        "no queue, stream or topic",
    ),
    "a function that is kept ready": (
        {f"{CONSUMER}.target.of": "functions.thumbnails"},
        f"{CONSUMER}.target.of",
        "kept ready",
    ),
    "messages that would be dead letters": (
        {**QUEUE, f"{CONSUMER}.duration_minutes": 32},
        f"{CONSUMER}.duration_minutes",
        "would give messages up",
    ),
    "changes that would be too old": ({f"{CONSUMER}.duration_minutes": 10}, f"{CONSUMER}.duration_minutes", "too old"),
    "brokers of a stack without them": ({f"{BROKER}.target.of": "network"}, f"{BROKER}.target.of", "no such part"),
    "a steady state of nothing": ({f"{TASK}.steady_state": {}}, f"{TASK}.steady_state", "nothing is looked at"),
    "a check that there is none of": (
        {f"{TASK}.steady_state.checks": ["pods"]},
        f"{TASK}.steady_state.checks[0]",
        "not one of",
    ),
}
"""What is changed, where it is refused, and a part of what is said."""


def test_what_tests_nothing_or_is_stopped_by_nothing_is_refused() -> None:
    assert accepted().experiments
    wrong = {}
    for name, (changes, path, words) in CASES.items():
        found = refused(changes)
        if path not in found or words not in found[path].what or not found[path].fix:
            wrong[name] = {where: problem.what for where, problem in found.items() if where.startswith("experiments")}
    assert wrong == {}


def test_a_consumer_may_stand_still_until_messages_would_be_given_up() -> None:
    assert accepted(QUEUE).experiments, "received four times at most, each hidden for eight minutes"


@pytest.mark.parametrize("name", INSTEAD)
def test_who_asks_for_what_fis_does_not_do_reads_why(name: str) -> None:
    found = refused({f"{TASK}.action": name})[f"{TASK}.action"]
    assert found.fix == INSTEAD[name]
    assert all(one in found.allowed for one in TARGETS)


def test_a_stop_alarm_of_another_region_and_one_that_nobody_publishes_are_refused() -> None:
    elsewhere = refused({"identity.region": "us-west-2", f"{TASK}.stop_alarms": ["cdn-errors"]})
    assert "us-east-1" in elsewhere[f"{TASK}.stop_alarms[0]"].what
    silent = refused({"audit.trail": GONE, f"{TASK}.stop_alarms": ["root-use"]})
    assert "nobody publishes" in silent[f"{TASK}.stop_alarms[0]"].what


def test_a_region_without_fis_has_no_experiments() -> None:
    without = [one for one in regions() if offers(one).has_service("fis") is False]
    assert "il-central-1" in without
    assert "not in il-central-1" in refused({"identity.region": "il-central-1"})["experiments"].what
    assert "experiments" not in refused({"identity.region": "eu-central-1"})


def test_minutes_of_a_promise() -> None:
    recovery = accepted().recovery
    assert allowed_minutes(recovery, "postgres") == 2
    assert allowed_minutes(Recovery(availability_percent=98.5), "availability") == 648, "1.5 % of 30 days"
    assert allowed_minutes(Recovery(), "availability") is None
    assert allowed_minutes(recovery, "beanstalk") is None
    assert allowed_minutes(None, "postgres") is None


def test_a_refusal_has_its_line() -> None:
    text, problems = as_written({f"{TASK}.stop_alarms": ["none"]})
    (problem,) = [one for one in problems if "stop_alarms" in one.path]
    assert problem.line is not None
    assert "none" in text.splitlines()[problem.line - 1]


def test_facts_name_targets_where_there_are_some() -> None:
    for action in ACTIONS.values():
        assert bool(action.key) is bool(action.resource_type) is bool(action.reads)
        assert action.permissions or not action.key
