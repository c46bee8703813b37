"""The network as AWS tells it, asked with boto3: what reference 004 draws, address by address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Aws, Client

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

SUBNETS = {
    ("public", "us-east-1a"): "10.0.1.0/24",
    ("public", "us-east-1b"): "10.0.2.0/24",
    ("public", "us-east-1c"): "10.0.3.0/24",
    ("private", "us-east-1a"): "10.0.11.0/24",
    ("private", "us-east-1b"): "10.0.12.0/24",
    ("private", "us-east-1c"): "10.0.13.0/24",
    ("database", "us-east-1a"): "10.0.21.0/24",
    ("database", "us-east-1b"): "10.0.22.0/24",
    ("database", "us-east-1c"): "10.0.23.0/24",
    ("blockchain", "us-east-1a"): "10.0.31.0/24",
    ("blockchain", "us-east-1b"): "10.0.32.0/24",
    ("blockchain", "us-east-1c"): "10.0.33.0/24",
}
GATEWAY_ENDPOINTS = {"s3", "dynamodb"}
INTERFACE_ENDPOINTS = {
    "ecr.api",
    "ecr.dkr",
    "sts",
    "logs",
    "kms",
    "secretsmanager",
    "ssm",
    "ssmmessages",
    "ec2messages",
}


@pytest.fixture(scope="module")
def ec2(aws: Aws) -> Client:
    return aws("ec2")


@pytest.fixture(scope="module")
def vpc(ec2: Client) -> dict[str, Any]:
    """The production VPC; beside it stand the management VPC and AWS's own default."""
    (found,) = [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if vpc["CidrBlock"] == "10.0.0.0/16"]
    return dict(found)


@pytest.fixture(scope="module")
def within(vpc: dict[str, Any]) -> list[dict[str, Any]]:
    """The filter that leaves what belongs to the VPC."""
    return [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]


