"""What the whole program changes when a standby takes over, and when the primary takes back: recorded both ways."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from config.files import stack_files
from config.load import load_file
from config.objectives import bound
from review.recording import record_stack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.stack import StackConfig
    from review.graph import Graph

pytestmark = pytest.mark.slow

CALLED: Mapping[str, set[str]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"cloudwatch:PutMetricAlarm"},
    "aws:lambda/invocation:Invocation": {"lambda:Invoke"},
    "aws:lb/listenerRule:ListenerRule": {"elasticloadbalancing:ModifyRule"},
    "aws:rds/instance:Instance": {"rds:PromoteReadReplica"},
    "aws:rds/proxyTarget:ProxyTarget": {"rds:RegisterDBProxyTargets"},
    "aws:ssm/parameter:Parameter": {"ssm:PutParameter"},
    "eks:index:ManagedNodeGroup": {"eks:UpdateNodegroupConfig"},
}
"""Types whose control planes are in the standby's own region, and nothing but settings of what stands -> what a change
calls. None of them is Kubernetes: its API server is private, and who has to fail over may not reach it."""
ORDERED: Mapping[str, set[str]] = {
    "active": set(),
    "datastore": {"elasticache:FailoverGlobalReplicationGroup"},
    "secrets": {"secretsmanager:StopReplicationToReplica"},
}
"""Part of the controller's order -> what the controller calls then, itself in the standby's region."""
THERE = "arn:aws:rds:us-west-2:100000000004:db:phoenix-prod"


def _settings(stack: str, section: str, path: str, **changes: object) -> StackConfig:
    """Return the settings of a stack file with changes under a section."""
    settings = load_file(stack_files()[stack])
    outer = getattr(settings, section)
    inner = getattr(outer, path).model_copy(update=changes)
    return settings.model_copy(update={section: outer.model_copy(update={path: inner})})


@cache
def _standby(*, active: bool) -> Graph:
    return record_stack("dr", _settings("dr", "recovery", "standby", active=active))


def _changed(before: Graph, after: Graph) -> dict[str, str]:
    """Return URN -> type of what is changed in place; providers are not resources of a region."""
    first = {one.urn: one.inputs for one in before.resources}
    return {one.urn: one.type for one in after.resources if one.urn in first and one.inputs != first[one.urn]}


def test_a_failover_calls_services_of_the_standby_s_region_only() -> None:
    changed = _changed(_standby(active=False), _standby(active=True))
    assert set(changed.values()) <= set(CALLED), "IAM, Route 53 and the lost region refuse everything"
    assert {"aws:rds/instance:Instance", "aws:lambda/invocation:Invocation"} <= set(changed.values()), (
        "it does fail over"
    )
    assert "aws:lb/listenerRule:ListenerRule" in changed.values(), "and fences its primary off"


def test_a_failover_touches_nothing_in_the_primary_s_region() -> None:
    after = _standby(active=True)
    changed = _changed(_standby(active=False), after)
    elsewhere = [one.name for one in after.resources if one.urn in changed and "aws-primary" in one.provider]
    assert elsewhere == [], "that region is lost"


def test_a_failover_makes_and_deletes_next_to_nothing() -> None:
    before, after = ({one.urn: one.type for one in _standby(active=on).resources} for on in (False, True))
    come = {after[urn] for urn in set(after) - set(before)} - {"pulumi:pulumi:StackReference"}
    gone = {before[urn] for urn in set(before) - set(after)} - {"pulumi:pulumi:StackReference"}
    assert come <= {"aws:rds/proxyTarget:ProxyTarget"}, "everything that serves stands before"
    assert gone == set(), "and stays"


def _sparse(*, active: bool) -> StackConfig:
    """Return the settings of a standby that has less to turn: no proxy, no edge, nothing that watches it."""
    less = dict.fromkeys(("data.postgres.proxy", "edge"), "as this test wants it")
    standby = load_file(stack_files()["dr"]).recovery.standby  # type: ignore[union-attr]
    reasons = {**standby.differs, **less}  # type: ignore[union-attr]
    settings = _settings("dr", "recovery", "standby", active=active, differs=reasons)
    postgres = settings.data.postgres.model_copy(update={"proxy": None})
    data = settings.data.model_copy(update={"postgres": postgres})
    return settings.model_copy(update={"data": data, "edge": None, "observability": None})


@pytest.mark.parametrize("sparse", [False, True], ids=["dr", "a standby with less"])
def test_the_control_planes_that_a_review_names_are_those_that_a_failover_calls(*, sparse: bool) -> None:
    before, after = (record_stack("dr", _sparse(active=on)) if sparse else _standby(active=on) for on in (False, True))
    stood = {one.urn for one in before.resources}
    changed = set(_changed(before, after).values())
    come = {one.type for one in after.resources if one.urn not in stood} - {"pulumi:pulumi:StackReference"}
    (order,) = (json.loads(one.inputs["input"]) for one in after.of_type("aws:lambda/invocation:Invocation"))
    called = set[str]().union(*(CALLED[one] for one in changed | come), *(ORDERED[part] for part in order))
    settings = _sparse(active=False) if sparse else load_file(stack_files()["dr"])
    named = {f"{call.service}:{call.action}" for call in bound("system", "region", settings).calls}
    assert named == called, "what is turned and not named is missed by who asks whether it can be called"


@pytest.mark.parametrize("source", [THERE, None], ids=["following", "cut over"])
def test_a_new_generation_of_the_primary_leaves_everything_that_holds_data(source: str | None) -> None:
    kept = {one.urn for one in record_stack("prod", load_file(stack_files()["prod"])).resources if one.protect}
    settings = _settings("prod", "data", "postgres", generation=2, previous_generations=(1,), source_arn=source)
    after = {one.urn for one in record_stack("prod", settings).resources}
    assert kept - after == set(), "what is protected is part of the program still"
