"""The edge as the embedded AWS has it, asked with boto3: one distribution, and two regions behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.conftest import ACCOUNT, REGION, STANDBY_REGION

if TYPE_CHECKING:
    from tests.engine.conftest import Aws, Client

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1800)]

REGIONS = {REGION: "PRIMARY", STANDBY_REGION: "SECONDARY"}
DOMAIN, ORIGIN = "phoenix.example.", "origin.phoenix.example."


@pytest.fixture(scope="module")
def records(aws: Aws) -> list[dict[str, Any]]:
    route53 = aws("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    assert zone["Name"] == DOMAIN
    return list(route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"])


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _balancer(elb: Client) -> dict[str, Any]:
    (found,) = elb.describe_load_balancers()["LoadBalancers"]
    return dict(found)


def test_the_name_of_the_system_leads_to_cloudfront(aws: Aws, records: list[dict[str, Any]]) -> None:
    (distribution,) = aws("cloudfront").list_distributions()["DistributionList"]["Items"]
    assert distribution["Aliases"]["Items"] == ["phoenix.example"]
    targets = {
        record["Type"]: record["AliasTarget"]["DNSName"].rstrip(".")
        for record in records
        if record["Name"] == DOMAIN and "AliasTarget" in record
    }
    assert targets == dict.fromkeys(("A", "AAAA"), distribution["DomainName"]), "over both protocols"


@pytest.fixture(scope="module")
def checks(aws: Aws) -> dict[str, dict[str, Any]]:
    return {one["Id"]: one["HealthCheckConfig"] for one in aws("route53").list_health_checks()["HealthChecks"]}


def children(both: dict[str, Any], checks: dict[str, dict[str, Any]]) -> dict[bool, dict[str, Any]]:
    """Children of a calculated check, by whether they are inverted; AWS keeps them in no order."""
    return {checks[child].get("Inverted", False): checks[child] for child in both["ChildHealthChecks"]}


def test_the_origin_is_a_pair_that_fails_over_by_health_checks_of_its_own(
    aws: Aws, records: list[dict[str, Any]], checks: dict[str, dict[str, Any]]
) -> None:
    pair = {record["Failover"]: record for record in records if record["Name"] == ORIGIN and record["Type"] == "A"}
    assert pair.keys() == set(REGIONS.values()), "prod answers, and dr when prod cannot"
    for there, half in REGIONS.items():
        balancer = _balancer(aws("elbv2", there))
        assert pair[half]["AliasTarget"]["DNSName"].rstrip(".").removeprefix("dualstack.") == balancer["DNSName"]
        named = checks[pair[half]["HealthCheckId"]]
        own = children(named, checks)[False] if half == "PRIMARY" else named
        assert own["FullyQualifiedDomainName"] == balancer["DNSName"], "each region is asked under its own name"
        assert (own["RequestInterval"], own["FailureThreshold"], own["ResourcePath"]) == (10, 3, "/healthz")


def test_prod_gets_no_users_while_dr_says_that_it_serves(
    aws: Aws, records: list[dict[str, Any]], checks: dict[str, dict[str, Any]]
) -> None:
    (both,) = [check for check in checks.values() if check["Type"] == "CALCULATED"]
    assert both["HealthThreshold"] == len(both["ChildHealthChecks"]) == 2, "both are needed"
    quiet = children(both, checks)[True]
    assert quiet["FullyQualifiedDomainName"] == "standby.phoenix.example"
    elb = aws("elbv2", STANDBY_REGION)
    (record,) = [one for one in records if one["Name"] == "standby.phoenix.example."]
    assert record["AliasTarget"]["DNSName"].rstrip(".").removeprefix("dualstack.") == _balancer(elb)["DNSName"]
    listeners = elb.describe_listeners(LoadBalancerArn=_balancer(elb)["LoadBalancerArn"])["Listeners"]
    (tls,) = [one["ListenerArn"] for one in listeners if one["Port"] == 443]
    (rule,) = [one for one in elb.describe_rules(ListenerArn=tls)["Rules"] if not one["IsDefault"]]
    assert rule["Conditions"][0]["Values"] == [quiet["ResourcePath"]]
    assert rule["Actions"][0]["FixedResponseConfig"]["StatusCode"] == "404", "dr does not serve"


def test_a_load_balancer_is_logged_protected_and_drops_what_is_malformed(aws: Aws, region: str) -> None:
    elb = aws("elbv2", region)
    found = elb.describe_load_balancer_attributes(LoadBalancerArn=_balancer(elb)["LoadBalancerArn"])["Attributes"]
    attributes = {one["Key"]: one["Value"] for one in found}
    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["access_logs.s3.bucket"] == f"phoenix-prod-access-logs-{region}-{ACCOUNT}", "of its own region"
    assert attributes["deletion_protection.enabled"] == "true"
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"


def test_a_region_answers_by_tls_and_sends_http_there(aws: Aws, region: str) -> None:
    elb = aws("elbv2", region)
    found = elb.describe_listeners(LoadBalancerArn=_balancer(elb)["LoadBalancerArn"])["Listeners"]
    listeners = {one["Port"]: one for one in found}
    assert listeners[443]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09"
    (action,) = listeners[80]["DefaultActions"]
    assert (action["Type"], action["RedirectConfig"]["Protocol"]) == ("redirect", "HTTPS")
    (targets,) = elb.describe_target_groups()["TargetGroups"]
    assert (targets["TargetType"], targets["Protocol"], targets["Port"]) == ("ip", "HTTPS", 443)


def test_a_load_balancer_stands_behind_a_firewall_that_logs(aws: Aws, region: str) -> None:
    waf = aws("wafv2", region)
    acl = waf.get_web_acl_for_resource(ResourceArn=_balancer(aws("elbv2", region))["LoadBalancerArn"])["WebACL"]
    names = {rule["Name"] for rule in acl["Rules"]}
    assert names >= {"country", "rate", "reputation", "common", "known-bad"}, "the five families of the document"
    logging = waf.get_logging_configuration(ResourceArn=acl["ARN"])["LoggingConfiguration"]
    (group,) = logging["LogDestinationConfigs"]
    assert group.rpartition(":")[2] == "aws-waf-logs-phoenix-prod-regional"
    redacted = {field["SingleHeader"]["Name"] for field in logging["RedactedFields"]}
    assert redacted == {"authorization", "cookie"}


def test_cloudfronts_access_is_delivered(aws: Aws) -> None:
    (delivery,) = aws("logs").describe_deliveries()["deliveries"]
    assert delivery["deliveryDestinationType"] == "S3"
