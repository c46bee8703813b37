"""While a standby serves, its primary gets no users, whatever the primary's load balancer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.edge import Edge
    from review.graph import Graph

CHECKS = "aws:route53/healthCheck:HealthCheck"


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


def test_a_standby_s_half_is_held_off_by_nobody(regional_standby: Graph) -> None:
    assert {check.name for check in regional_standby.of_type(CHECKS)} == {"edge-health"}, "it serves if all else fails"


def test_alarms_are_of_the_region_s_own_answer(regional: Graph) -> None:
    (stack,) = regional.of_type("pulumi:pulumi:Stack")
    assert stack.outputs["watched"] == "edge-health-id", "a primary that is fenced off and well is no reason to wake"