@pytest.fixture(scope="module")
def subnets(ec2: Client, within: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Subnets of the VPC by id."""
    return {subnet["SubnetId"]: subnet for subnet in ec2.describe_subnets(Filters=within)["Subnets"]}


def tag(thing: dict[str, Any], key: str) -> str:
    """The value of a tag; empty where it is not set."""
    return next((each["Value"] for each in thing.get("Tags", ()) if each["Key"] == key), "")


def place(subnet: dict[str, Any]) -> tuple[str, str]:
    """Tier and zone of a subnet."""
    return tag(subnet, "Tier"), subnet["AvailabilityZone"]


def test_the_vpcs_are_those_of_the_document_and_no_others(ec2: Client) -> None:
    blocks = {vpc["CidrBlock"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]}
    assert blocks == {"10.0.0.0/16", "10.1.0.0/16"}


def test_the_vpc_resolves_names_as_private_endpoints_need(ec2: Client, vpc: dict[str, Any]) -> None:
    for attribute in ("enableDnsHostnames", "enableDnsSupport"):
        said = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
        assert said[attribute[0].upper() + attribute[1:]]["Value"] is True, attribute


def test_every_tier_has_its_block_in_each_of_three_zones(subnets: dict[str, dict[str, Any]]) -> None:
    assert {place(subnet): subnet["CidrBlock"] for subnet in subnets.values()} == SUBNETS
    assert len(subnets) == 12, "no subnet stands beside these"


def test_no_subnet_gives_its_instances_public_addresses(subnets: dict[str, dict[str, Any]]) -> None:
    assert [place(subnet) for subnet in subnets.values() if subnet["MapPublicIpOnLaunch"]] == []


def test_each_zone_has_a_nat_gateway_in_its_public_subnet(
    ec2: Client, within: list[dict[str, Any]], subnets: dict[str, dict[str, Any]]
) -> None:
    gateways = ec2.describe_nat_gateways(Filter=within)["NatGateways"]
    stand = sorted(place(subnets[gateway["SubnetId"]]) for gateway in gateways if gateway["State"] == "available")
    assert stand == [("public", "us-east-1a"), ("public", "us-east-1b"), ("public", "us-east-1c")]


def test_each_tier_leaves_by_the_way_the_document_gives_it(
    ec2: Client, within: list[dict[str, Any]], subnets: dict[str, dict[str, Any]]
) -> None:
    zone_of = {
        gateway["NatGatewayId"]: subnets[gateway["SubnetId"]]["AvailabilityZone"]
        for gateway in ec2.describe_nat_gateways(Filter=within)["NatGateways"]
    }
    ways: dict[tuple[str, str], str] = {}
    for table in ec2.describe_route_tables(Filters=within)["RouteTables"]:
        out = [route for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
        target = "nowhere" if not out else zone_of.get(out[0].get("NatGatewayId", ""), out[0].get("GatewayId", "")[:3])
        for association in table["Associations"]:
            if association.get("SubnetId") in subnets:
                ways[place(subnets[association["SubnetId"]])] = target
    expected = {
        (tier, zone): {"public": "igw", "database": "nowhere"}.get(tier, zone)  # NAT is that of the subnet's own zone
        for tier, zone in SUBNETS
    }
    assert ways == expected, "a zone's outage must not take another zone's way out, and databases have none"


def test_the_flow_log_records_all_traffic_every_minute(ec2: Client, vpc: dict[str, Any]) -> None:
    (log,) = [log for log in ec2.describe_flow_logs()["FlowLogs"] if log["ResourceId"] == vpc["VpcId"]]
    reported = {key: log[key] for key in ("ResourceId", "TrafficType", "MaxAggregationInterval", "FlowLogStatus")}
    assert reported == {
        "ResourceId": vpc["VpcId"],
        "TrafficType": "ALL",
        "MaxAggregationInterval": 60,
        "FlowLogStatus": "ACTIVE",
    }


def test_flow_logs_are_encrypted_by_the_key_of_logs_and_kept_90_days(aws: Aws, key_arns: dict[str, str]) -> None:
    (group,) = aws("logs").describe_log_groups(logGroupNamePrefix="/phoenix/prod/vpc-flow-logs")["logGroups"]
    assert (group.get("kmsKeyId"), group.get("retentionInDays")) == (key_arns["logs"], 90)


def test_the_default_group_lets_nothing_in_or_out(ec2: Client, within: list[dict[str, Any]]) -> None:
    named = [*within, {"Name": "group-name", "Values": ["default"]}]
    (group,) = ec2.describe_security_groups(Filters=named)["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


def test_databases_and_caches_are_reached_from_the_nodes_and_their_proxy_alone(
    ec2: Client, within: list[dict[str, Any]]
) -> None:
    groups = {tag(group, "Name"): group for group in ec2.describe_security_groups(Filters=within)["SecurityGroups"]}
    names = {group["GroupId"]: name.removeprefix("phoenix-prod-") for name, group in groups.items()}
    expected = {"rds": {(5432, 5432, "eks"), (5432, 5432, "rds-proxy")}, "redis": {(6379, 6379, "eks")}}
    for name, peers in expected.items():
        rules = groups[f"phoenix-prod-{name}"]["IpPermissions"]
        assert [rule.get("IpRanges", []) for rule in rules if rule.get("IpRanges")] == [], f"{name}: no address"
        let_in = {
            (rule["FromPort"], rule["ToPort"], names[pair["GroupId"]])
            for rule in rules
            for pair in rule["UserIdGroupPairs"]
        }
        assert let_in == peers, name


def test_the_endpoints_are_those_of_the_stack_file_and_no_others(ec2: Client, within: list[dict[str, Any]]) -> None:
    found: dict[str, set[str]] = {}
    for endpoint in ec2.describe_vpc_endpoints(Filters=within)["VpcEndpoints"]:
        service = endpoint["ServiceName"].removeprefix("com.amazonaws.us-east-1.")
        found.setdefault(endpoint["VpcEndpointType"], set()).add(service)
    assert found == {"Gateway": GATEWAY_ENDPOINTS, "Interface": INTERFACE_ENDPOINTS}


def test_interface_endpoints_answer_in_every_private_subnet_under_public_names(
    ec2: Client, within: list[dict[str, Any]], subnets: dict[str, dict[str, Any]]
) -> None:
    private = {subnet for subnet, reported in subnets.items() if place(reported)[0] == "private"}
    for endpoint in ec2.describe_vpc_endpoints(Filters=within)["VpcEndpoints"]:
        if endpoint["VpcEndpointType"] == "Interface":
            assert set(endpoint["SubnetIds"]) == private, endpoint["ServiceName"]
            assert endpoint["PrivateDnsEnabled"] is True, endpoint["ServiceName"]
