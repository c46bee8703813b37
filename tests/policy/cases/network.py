from dataclasses import replace

from tests.policy.case import Case, forbidden_case, pair_case, value_case
from tests.policy.harness import UNKNOWN, Made

VPC = "aws:ec2/vpc:Vpc"
FLOW_LOG = Made(type="aws:ec2/flowLog:FlowLog", inputs={"trafficType": "ALL"})
DEFAULT_GROUP = Made(type="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", inputs={"ingress": [], "egress": []})
SUBNET = Made(type="aws:ec2/subnet:Subnet", inputs={"mapPublicIpOnLaunch": False, "tags": {"Tier": "public"}})
RANGE = {"protocol": "6", "cidrBlock": "0.0.0.0/0", "fromPort": 1024, "toPort": 65535, "action": "allow", "ruleNo": 200}
DENY = {"protocol": "tcp", "cidrBlock": "0.0.0.0/0", "fromPort": 3389, "toPort": 3389, "action": "deny", "ruleNo": 100}
INSIDE = {"protocol": "-1", "cidrBlock": "10.0.0.0/16", "fromPort": 0, "toPort": 0, "action": "allow", "ruleNo": 50}
ACL = Made(type="aws:ec2/networkAcl:NetworkAcl", inputs={"ingress": [RANGE, DENY, INSIDE]})
ACL_RULE = Made(
    type="aws:ec2/networkAclRule:NetworkAclRule",
    name="rule",
    inputs={"ruleAction": "allow", "protocol": "tcp", "cidrBlock": "0.0.0.0/0", "fromPort": 443, "toPort": 443},
)
PREFIXES = Made(type="aws:ec2/managedPrefixList:ManagedPrefixList", inputs={"entries": [{"cidr": "203.0.113.0/24"}]})
ENTRY = Made(type="aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", name="entry", inputs={"cidr": "10.0.0.0/8"})
OWN_GROUP = Made(type="aws:ec2/securityGroup:SecurityGroup", name="own", id="sg-own")
ADOPTED = Made(type=DEFAULT_GROUP.type, name="adopted", id="sg-default")
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RULE = Made(type=INGRESS, name="rule", inputs={"securityGroupId": "sg-own", "cidrIpv4": "10.0.0.0/8"})
LINKED = Made(
    type=INGRESS,
    name="linked",
    inputs={"securityGroupId": UNKNOWN},
    property_dependencies={"securityGroupId": [ADOPTED.urn]},
)

DEFAULT_CASE = Case(
    rule="vpc-default-sg-no-own-rules",
    passing=[OWN_GROUP, ADOPTED, RULE],
    failing=[OWN_GROUP, ADOPTED, replace(RULE, inputs={"securityGroupId": "sg-default"})],
    unknown=[OWN_GROUP, ADOPTED, LINKED],
    absent=[OWN_GROUP, ADOPTED, replace(RULE, inputs={})],
    unknown_is="violation",
    absent_is="silent",
)

