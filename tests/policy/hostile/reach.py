"""What strangers reach: ports and routes, by their effect together."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.policy.harness import UNKNOWN, Made
from tests.policy.hostile.form import Attack, attack, made

_WORLD: Final = "0.0.0.0/0"
_NEAR: Final = "10.0.0.0/8"


def _port(first: int, last: int | None = None, cidr: str = _WORLD, **more: object) -> dict[str, object]:
    key = "ipv6CidrBlocks" if ":" in cidr else "cidrBlocks"
    return {"protocol": "tcp", "fromPort": first, "toPort": first if last is None else last, key: [cidr], **more}


def _group(what: str, *rules: dict[str, object]) -> Attack:
    return attack(what, "ec2/securityGroup", {"ingress": list(rules)}, {"ingress": [_port(443)]})


def _rule(at: int, action: str, cidr: str = _WORLD, **more: object) -> dict[str, object]:
    key = "ipv6CidrBlock" if ":" in cidr else "cidrBlock"
    return {"ruleNo": at, "action": action, "protocol": "tcp", "fromPort": 22, "toPort": 22, key: cidr, **more}


def _acl(what: str, *rules: dict[str, object]) -> Attack:
    return attack(what, "ec2/networkAcl", {"ingress": list(rules)}, {"ingress": [_rule(1, "deny"), _rule(2, "allow")]})


def _own(name: str, **inputs: object) -> Made:
    return made("vpc/securityGroupIngressRule", name, **{"ipProtocol": "tcp", "securityGroupId": "sg-1", **inputs})


def _subnet(**target: object) -> list[Made]:
    """A group of databases in a subnet whose default route has a target."""
    table = made("ec2/routeTable", "rt", vpcId="vpc-1", routes=[{"cidrBlock": _WORLD, **target}])
    return [
        replace(made("ec2/internetGateway", "igw", vpcId="vpc-1"), id="igw-1"),
        replace(table, id="rtb-1"),
        replace(made("ec2/subnet", "s", vpcId="vpc-1"), id="subnet-1"),
        made("ec2/routeTableAssociation", "a", subnetId="subnet-1", routeTableId="rtb-1"),
        made("rds/subnetGroup", "g", subnetIds=["subnet-1"]),
    ]


_VPC: Final = Made(type="aws:ec2/vpc:Vpc", name="vpc", id="vpc-1", outputs={"defaultSecurityGroupId": "sg-0"})
_HTTP: Final = Made(
    type="aws:lb/listener:Listener",
    name="http",
    id="arn:l",
    inputs={
        "protocol": "HTTP",
        "port": 80,
        "defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTPS", "statusCode": "HTTP_301"}}],
    },
)
_DEFAULT: Final = replace(made("ec2/defaultSecurityGroup", "d", vpcId="vpc-1"), id="sg-0")
C10_NETWORK: Final = (
    attack(
        "a rule that forwards on a listener that redirects",
        "lb/listenerRule",
        {"listenerArn": "arn:l", "actions": [{"type": "forward", "targetGroupArn": "t"}]},
        {"listenerArn": "arn:l", "actions": [{"type": "fixed-response"}]},
        around=[_HTTP],
    ),
    attack(
        "a list that holds the world",
        "ec2/managedPrefixList",
        {"entries": [{"cidr": _WORLD}]},
        {"entries": [{"cidr": _NEAR}]},
    ),
    _acl("a half denied before all is allowed", _rule(1, "deny", "0.0.0.0/1"), _rule(2, "allow")),
    Attack(
        "a rule of its own on a default group",
        [_VPC, _own("x", securityGroupId="sg-0", cidrIpv4=_NEAR, fromPort=443, toPort=443), _DEFAULT],
        [_VPC, _own("x", securityGroupId="sg-9", cidrIpv4=_NEAR, fromPort=443, toPort=443), _DEFAULT],
    ),
    _group("SSH within a range", _port(1, 1024)),
    _group("remote desktop by IPv6", _port(3389, cidr="::/0")),
    _group("halves of the world in two rules", _port(22, cidr="0.0.0.0/1"), _port(22, cidr="128.0.0.0/1")),
    _group("ranges that overlap at SSH", _port(1, 22, "1.0.0.0/9"), _port(22, 99, "1.128.0.0/9")),
    _group("every protocol by number", {"protocol": -1, "fromPort": 0, "toPort": 0, "cidrBlocks": [_WORLD]}),
    _group("UDP of a cache", _port(11211, protocol="17")),
    _group("a database", _port(5432)),
    _group("a kubelet", _port(10250)),
    _group("ports of nobody in particular", _port(8443)),
    _group("a block not known yet", {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": [UNKNOWN]}),
    attack(
        "by a rule of the older kind",
        "ec2/securityGroupRule",
        {"type": "ingress", **_port(22)},
        {"type": "ingress", **_port(443)},
    ),
    attack(
        "by a rule of the newer kind",
        "vpc/securityGroupIngressRule",
        {"ipProtocol": "tcp", "cidrIpv6": "::/0", "fromPort": 6379, "toPort": 6379},
        {"ipProtocol": "tcp", "cidrIpv6": "::/0", "fromPort": 443, "toPort": 443},
    ),
    Attack(
        "halves in two rules of their own",
        [
            _own("a", cidrIpv4="0.0.0.0/1", fromPort=22, toPort=22),
            _own("b", cidrIpv4="128.0.0.0/1", fromPort=22, toPort=22),
        ],
        [_own("a", cidrIpv4=_NEAR, fromPort=22, toPort=22)],
    ),
    Attack(
        "slices in rules of their own",
        [_own(f"s{at}", cidrIpv4=f"{at}.0.0.0/9", fromPort=22, toPort=22) for at in (1, 2)],
        [_own("s1", cidrIpv4="1.0.0.0/24", fromPort=22, toPort=22)],
    ),
    _acl("the denial comes too late", _rule(1, "allow"), _rule(2, "deny")),
    _acl("open by IPv6 only", _rule(1, "deny"), _rule(2, "allow"), _rule(3, "allow", "::/0")),
    _acl("denied to the wrong protocol", _rule(1, "deny", protocol="udp"), _rule(2, "allow")),
    attack(
        "the default ACL",
        "ec2/defaultNetworkAcl",
        {"ingress": [_rule(1, "allow", protocol="-1", fromPort=0, toPort=0)]},
        {"ingress": []},
    ),
    attack(
        "a default route over a peering",
        "ec2/route",
        {"vpcPeeringConnectionId": "pcx-1", "destinationCidrBlock": _WORLD},
        {"vpcPeeringConnectionId": "pcx-1", "destinationCidrBlock": "10.1.0.0/16"},
    ),
    attack(
        "half the world over a peering",
        "ec2/routeTable",
        {"routes": [{"vpcPeeringConnectionId": "p", "cidrBlock": "128.0.0.0/1"}]},
        {"routes": [{"natGatewayId": "n", "cidrBlock": _WORLD}]},
    ),
    Attack("a database where the internet leads", _subnet(gatewayId="igw-1"), _subnet(natGatewayId="nat-1")),
    attack("a default VPC", "ec2/defaultVpc", {}, by="vpc-no-default-vpc"),
    attack(
        "a firewall of Lightsail",
        "lightsail/instancePublicPorts",
        {"portInfos": [{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrs": [_WORLD]}]},
        {"portInfos": [{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrs": ["203.0.113.0/24"]}]},
    ),
    attack(
        "a fleet of games",
        "gamelift/fleet",
        {"ec2InboundPermissions": [{"fromPort": 22, "toPort": 22, "ipRange": _WORLD, "protocol": "TCP"}]},
        {"ec2InboundPermissions": [{"fromPort": 7777, "toPort": 7777, "ipRange": "203.0.113.0/24", "protocol": "UDP"}]},
    ),
    attack(
        "a transit gateway that accepts whoever asks",
        "ec2transitgateway/transitGateway",
        {"autoAcceptSharedAttachments": "enable"},
        {"autoAcceptSharedAttachments": "disable"},
    ),
    attack(
        "an endpoint service that accepts whoever asks",
        "ec2/vpcEndpointService",
        {"acceptanceRequired": False},
        {"acceptanceRequired": True},
    ),
)
