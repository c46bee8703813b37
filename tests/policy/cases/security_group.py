from tests.policy.case import value_case
from tests.policy.harness import Made

INGRESS = Made(
    type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    name="web",
    inputs={"cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443},
)
BY_GROUP = Made(
    type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    name="database",
    inputs={"referencedSecurityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432},
)
SSH_FROM_OFFICE = Made(
    type="aws:ec2/securityGroupRule:SecurityGroupRule",
    name="office",
    inputs={"type": "ingress", "cidrBlocks": ["203.0.113.0/24"], "protocol": "tcp", "fromPort": 22, "toPort": 22},
)
EGRESS = Made(
    type="aws:ec2/securityGroupRule:SecurityGroupRule",
    name="out",
    inputs={"type": "egress", "cidrBlocks": ["0.0.0.0/0"], "protocol": "-1", "fromPort": 0, "toPort": 0},
)
GROUP = Made(
    type="aws:ec2/securityGroup:SecurityGroup",
    inputs={"ingress": [{"cidrBlocks": ["0.0.0.0/0"], "protocol": "tcp", "fromPort": 443, "toPort": 443}]},
)
AROUND = (GROUP, BY_GROUP, SSH_FROM_OFFICE, EGRESS)

CASES = (
    value_case("sg-no-all-ports-ingress", INGRESS, "ipProtocol", "-1", around=AROUND),
    value_case("sg-no-public-admin-ports", INGRESS, "fromPort", 20, around=AROUND, absent_is="violation"),
    value_case("sg-no-public-high-risk-ports", INGRESS, "toPort", 500, around=AROUND, absent_is="silent"),
    value_case("sg-public-only-80-443", INGRESS, "toPort", 444, around=AROUND, absent_is="silent"),
)