GATEWAY = Made(type="aws:ec2/internetGateway:InternetGateway", name="igw", id="igw-1")
TABLE = Made(type="aws:ec2/routeTable:RouteTable", name="table", id="rtb-1")
ROUTE = Made(
    type="aws:ec2/route:Route",
    name="default",
    inputs={"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
)
PLACE = Made(type="aws:ec2/subnet:Subnet", name="place", id="subnet-1")
OTHER = Made(type="aws:ec2/subnet:Subnet", name="other", id="subnet-2")
PLACED = Made(
    type="aws:ec2/routeTableAssociation:RouteTableAssociation",
    name="placed",
    inputs={"subnetId": "subnet-1", "routeTableId": "rtb-1"},
)
DATA = Made(type="aws:rds/subnetGroup:SubnetGroup", name="data", inputs={"subnetIds": ["subnet-2"]})
AROUND = [GATEWAY, TABLE, ROUTE, PLACE, OTHER, PLACED]
READ_BACK = replace(TABLE, inputs={**TABLE.inputs, "routes": UNKNOWN}, property_dependencies={"vpcId": []})
DATA_CASE = Case(
    rule="subnet-data-tier-no-igw",
    passing=[GATEWAY, READ_BACK, ROUTE, PLACE, OTHER, PLACED, DATA],
    failing=[*AROUND, replace(DATA, inputs={"subnetIds": ["subnet-2", "subnet-1"]})],
    unknown=[
        *AROUND,
        replace(DATA, inputs={"subnetIds": [UNKNOWN]}, property_dependencies={"subnetIds": [PLACE.urn, OTHER.urn]}),
    ],
    absent=[*AROUND, replace(DATA, inputs={})],
    unknown_is="violation",
    absent_is="silent",
)
NODES = Made(type="aws:eks/nodeGroup:NodeGroup", name="nodes", inputs={"subnetIds": ["subnet-2"]})
NODES_CASE = Case(
    rule="eks-nodegroup-private-subnets",
    passing=[GATEWAY, READ_BACK, ROUTE, PLACE, OTHER, PLACED, NODES],
    failing=[*AROUND, replace(NODES, inputs={"subnetIds": ["subnet-2", "subnet-1"]})],
    unknown=[
        *AROUND,
        replace(NODES, inputs={"subnetIds": [UNKNOWN]}, property_dependencies={"subnetIds": [PLACE.urn, OTHER.urn]}),
    ],
    absent=[*AROUND, replace(NODES, inputs={})],
    unknown_is="violation",
    absent_is="silent",
)

BROKERS = Made(
    type="aws:msk/cluster:Cluster", name="brokers", inputs={"brokerNodeGroupInfo": {"clientSubnets": ["subnet-2"]}}
)
BROKERS_CASE = Case(
    rule="msk-private-subnets",
    passing=[GATEWAY, READ_BACK, ROUTE, PLACE, OTHER, PLACED, BROKERS],
    failing=[*AROUND, replace(BROKERS, inputs={"brokerNodeGroupInfo": {"clientSubnets": ["subnet-2", "subnet-1"]}})],
    unknown=[
        *AROUND,
        replace(
            BROKERS,
            inputs={"brokerNodeGroupInfo": {"clientSubnets": [UNKNOWN]}},
            property_dependencies={"brokerNodeGroupInfo": [PLACE.urn, OTHER.urn]},
        ),
    ],
    absent=[*AROUND, replace(BROKERS, inputs={})],
    unknown_is="violation",
    absent_is="silent",
)

CASES = (
    pair_case("vpc-flow-logs-enabled", VPC, FLOW_LOG.type, "vpcId"),
    value_case("flow-log-rejected-traffic", FLOW_LOG, "trafficType", "ACCEPT"),
    pair_case("vpc-default-sg-managed", VPC, DEFAULT_GROUP.type, "vpcId"),
    value_case("vpc-default-sg-closed", DEFAULT_GROUP, "ingress", [{"protocol": "-1"}], absent_is="silent"),
    forbidden_case("vpc-no-default-vpc", "aws:ec2/defaultVpc:DefaultVpc", VPC),
    value_case("subnet-no-auto-public-ip", SUBNET, "mapPublicIpOnLaunch", True, absent_is="silent"),
    value_case("prefix-list-not-world", PREFIXES, "entries.0.cidr", "0.0.0.0/1", around=[ENTRY], absent_is="silent"),
    DEFAULT_CASE,
    DATA_CASE,
    NODES_CASE,
    BROKERS_CASE,
    value_case("nacl-no-public-admin-ports", ACL, "ingress.1.ruleNo", 300, around=[ACL_RULE], absent_is="silent"),
)
SINGLE_RULE_CASE = value_case("nacl-no-public-admin-ports", ACL_RULE, "fromPort", 20)
