from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.components.network.samples import MEMBERS, network
from tests.components.recording import record_network, record_vpc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.placement import Placed
    from config.stack import StackConfig
    from review.graph import Graph


def _inputs(graph: Graph, name: str) -> Mapping[str, Any]:
    return graph.named(name).inputs


def test_prod_has_the_seeds_twelve_subnets(graph: Graph) -> None:
    found = {
        subnet.name: (subnet.inputs["cidrBlock"], subnet.inputs["availabilityZone"])
        for subnet in graph.of_type("aws:ec2/subnet:Subnet")
    }
    assert found == {
        f"network-{tier}-{zone}": (f"10.0.{base + place}.0/24", f"us-east-1{zone}")
        for tier, base in (("public", 1), ("private", 11), ("database", 21), ("blockchain", 31))
        for place, zone in enumerate("abc")
    }, "reference 004 section 1.2"


def test_no_subnet_gives_out_public_addresses(graph: Graph) -> None:
    for subnet in graph.of_type("aws:ec2/subnet:Subnet"):
        assert subnet.inputs["mapPublicIpOnLaunch"] is False, "only load balancers and NAT gateways face the internet"


def test_subnets_of_load_balancers_are_marked_for_eks(graph: Graph) -> None:
    marks = {"kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"}
    found = {s.inputs["tags"]["Tier"]: marks & set(s.inputs["tags"]) for s in graph.of_type("aws:ec2/subnet:Subnet")}
    assert found == {
        "public": {"kubernetes.io/role/elb"},
        "private": {"kubernetes.io/role/internal-elb"},
        "database": set(),
        "blockchain": set(),
    }, "EKS finds its subnets by these tags and puts load balancers nowhere else"


def test_each_zone_leaves_by_its_own_nat_gateway(graph: Graph) -> None:
    for tier in ("private", "blockchain"):
        for zone in "abc":
            route = _inputs(graph, f"network-{tier}-default-{zone}")
            assert route["natGatewayId"] == f"network-nat-{zone}-id", "the loss of a zone takes only its own way out"
            assert "gatewayId" not in route, "workloads are not reached from the internet"
    for zone in "abc":
        gateway = graph.named(f"network-nat-{zone}", "aws:ec2/natGateway:NatGateway")
        assert gateway.inputs["allocationId"] == f"network-nat-address-{zone}-id", (
            "its address stays when it is replaced"
        )
        assert gateway.inputs["subnetId"] == f"network-public-{zone}-id", "a NAT gateway leaves by the public tier"
        assert graph.named("network-internet").urn in gateway.dependencies, "it needs an internet gateway to start"


def test_a_single_nat_gateway_serves_all_zones_where_the_stack_file_says_so(settings: StackConfig) -> None:
    cheap = settings.model_copy(update={"network": settings.network.model_copy(update={"nat": "single"})})
    graph = record_network(cheap)
    assert [gateway.name for gateway in graph.of_type("aws:ec2/natGateway:NatGateway")] == ["network-nat-a"]
    used = {r.inputs["natGatewayId"] for r in graph.of_type("aws:ec2/route:Route") if "natGatewayId" in r.inputs}
    assert used == {"network-nat-a-id"}, "every zone leaves by the one gateway"


def test_the_database_tier_has_no_route_beyond_the_vpc(graph: Graph) -> None:
    table = "network-database-routes-id"
    associations = graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    in_it = {a.inputs["subnetId"] for a in associations if a.inputs["routeTableId"] == table}
    assert in_it == {f"network-database-{zone}-id" for zone in "abc"}, "the tier has a table of its own"
    routes = [route for route in graph.of_type("aws:ec2/route:Route") if route.inputs["routeTableId"] == table]
    assert routes == [], "data has no way to the internet"
    endpoints = graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert not [e for e in endpoints if table in e.inputs.get("routeTableIds", ())], "nor to another account's buckets"


def test_every_subnet_is_under_one_table_and_one_acl(graph: Graph) -> None:
    subnets = sorted(subnet.id for subnet in graph.of_type("aws:ec2/subnet:Subnet"))
    associations = graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    assert sorted(a.inputs["subnetId"] for a in associations) == subnets, "else it falls back to the VPC's main table"
    acls = graph.of_type("aws:ec2/networkAcl:NetworkAcl")
    assert sorted(s for a in acls for s in a.inputs["subnetIds"]) == subnets, "else it falls back to the open ACL"


def test_an_acls_rules_have_numbers_of_their_own(graph: Graph) -> None:
    for acl in graph.of_type("aws:ec2/networkAcl:NetworkAcl"):
        for direction in ("ingress", "egress"):
            numbers = [rule["ruleNo"] for rule in acl.inputs[direction]]
            assert numbers == sorted(set(numbers)), "EC2 evaluates by number and refuses it twice"


def test_the_default_group_is_closed(graph: Graph) -> None:
    group = graph.of_type("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")[0]
    assert group.inputs["vpcId"] == "network-vpc-id"
    assert not {"ingress", "egress"} & set(group.inputs), "who forgets a group talks to nobody"


def test_rules_are_resources_of_their_own_and_point_at_their_groups(graph: Graph) -> None:
    for group in graph.of_type("aws:ec2/securityGroup:SecurityGroup"):
        assert not {"ingress", "egress"} & set(group.inputs), "inline rules and rule resources undo each other"
    rule = _inputs(graph, "network-rds-in-postgres-eks")
    assert rule["securityGroupId"] == "network-rds-group-id"
    assert rule["referencedSecurityGroupId"] == "network-eks-group-id", "the source is the cluster's group"
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 5432, 5432)
    world = _inputs(graph, "network-eks-out-world")
    assert (world["ipProtocol"], world["cidrIpv4"]) == ("-1", "0.0.0.0/0")
    assert "fromPort" not in world, "EC2 refuses ports with all protocols"


