"""While a standby serves, its primary gets no users, whatever the primary's load balancer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.components.edge.conftest import record_regional

if TYPE_CHECKING:
    from config.edge import Edge
    from config.stack import StackConfig
    from review.graph import Graph

RULE = "aws:lb/listenerRule:ListenerRule"


def test_a_primary_gets_users_while_it_answers_and_no_standby_serves(regional: Graph) -> None:
    both = regional.named("edge-fenced").inputs
    assert (both["type"], both["childHealthThreshold"]) == ("CALCULATED", 2), "one of them is not enough"
    assert both["childHealthchecks"] == ["edge-health-id", "edge-quiet-id"]
    assert not regional.named("edge-health").inputs.get("invertHealthcheck"), "its own answer counts as it is"
    assert regional.named("edge-quiet").inputs["invertHealthcheck"] is True, "the standby's answer counts against it"


def test_the_standby_is_asked_where_and_as_often_as_the_primary_is(regional: Graph, edge: Edge) -> None:
    quiet = regional.named("edge-quiet").inputs
    assert (quiet["type"], quiet["fqdn"], quiet["port"]) == ("HTTPS", "standby.phoenix.example", 443)
    assert quiet["resourcePath"] == "/standby-active"
    pace = (quiet["requestInterval"], quiet["failureThreshold"])
    assert pace == (edge.health_check.interval_seconds, edge.health_check.failure_threshold)


def test_a_primary_names_nothing_of_its_standby_but_a_name(regional: Graph) -> None:
    names = {record.name for record in regional.of_type("aws:route53/record:Record")}
    assert names == {"edge-origin"}, "the name is the standby's to give, so a primary stands without one"
    assert not regional.of_type(RULE), "and has nothing to tell"


def test_a_standby_s_name_leads_to_its_load_balancer(regional_standby: Graph) -> None:
    record = regional_standby.named("edge-standby").inputs
    assert (record["name"], record["type"], record["zoneId"]) == ("standby.phoenix.example", "A", "zone")
    (alias,) = record["aliases"]
    assert alias["name"] == regional_standby.named("edge-alb").outputs["dnsName"]
    assert alias["evaluateTargetHealth"] is False, "the answer needs no pod"
    assert "healthCheckId" not in record, "one name, one answer"


@pytest.mark.parametrize(("status", "active"), [("200", True), ("404", False)])
def test_a_standby_says_whether_it_serves(standby: StackConfig, status: str, *, active: bool) -> None:
    assert standby.edge is not None
    graph = record_regional(standby, standby.edge, active=active)
    rule = graph.named("edge-standby-active")
    assert rule.inputs["listenerArn"] == graph.named("edge-https").outputs["arn"], "by TLS only"
    assert rule.inputs["priority"] == 1, "before whatever else is served"
    assert rule.inputs["conditions"] == [{"pathPattern": {"values": ["/standby-active"]}}], "on this path and no other"
    (action,) = rule.inputs["actions"]
    assert (action["type"], action["fixedResponse"]["statusCode"]) == ("fixed-response", status)
    assert len(action["fixedResponse"]["messageBody"]) < 20, "a word, and nothing that anybody should not know"


def test_a_standby_that_takes_over_changes_one_answer(standby: StackConfig) -> None:
    assert standby.edge is not None
    before, after = (record_regional(standby, standby.edge, active=active) for active in (False, True))
    was = {one.urn: one.inputs for one in before.resources}
    changed = [one.type for one in after.resources if one.inputs != was[one.urn]]
    assert changed == [RULE], "Route 53's control plane is lost with us-east-1"


def test_alarms_are_of_the_region_s_own_answer(regional: Graph) -> None:
    (stack,) = regional.of_type("pulumi:pulumi:Stack")
    assert stack.outputs["watched"] == "edge-health-id", "a primary that is fenced off and well is no reason to wake"
