from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made

GROUP = Made(type="aws:ec2/securityGroup:SecurityGroup", name="data", id="sg-data", inputs={"description": "Databases"})
DATABASE = Made(type="aws:rds/instance:Instance", name="database", inputs={"vpcSecurityGroupIds": ["sg-data"]})
CLIENTS = replace(GROUP, name="clients", id="sg-clients")
MACHINE = Made(type="aws:ec2/instance:Instance", name="machine", inputs={"vpcSecurityGroupIds": ["sg-clients"]})
WORN = [GROUP, DATABASE]
IN = Made(
    type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    name="in",
    inputs={"securityGroupId": "sg-data", "referencedSecurityGroupId": "sg-clients", "description": "From clients"},
)
OUT = Made(
    type="aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    name="out",
    inputs={"securityGroupId": "sg-data", "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/16"},
)
OLD = "aws:ec2/securityGroupRule:SecurityGroupRule"
BLOCK = {"securityGroupId": "sg-data", "cidrIpv4": "10.0.0.0/16"}
EVERYTHING = {"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}

CASES = (
    Case(
        rule="sg-data-tier-ingress-by-sg",
        passing=[*WORN, IN, OUT, replace(IN, name="other", inputs={**BLOCK, "securityGroupId": "sg-clients"})],
        failing=[*WORN, replace(IN, inputs=BLOCK)],
        unknown=[*WORN, replace(IN, inputs={**BLOCK, "cidrIpv4": UNKNOWN})],
        absent=[*WORN, replace(IN, inputs={"securityGroupId": "sg-data"})],
        unknown_is="violation",
        absent_is="silent",
    ),
    Case(
        rule="sg-data-tier-egress",
        passing=[*WORN, OUT],
        failing=[*WORN, replace(OUT, inputs={**OUT.inputs, "cidrIpv4": "0.0.0.0/0"})],
        unknown=[*WORN, replace(OUT, inputs={**OUT.inputs, "cidrIpv4": UNKNOWN})],
        absent=[*WORN, replace(OUT, inputs={"securityGroupId": "sg-data", "ipProtocol": "-1"})],
        unknown_is="silent",
        absent_is="silent",
    ),
    Case(
        rule="sg-no-unrestricted-egress",
        passing=[CLIENTS, MACHINE, replace(OUT, inputs={**OUT.inputs, "securityGroupId": "sg-clients"})],
        failing=[replace(CLIENTS, inputs={"egress": [{**EVERYTHING, "protocol": -1}]}), MACHINE],
        unknown=[replace(CLIENTS, inputs={"egress": [{**EVERYTHING, "cidrBlocks": [UNKNOWN]}]}), MACHINE],
        absent=[replace(CLIENTS, inputs={"egress": [{"protocol": "-1"}]}), MACHINE],
        unknown_is="silent",
        absent_is="silent",
    ),
    value_case("sg-descriptions", GROUP, "description", "Managed by Pulumi", unknown_is="silent"),
    Case(
        rule="sg-attached",
        passing=WORN,
        failing=[GROUP, CLIENTS, DATABASE],
        unknown=[
            GROUP,
            replace(
                DATABASE,
                inputs={"vpcSecurityGroupIds": [UNKNOWN]},
                property_dependencies={"vpcSecurityGroupIds": [GROUP.urn]},
            ),
        ],
        absent=[GROUP, replace(DATABASE, inputs={})],
        unknown_is="silent",
        absent_is="violation",
    ),
)
INLINE_CASES = (
    Case(
        rule="sg-data-tier-ingress-by-sg",
        passing=[replace(GROUP, inputs={"ingress": [{"protocol": "tcp", "securityGroups": ["sg-clients"]}]}), DATABASE],
        failing=[replace(GROUP, inputs={"ingress": [{"protocol": "tcp", "ipv6CidrBlocks": ["fd00::/8"]}]}), DATABASE],
        unknown=[replace(GROUP, inputs={"ingress": UNKNOWN}, property_dependencies={"ingress": []}), DATABASE],
        absent=[replace(GROUP, inputs={}), DATABASE],
        unknown_is="unknown",
        absent_is="silent",
    ),
    Case(
        rule="sg-data-tier-egress",
        passing=[*WORN, Made(type=OLD, name="old", inputs={"securityGroupId": "sg-data", **EVERYTHING, "type": "in"})],
        failing=[
            *WORN,
            Made(type=OLD, name="old", inputs={"securityGroupId": "sg-data", **EVERYTHING, "type": "egress"}),
        ],
        unknown=[*WORN, Made(type=OLD, name="old", inputs={"securityGroupId": UNKNOWN, **EVERYTHING})],
        absent=[*WORN, Made(type=OLD, name="old", inputs=EVERYTHING)],
        unknown_is="silent",
        absent_is="silent",
    ),
    Case(
        rule="sg-data-tier-egress",
        passing=WORN,
        failing=[replace(GROUP, inputs={**GROUP.inputs, "egress": [{**EVERYTHING, "protocol": "all"}]}), DATABASE],
        unknown=[replace(GROUP, inputs={"egress": UNKNOWN}, property_dependencies={"egress": []}), DATABASE],
        absent=[replace(GROUP, inputs={"egress": []}), DATABASE],
        unknown_is="silent",
        absent_is="silent",
    ),
    Case(
        rule="sg-descriptions",
        passing=[replace(GROUP, inputs={"description": "It", "ingress": [{"description": "Them"}]})],
        failing=[replace(GROUP, inputs={"description": "It", "ingress": [{"description": ""}]})],
        unknown=[replace(GROUP, inputs={"description": UNKNOWN, "ingress": UNKNOWN})],
        absent=[replace(GROUP, inputs={"description": "It", "egress": [{}]})],
        unknown_is="silent",
        absent_is="violation",
    ),
)
