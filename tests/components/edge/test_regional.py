from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.components.edge.conftest import record_regional

if TYPE_CHECKING:
    from config.edge import Edge
    from config.stack import StackConfig
    from review.graph import Graph

HALVES = {"regional": "PRIMARY", "regional_standby": "SECONDARY"}


@pytest.fixture(params=HALVES)
def half(request: pytest.FixtureRequest) -> tuple[Graph, str]:
    """The edge of each region, and its half of the failover pair."""
    graph: Graph = request.getfixturevalue(request.param)
    return graph, HALVES[request.param]


def test_the_load_balancer_faces_the_internet_in_every_zone(regional: Graph, regional_standby: Graph) -> None:
    for graph, zones in ((regional, "abc"), (regional_standby, "ab")):
        balancer = graph.named("edge-alb").inputs
        assert balancer["internal"] is False
        assert balancer["subnets"] == [f"public-{zone}" for zone in zones], "the tier that is for it"
        assert balancer["securityGroups"] == ["sg-alb"], "reference 004's group"


def test_the_load_balancer_is_logged_and_kept(half: tuple[Graph, str]) -> None:
    balancer = half[0].named("edge-alb").inputs
    assert balancer["accessLogs"] == {"bucket": "access-logs", "prefix": "alb", "enabled": True}
    assert balancer["enableDeletionProtection"] is True, "its name stands in records and health checks"
    assert balancer["dropInvalidHeaderFields"] is True, "what servers read differently is dropped"


def test_plain_http_is_sent_to_tls(half: tuple[Graph, str]) -> None:
    (action,) = half[0].named("edge-http").inputs["defaultActions"]
    assert action["type"] == "redirect", "nothing is answered in the clear"
    assert action["redirect"] == {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}


def test_tls_is_of_the_stack_files_policy_and_for_the_origins_name(half: tuple[Graph, str], edge: Edge) -> None:
    graph, _ = half
    listener = graph.named("edge-https")
    assert (listener.inputs["protocol"], listener.inputs["port"]) == ("HTTPS", 443)
    assert listener.inputs["sslPolicy"] == edge.balancer.tls_policy
    assert graph.named("edge-certificate").inputs["domainName"] == "origin.phoenix.example", "CloudFront asks by it"
    issued = graph.named("edge-certificate-issued").urn
    assert issued in listener.property_dependencies["certificateArn"], "ELB takes no certificate that is not issued"


def test_pods_are_reached_by_address_on_the_port_that_the_seed_opens(half: tuple[Graph, str], edge: Edge) -> None:
    targets = half[0].named("edge-pods").inputs
    assert (targets["targetType"], targets["protocol"], targets["port"]) == ("ip", "HTTPS", 443), "443 from the ALB"
    assert targets["healthCheck"]["path"] == edge.health_check.path
    assert targets["healthCheck"]["protocol"] == "HTTPS"


def test_each_region_is_asked_under_its_own_name(half: tuple[Graph, str]) -> None:
    graph, _ = half
    check = graph.named("edge-health").inputs
    assert check["fqdn"] == graph.named("edge-alb").outputs["dnsName"], "the common name leads to whoever is healthy"
    assert (check["type"], check["port"], check["resourcePath"]) == ("HTTPS", 443, "/healthz")


def test_a_lost_region_is_noticed_after_half_a_minute(half: tuple[Graph, str]) -> None:
    check = half[0].named("edge-health").inputs
    assert check["requestInterval"] * check["failureThreshold"] == 30, "what the recovery objectives count on"


def test_each_region_has_its_half_of_the_pair(half: tuple[Graph, str]) -> None:
    graph, place = half
    check = {"PRIMARY": "edge-fenced-id", "SECONDARY": "edge-health-id"}[place]
    record = graph.named("edge-origin").inputs
    assert (record["name"], record["type"], record["zoneId"]) == ("origin.phoenix.example", "A", "zone")
    assert record["failoverRoutingPolicies"] == [{"type": place}]
    assert record["setIdentifier"] == place.lower(), "the two stand side by side under one name"
    assert record["healthCheckId"] == check, "without it Route 53 takes the half for healthy for ever"
    (alias,) = record["aliases"]
    assert alias["evaluateTargetHealth"] is True, "a load balancer without targets serves nobody"


def test_requests_pass_a_firewall(half: tuple[Graph, str]) -> None:
    graph, _ = half
    association = graph.named("edge-guarded").inputs
    assert association["resourceArn"] == graph.named("edge-alb").outputs["arn"]
    assert graph.named("edge-firewall-acl").inputs["scope"] == "REGIONAL"


def test_nothing_of_a_region_is_proven_or_zoned_there(half: tuple[Graph, str]) -> None:
    graph, _ = half
    assert not graph.any_of_type("aws:route53/zone:Zone"), "the zone is the primary's"
    (record,) = graph.of_type("aws:route53/record:Record")
    assert record.name == "edge-origin", "two stacks would fight over the record that proves the name"


@pytest.mark.parametrize("stack", ["settings", "standby"])
def test_by_latency_each_region_answers_who_is_near_and_nobody_is_fenced(
    request: pytest.FixtureRequest, stack: str
) -> None:
    settings: StackConfig = request.getfixturevalue(stack)
    assert settings.edge is not None
    graph = record_regional(settings, settings.edge.model_copy(update={"routing": "latency"}))
    record = graph.named("edge-origin").inputs
    assert record["latencyRoutingPolicies"] == [{"region": settings.identity.region}]
    assert "failoverRoutingPolicies" not in record, "Route 53 takes one policy for a name"
    assert record["healthCheckId"] == "edge-health-id", "a region that is lost answers nobody"
    assert not [one for one in graph.resources if one.name in ("edge-quiet", "edge-fenced")]
