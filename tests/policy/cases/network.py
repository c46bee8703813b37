from tests.policy.case import forbidden_case, pair_case, value_case
from tests.policy.harness import Made

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

CASES = (
    pair_case("vpc-flow-logs-enabled", VPC, FLOW_LOG.type, "vpcId"),
    value_case("flow-log-rejected-traffic", FLOW_LOG, "trafficType", "ACCEPT"),
    pair_case("vpc-default-sg-managed", VPC, DEFAULT_GROUP.type, "vpcId"),
    value_case("vpc-default-sg-closed", DEFAULT_GROUP, "ingress", [{"protocol": "-1"}], absent_is="silent"),
    forbidden_case("vpc-no-default-vpc", "aws:ec2/defaultVpc:DefaultVpc", VPC),
    value_case("subnet-no-auto-public-ip", SUBNET, "mapPublicIpOnLaunch", True, absent_is="silent"),
    value_case("nacl-no-public-admin-ports", ACL, "ingress.1.ruleNo", 300, around=[ACL_RULE], absent_is="silent"),
)
SINGLE_RULE_CASE = value_case("nacl-no-public-admin-ports", ACL_RULE, "fromPort", 20)
