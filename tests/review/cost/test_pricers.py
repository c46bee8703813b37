"""What connects and watches costs what was worked out by hand; what a pricer cannot know is named."""

from __future__ import annotations

from typing import Any

import pytest

from review.graph import UNKNOWN
from tests.review.cost.made import amounts, gaps, price, resource, rest

ALARM, CHECK = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:route53/healthCheck:HealthCheck"
BALANCER, ENDPOINT = "aws:lb/loadBalancer:LoadBalancer", "aws:ec2/vpcEndpoint:VpcEndpoint"


NETWORK = (
    price("elb.alb_hour", "0.02"), price("elb.nlb_hour", "0.03"), price("vpc.public_ipv4", "0.005"),
    price("vpc.nat_gateway_hour", "0.05"), price("vpc.interface_endpoint_hour", "0.01", "AZ-hour"),
)  # fmt: skip
ADDRESSES = "public IPv4 address of a load balancer"


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ({"subnets": ["a", "b"]}, {"application load balancer": "14.6", ADDRESSES: "7.3"}),
        ({"internal": True, "subnets": ["a", "b"]}, {"application load balancer": "14.6"}),
        (
            {
                "loadBalancerType": "network",
                "subnetMappings": [{"subnetId": "a"}, {"subnetId": "b", "allocationId": "c"}],
            },
            {"network load balancer": "21.9", ADDRESSES: "3.65"},
        ),
        ({"ipAddressType": "dualstack-without-public-ipv4", "subnets": ["a"]}, {"application load balancer": "14.6"}),
    ],
)
def test_a_load_balancer_costs_by_the_hour_and_by_its_addresses(inputs: dict[str, Any], wanted: dict[str, str]) -> None:
    assert amounts(rest(resource(BALANCER, **inputs), prices=NETWORK)) == wanted


def test_addresses_gateways_and_endpoints_cost_by_the_hour_and_by_zone() -> None:
    gateway = resource(ENDPOINT, "gateway", vpcEndpointType="Gateway", serviceName="com.amazonaws.eu-north-1.s3")
    interface = resource(
        ENDPOINT, vpcEndpointType="Interface", serviceName="com.amazonaws.eu-north-1.kms", subnetIds=["a", "b", "c"]
    )
    made = (resource("aws:ec2/eip:Eip"), resource("aws:ec2/natGateway:NatGateway"), gateway, interface)
    found = rest(*made, prices=NETWORK)
    assert amounts(found) == {
        "NAT gateway": "36.5",
        "zone of the endpoint of kms": "21.9",
        "public IPv4 address": "3.65",
    }
    assert gaps(found) == {}
    unknown = resource(ENDPOINT, vpcEndpointType="Interface", subnetIds=[UNKNOWN])
    assert gaps(rest(unknown, prices=NETWORK)) == {"ec2 VpcEndpoint": "subnetIds is not known before an update"}


def test_a_web_acl_costs_by_its_rules_and_by_what_they_subscribe_to() -> None:
    names = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesBotControlRuleSet", "AWSManagedRulesATPRuleSet")
    managed = [{"statement": {"managedRuleGroupStatement": {"vendorName": "AWS", "name": name}}} for name in names]
    own = {"name": "own", "statement": {"ruleGroupReferenceStatement": {"arn": "arn:group"}}}
    prices = (
        price("waf.web_acl", "5", "month"), price("waf.rule", "1", "rule-month"),
        price("waf.bot_control_subscription", "10", "month"),
    )  # fmt: skip
    found = rest(resource("aws:wafv2/webAcl:WebAcl", rules=[*managed, own]), prices=prices)
    assert amounts(found) == {"Bot Control": "10", "web ACL": "5", "rule of a web ACL": "4"}
    assert list(gaps(found)) == ["rule group AWSManagedRulesATPRuleSet", "rules of the group behind own"]


HEALTH = tuple(
    price(f"route53.health_check_{kind}", usd, "month", region="*")
    for kind, usd in (("aws", "0.5"), ("non_aws", "0.75"), ("option_aws", "1"), ("option_non_aws", "2"))
)


@pytest.mark.parametrize(
    ("inputs", "inside", "wanted"),
    [
        ({"type": "TCP"}, True, ["0.5"]),
        ({"type": "TCP"}, False, ["0.75"]),
        ({"type": "HTTPS", "requestInterval": 10}, True, ["2", "0.5"]),
        ({"type": "HTTPS_STR_MATCH", "requestInterval": 10, "measureLatency": True}, False, ["8", "0.75"]),
        ({"type": "CALCULATED"}, False, ["0.5"]),
    ],
)
def test_a_health_check_costs_by_its_endpoint_and_its_options(
    inputs: dict[str, Any],
    inside: bool,  # noqa: FBT001  a column of the table above
    wanted: list[str],
) -> None:
    balancer = resource(BALANCER)
    check = resource(CHECK, links={"fqdn": balancer.urn} if inside else {}, **inputs)
    assert list(amounts(rest(check, balancer, prices=HEALTH)).values()) == wanted


