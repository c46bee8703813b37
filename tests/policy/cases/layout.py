from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.cases.network import PLACE, PLACED, TABLE, VPC
from tests.policy.harness import UNKNOWN, Made

NETWORK = Made(type=VPC, name="network", id="vpc-1", inputs={"cidrBlock": "10.0.0.0/16"})
SECOND = Made(type=VPC, name="second", id="vpc-2", inputs={"cidrBlock": "10.1.0.0/16"})
HERE = replace(PLACE, inputs={"vpcId": "vpc-1", "availabilityZone": "eu-west-1a"})
THERE = replace(HERE, name="there", id="subnet-3", inputs={"vpcId": "vpc-1", "availabilityZone": "eu-west-1b"})
GATEWAY = Made(type="aws:ec2/natGateway:NatGateway", name="nat", id="nat-1", inputs={"subnetId": "subnet-3"})
ROUTE = Made(
    type="aws:ec2/route:Route",
    name="default",
    inputs={"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1"},
)
BY_MACHINE = {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "networkInterfaceId": "eni-1"}
OUT = [TABLE, ROUTE, PLACED, GATEWAY]
ENDPOINT = Made(type="aws:ec2/vpcEndpoint:VpcEndpoint", name="s3", inputs={"serviceName": "com.amazonaws.eu-west-1.s3"})
BUCKET = Made(type="aws:s3/bucket:Bucket", name="bucket")
CLUSTER = Made(type="aws:eks/cluster:Cluster", name="cluster", id="it", inputs={"name": "it"})
ADDONS = [
    Made(
        type="aws:eks/addon:Addon", name=name, inputs={"clusterName": "it", "addonName": name, "addonVersion": "v1.2.3"}
    )
    for name in ("vpc-cni", "coredns", "kube-proxy", "aws-ebs-csi-driver")
]


def other_zone(zone: object) -> list[Made]:
    return [NETWORK, HERE, replace(THERE, inputs={"vpcId": "vpc-1", "availabilityZone": zone})]


CASES = (
    Case(
        rule="vpc-spans-min-azs",
        passing=[NETWORK, SECOND, HERE, THERE],
        failing=[NETWORK, HERE],
        unknown=other_zone(UNKNOWN),
        absent=other_zone(None),
        unknown_is="silent",
        absent_is="silent",
    ),
    value_case(
        "vpc-cidrs-disjoint",
        SECOND,
        "cidrBlock",
        "10.0.128.0/20",
        around=[NETWORK],
        unknown_is="silent",
        absent_is="silent",
    ),
    Case(
        rule="route-private-default-via-nat",
        passing=[ROUTE, replace(ROUTE, name="inside", inputs={**BY_MACHINE, "destinationCidrBlock": "10.1.0.0/16"})],
        failing=[replace(ROUTE, inputs=BY_MACHINE)],
        unknown=[replace(ROUTE, inputs={**BY_MACHINE, "destinationCidrBlock": UNKNOWN})],
        absent=[replace(ROUTE, inputs={**BY_MACHINE, "networkInterfaceId": ""})],
        unknown_is="unknown",
        absent_is="silent",
    ),
    Case(
        rule="nat-gateway-per-az",
        passing=[HERE, THERE, *OUT[:-1], replace(GATEWAY, inputs={"subnetId": "subnet-1"})],
        failing=[HERE, THERE, *OUT],
        unknown=[HERE, THERE, *OUT[:-1], replace(GATEWAY, inputs={"subnetId": UNKNOWN})],
        absent=[HERE, THERE, *OUT[:-1], replace(GATEWAY, inputs={})],
        unknown_is="silent",
        absent_is="silent",
    ),
    value_case(
        "vpc-endpoints-present",
        ENDPOINT,
        "serviceName",
        "com.amazonaws.eu-west-1.dynamodb",
        around=[NETWORK, BUCKET],
        unknown_is="silent",
    ),
    Case(
        rule="eks-managed-addons",
        passing=[CLUSTER, *ADDONS],
        failing=[CLUSTER, *ADDONS[1:]],
        unknown=[CLUSTER, *(replace(each, inputs={**each.inputs, "addonVersion": UNKNOWN}) for each in ADDONS)],
        absent=[CLUSTER, *ADDONS[1:], replace(ADDONS[0], inputs={"clusterName": "it", "addonName": "vpc-cni"})],
        unknown_is="silent",
        absent_is="violation",
    ),
)