def test_ingress_and_egress_are_what_the_table_says(graph: Graph) -> None:
    found = {
        (kind, rule.name.removeprefix("network-"))
        for kind in ("Ingress", "Egress")
        for rule in graph.of_type(f"aws:vpc/securityGroup{kind}Rule:SecurityGroup{kind}Rule")
    }
    assert found == {
        ("Ingress", "alb-in-http"),
        ("Ingress", "alb-in-https"),
        ("Ingress", "eks-in-https-alb"),
        ("Ingress", "eks-in-management-443"),
        ("Ingress", "rds-in-postgres-eks"),
        ("Ingress", "redis-in-redis-eks"),
        ("Ingress", "endpoints-in-https-vpc"),
        ("Egress", "alb-out-vpc"),
        ("Egress", "eks-out-world"),
    }, "a rule in the wrong direction opens what the table closes"


def test_endpoints_are_those_of_the_stack_file(graph: Graph, settings: StackConfig) -> None:
    found = {e.inputs["serviceName"]: e.inputs for e in graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")}
    wanted = settings.network.endpoints
    assert set(found) == {f"com.amazonaws.us-east-1.{name}" for name in (*wanted.gateway, *wanted.interface)}
    kms = found["com.amazonaws.us-east-1.kms"]
    assert kms["privateDnsEnabled"] is True, "callers need not know of the endpoint"
    assert kms["securityGroupIds"] == ["network-endpoints-group-id"]
    assert kms["subnetIds"] == [f"network-private-{zone}-id" for zone in "abc"], "one in each zone"
    s3 = found["com.amazonaws.us-east-1.s3"]
    assert len(s3["routeTableIds"]) == 6, "every table behind NAT reaches S3 without paying for it"


def test_flow_logs_are_encrypted_kept_as_set_and_written_by_a_role_of_this_account(graph: Graph) -> None:
    log = graph.of_type("aws:ec2/flowLog:FlowLog")[0].inputs
    assert (log["vpcId"], log["trafficType"], log["maxAggregationInterval"]) == ("network-vpc-id", "ALL", 60)
    group = graph.named("network-flow-logs")
    assert log["logDestination"] == group.outputs["arn"]
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == ("/phoenix/prod/vpc-flow-logs", 90)
    assert group.inputs["kmsKeyId"] == graph.named("keys-logs").outputs["arn"], "records of traffic are confidential"
    trust = json.loads(graph.named("network-flow-logs-writer", "aws:iam/role:Role").inputs["assumeRolePolicy"])
    condition = trust["Statement"][0]["Condition"]
    assert condition["StringEquals"] == {"aws:SourceAccount": "100000000004"}, "no other account may use the role"


def test_flow_logs_begin_when_their_writer_may_write(graph: Graph) -> None:
    policy = graph.named("network-flow-logs-writer", "aws:iam/rolePolicy:RolePolicy")
    behind = graph.of_type("aws:ec2/flowLog:FlowLog")[0].property_dependencies["iamRoleArn"]
    assert policy.urn in behind, "what cannot be written is not kept for later"


def test_the_writer_of_flow_logs_writes_into_one_group_only(graph: Graph) -> None:
    policy = json.loads(graph.named("network-flow-logs-writer", "aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    writes = [s for s in policy["Statement"] if "logs:PutLogEvents" in s["Action"]]
    assert [s["Resource"] for s in writes] == [
        ["arn:aws:logs:us-east-1:100000000004:log-group:/phoenix/prod/vpc-flow-logs:*"]
    ], "least privilege"


def test_a_call_that_names_no_log_group_is_allowed_on_none_in_particular(graph: Graph) -> None:
    policy = json.loads(graph.named("network-flow-logs-writer", "aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    lists = [s for s in policy["Statement"] if "logs:DescribeLogGroups" in s["Action"]]
    assert [s["Resource"] for s in lists] == [["*"]], "it lists groups, whatever IAM holds it against"


def test_admin_blocks_bring_a_bastion_group(settings: StackConfig) -> None:
    network = settings.network.model_validate({**settings.network.model_dump(), "admin_cidrs": ["203.0.113.0/24"]})
    graph = record_network(settings.model_copy(update={"network": network}))
    rule = _inputs(graph, "network-bastion-in-ssh-203-0-113-0-24")
    assert (rule["cidrIpv4"], rule["fromPort"], rule["toPort"]) == ("203.0.113.0/24", 22, 22)


def test_prod_has_no_bastion_group(graph: Graph) -> None:
    with pytest.raises(LookupError):
        graph.named("network-bastion-group")


@pytest.mark.parametrize("member", [None, *(one for one in MEMBERS if one.tier == "database")])
def test_a_vpc_of_isolated_tiers_has_no_door_to_the_internet(settings: StackConfig, member: Placed | None) -> None:
    tiers = {"database": network().tiers["database"]}
    alone = network(tiers=tiers, nat="none", endpoints={"gateway": ("s3",)})
    found = record_vpc(settings, alone, (member,) if member else ())
    assert "aws:ec2/internetGateway:InternetGateway" not in {one.type for one in found.resources}
    assert "aws:ec2/route:Route" not in {one.type for one in found.resources}
    assert "aws:ec2/vpcEndpoint:VpcEndpoint" not in {one.type for one in found.resources}, "no table leads to it"
    groups = {one.name for one in found.resources if one.type == "aws:ec2/securityGroup:SecurityGroup"}
    assert groups == ({f"network-{member.member.group}-group"} if member else set()), "of what serves, and no other"
    assert "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" not in {one.type for one in found.resources}, (
        "nobody is there to be let in"
    )