ALARMS = tuple(
    price(f"cloudwatch.alarm_{kind}", usd, "alarm-month")
    for kind, usd in (("standard", "0.1"), ("high_resolution", "0.3"), ("anomaly_standard", "0.25"))
)
METRIC = {"metric": {"period": 60}}


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ({"period": 300}, "0.1"),
        ({"period": 10}, "0.3"),
        ({"metricQueries": [METRIC, METRIC, {"expression": "m1 + m2"}]}, "0.2"),
        ({"metricQueries": [METRIC, {"expression": "ANOMALY_DETECTION_BAND(m1, 2)"}]}, "0.25"),
    ],
)
def test_an_alarm_costs_by_the_metrics_that_it_reads(inputs: dict[str, Any], wanted: str) -> None:
    assert list(amounts(rest(resource(ALARM, **inputs), prices=ALARMS)).values()) == [wanted]


def test_a_secret_costs_once_more_for_each_replica_by_the_price_there() -> None:
    prices = (price("secrets_manager.secret", "0.4", "secret-month"),)
    secret = resource("aws:secretsmanager/secret:Secret", replicas=[{"region": "eu-south-1"}])
    found = rest(secret, prices=prices)
    assert amounts(found) == {"secret": "0.4"}
    assert gaps(found) == {"replica of a secret in eu-south-1": "no price of secrets_manager.secret in eu-south-1"}, (
        "no price of another region stands in"
    )


@pytest.mark.parametrize(
    ("type_", "free", "costs"),
    [
        ("aws:accessanalyzer/analyzer:Analyzer", {"type": "ACCOUNT"}, {"type": "ACCOUNT_UNUSED_ACCESS"}),
        ("aws:ssm/parameter:Parameter", {}, {"tier": "Advanced"}),
        ("aws:eks/addon:Addon", {"addonName": "coredns"}, {"addonName": "amazon-cloudwatch-observability"}),
        (
            "aws:ecs/cluster:Cluster",
            {"settings": [{"name": "containerInsights", "value": "disabled"}]},
            {"settings": [{"name": "containerInsights", "value": "enhanced"}]},
        ),
        (
            "aws:guardduty/detectorFeature:DetectorFeature",
            {"name": "S3_DATA_EVENTS", "status": "ENABLED"},
            {"name": "RUNTIME_MONITORING", "status": "ENABLED"},
        ),
        ("aws:cloudfront/distribution:Distribution", {}, {"viewerCertificate": {"sslSupportMethod": "vip"}}),
        ("aws:acm/certificate:Certificate", {"options": {}}, {"options": {"export": "ENABLED"}}),
        ("aws:lambda/function:Function", {"memorySize": 128}, {"snapStart": {"applyOn": "PublishedVersions"}}),
        ("kubernetes:core/v1:Service", {"spec": {"ports": []}}, {"spec": {"type": "LoadBalancer"}}),
    ],
)
def test_types_that_cost_by_one_input_are_free_without_it(
    type_: str, free: dict[str, Any], costs: dict[str, Any]
) -> None:
    assert gaps(rest(resource(type_, **free))) == {}
    assert len(gaps(rest(resource(type_, **costs)))) == 1


@pytest.mark.parametrize(
    ("type_", "inputs", "gap"),
    [
        ("aws:ec2/natGateway:NatGateway", {"availabilityMode": "regional"}, "regional NAT gateway"),
        (BALANCER, {"loadBalancerType": "gateway"}, "load balancer of type gateway"),
        (
            BALANCER,
            {"internal": True, "minimumLoadBalancerCapacity": {"capacityUnits": 100}},
            "reserved capacity of a load balancer",
        ),
        (ENDPOINT, {"vpcEndpointType": "Resource", "subnetIds": ["a"]}, "endpoint of type Resource"),
        (ALARM, {"metricQueries": [{"expression": "SELECT AVG(x) FROM y"}]}, "alarm on a query of Metrics Insights"),
    ],
)
def test_what_pricers_have_no_price_for_is_named(type_: str, inputs: dict[str, Any], gap: str) -> None:
    assert gap in gaps(rest(resource(type_, **inputs), prices=NETWORK + ALARMS))


def test_a_type_that_no_list_has_is_named_and_never_free() -> None:
    assert gaps(rest(resource("aws:redshift/cluster:Cluster"))) == {
        "aws:redshift/cluster:Cluster": "no pricer knows the type"
    }
