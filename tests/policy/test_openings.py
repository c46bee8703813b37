"""What the world may reach: address blocks, port ranges, and the order in which an ACL is read."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, collapse_addresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.reading.acl import Entry, allowed
from policy.reading.addresses import are_world, is_world, network, without
from policy.reading.reach import Opening
from tests.policy.cases.network import ACL, DENY, RANGE
from tests.policy.harness import UNKNOWN, Made, findings, offline

PORT = st.integers(0, 65535)
RULES = ("sg-no-all-ports-ingress", "sg-no-public-admin-ports", "sg-no-public-high-risk-ports", "sg-public-only-80-443")


def ingress(first: int, last: int, cidr: str = "0.0.0.0/0", protocol: str = "tcp") -> Made:
    key = "cidrIpv6" if ":" in cidr else "cidrIpv4"
    return Made(
        type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        inputs={key: cidr, "ipProtocol": protocol, "fromPort": first, "toPort": last},
    )


def broken(it: Made) -> set[str]:
    return {finding.rule.name for finding in findings([it])} & set(RULES)


@pytest.mark.parametrize(
    "cidr", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "64.0.0.0/7", "1.0.0.0/8", "::/1"]
)
def test_the_world_in_parts_is_the_world(cidr: str) -> None:
    assert is_world(cidr)
    assert broken(ingress(22, 22, cidr)) == {"sg-no-public-admin-ports"}


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/8", "203.0.113.7/32", "2001:db8::/32", "10.0.0.1/8", "100.64.0.0/10", "fc00::/7", "203.0.0.0/9"]
)
def test_a_block_that_somebody_has_is_not(cidr: str) -> None:
    assert not is_world(cidr)
    assert not broken(ingress(22, 22, cidr))


def test_a_source_that_is_no_block_breaks_the_rule_and_so_stops() -> None:
    assert offline("sg-no-public-admin-ports", [ingress(22, 22, "anywhere")]) == "broken"


@given(first=PORT, last=PORT)
def test_an_opening_breaks_one_rule_unless_it_is_a_web_port(first: int, last: int) -> None:
    first, last = sorted((first, last))
    harmless = set(range(first, last + 1)) <= {80, 443}
    assert len(broken(ingress(first, last))) == (0 if harmless else 1)


@given(first=PORT, last=PORT, port=PORT)
def test_an_opening_reaches_exactly_the_ports_in_it(first: int, last: int, port: int) -> None:
    assert Opening("", [], first, last).reaches([port]) == (port in range(first, last + 1))


@pytest.mark.parametrize(
    ("protocol", "rules"),
    [("-1", {"sg-no-all-ports-ingress"}), ("all", {"sg-no-all-ports-ingress"}), ("icmp", set()), ("udp", {RULES[2]})],
)
def test_protocols_are_distinguished(protocol: str, rules: set[str]) -> None:
    assert broken(ingress(2049, 2049, protocol=protocol)) == rules


def test_all_ports_by_number_are_all_ports() -> None:
    assert broken(ingress(0, 65535)) == {"sg-no-all-ports-ingress"}


def test_a_config_may_open_a_further_port() -> None:
    rules = {"sg-public-only-80-443": {"publicPorts": [443, 8443]}}
    assert offline("sg-public-only-80-443", [ingress(8443, 8443)], rules=rules) == "silent"
    assert offline("sg-public-only-80-443", [ingress(80, 80)], rules=rules) == "violation"


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ([DENY, RANGE], "silent"),
        ([RANGE, {**DENY, "ruleNo": 201}], "violation"),
        ([RANGE, {**DENY, "cidrBlock": "198.51.100.0/24"}], "violation"),
        ([RANGE, {**DENY, "protocol": "-1"}], "silent"),
        ([{**RANGE, "cidrBlock": None, "ipv6CidrBlock": "::/0"}, DENY], "violation"),
    ],
    ids=["denied first", "denied too late", "denied to some", "all denied first", "open by IPv6"],
)
def test_an_acl_is_read_in_the_order_of_its_rule_numbers(rules: list[object], outcome: str) -> None:
    assert offline("nacl-no-public-admin-ports", [Made(type=ACL.type, inputs={"ingress": rules})]) == outcome


BLOCKS = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(lambda it: str(IPv4Network(it, strict=False)))
ENTRIES = st.lists(st.tuples(BLOCKS, st.booleans()), max_size=6)
ADDRESSES = st.integers(0, 2**32 - 1).map(IPv4Address)


@given(ENTRIES, ADDRESSES)
def test_an_acl_allows_an_address_if_the_first_rule_about_it_does(
    rules: list[tuple[str, bool]], it: IPv4Address
) -> None:
    entries = [Entry("", at, allows, "tcp", 22, 22, network(block)) for at, (block, allows) in enumerate(rules)]
    first = next((allows for block, allows in rules if it in IPv4Network(block)), False)
    assert any(it in block for block in allowed(entries, "tcp", 22)) == first
    assert allowed(entries, "tcp", 23) == []


@given(st.lists(BLOCKS, max_size=5), BLOCKS, ADDRESSES)
def test_what_is_taken_away_is_gone_and_nothing_else(blocks: list[str], hole: str, it: IPv4Address) -> None:
    left = without([network(block) for block in blocks], network(hole))
    was = any(it in IPv4Network(block) for block in blocks)
    assert any(it in block for block in left) == (was and it not in IPv4Network(hole))


@given(st.lists(BLOCKS, max_size=4))
def test_blocks_are_the_world_by_the_public_addresses_in_them(blocks: list[str]) -> None:
    public = [IPv4Network(block) for block in blocks]
    assert are_world(public) == are_world(collapse_addresses(public)), "an address counts once"
    assert are_world([*public, IPv4Network("0.0.0.0/0")])
    assert not are_world([IPv4Network("10.0.0.0/8"), IPv4Network("192.168.0.0/16"), IPv4Network("172.16.0.0/12")])


def group(*rules: dict[str, object]) -> Made:
    return Made(type="aws:ec2/securityGroup:SecurityGroup", inputs={"ingress": list(rules)})


def ssh(**rule: object) -> dict[str, object]:
    return {"protocol": "tcp", "fromPort": 22, "toPort": 22, **rule}


@pytest.mark.parametrize(
    "made",
    [
        group(ssh(cidrBlocks=["0.0.0.0/0"])),
        group(ssh(cidrBlocks=["10.0.0.0/8"], ipv6CidrBlocks=["::/0"])),
        group(ssh(cidrBlocks=[f"{at}.0.0.0/9" for at in (1, 2)])),
        group(*(ssh(cidrBlocks=[f"{at}.0.0.0/9"]) for at in (1, 2))),
        group(ssh(cidrBlocks=["1.0.0.0/9"], toPort=30), ssh(cidrBlocks=["1.128.0.0/9"], fromPort=10)),
        group(ssh(cidrBlocks=["0.0.0.0/0"], fromPort=0, toPort=1024)),
        group(ssh(cidrBlocks=["0.0.0.0/0"], protocol="6")),
        group(ssh(cidrBlocks=["0.0.0.0/0"], protocol="TCP")),
        group(ssh(cidrBlocks=["0.0.0.0/0"], protocol=6.0)),
        group(ssh(cidrBlocks=["0.0.0.0/0"], fromPort="22", toPort="22")),
        group(ssh(cidrBlocks=["9.0.0.0/0"])),
        group(ssh(cidrBlocks=[UNKNOWN, "0.0.0.0/0"])),
    ],
    ids=lambda made: str(made.inputs)[:60],
)
def test_ways_to_open_ssh_to_the_world(made: Made) -> None:
    assert broken(made) == {"sg-no-public-admin-ports"}


@pytest.mark.parametrize("protocol", ["-1", -1.0, "all", "ALL", None])
def test_ways_to_say_every_protocol(protocol: object) -> None:
    assert broken(group({"protocol": protocol, "cidrBlocks": ["0.0.0.0/0"], "fromPort": 0, "toPort": 0})) == {RULES[0]}


def test_a_range_of_minus_one_is_every_port() -> None:
    assert broken(group(ssh(cidrBlocks=["0.0.0.0/0"], fromPort=-1, toPort=-1))) == {RULES[0]}


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        (ssh(cidrBlocks=[UNKNOWN]), "unknown"),
        (ssh(cidrBlocks=UNKNOWN), "unknown"),
        (ssh(cidrBlocks=[UNKNOWN], fromPort=443, toPort=443), "silent"),
        (ssh(cidrBlocks=["10.0.0.0/8"], fromPort=UNKNOWN), "silent"),
        (ssh(cidrBlocks=["0.0.0.0/0"], fromPort=UNKNOWN), "unknown"),
        (ssh(securityGroups=[UNKNOWN], cidrBlocks=[]), "silent"),
    ],
    ids=str,
)
def test_an_unknown_counts_only_where_the_answer_hangs_on_it(rule: dict[str, object], outcome: str) -> None:
    assert offline("sg-no-public-admin-ports", [group(rule)]) == outcome


OWN = "aws:ec2/networkAclRule:NetworkAclRule"


def entry(at: int, action: str, cidr: str, *, port: int = 22, acl: str = "acl-1", **more: object) -> Made:
    key = "ipv6CidrBlock" if ":" in cidr else "cidrBlock"
    inputs = {"networkAclId": acl, "ruleNumber": at, "ruleAction": action, "protocol": "tcp", key: cidr}
    return Made(type=OWN, name=f"rule-{acl}-{at}", inputs={**inputs, "fromPort": port, "toPort": port, **more})


@pytest.mark.parametrize(
    ("stack", "outcome"),
    [
        ([entry(100, "deny", "0.0.0.0/1"), entry(200, "allow", "0.0.0.0/0")], "violation"),
        (
            [entry(100, "deny", "0.0.0.0/1"), entry(150, "deny", "128.0.0.0/1"), entry(200, "allow", "0.0.0.0/0")],
            "silent",
        ),
        ([entry(100, "deny", "0.0.0.0/0"), entry(200, "allow", "0.0.0.0/0")], "silent"),
        ([entry(300, "deny", "0.0.0.0/0"), entry(200, "allow", "0.0.0.0/0")], "violation"),
        ([entry(100, "deny", "0.0.0.0/0", acl="acl-2"), entry(200, "allow", "0.0.0.0/0")], "violation"),
        ([entry(100, "deny", "0.0.0.0/0"), entry(200, "allow", "::/0")], "violation"),
        ([entry(at, "allow", f"{at}.0.0.0/9") for at in (1, 2, 3)], "violation"),
        ([entry(1, "allow", "10.0.0.0/8"), entry(2, "allow", "203.0.113.0/24")], "silent"),
        ([entry(1, "allow", "0.0.0.0/0", egress=True)], "silent"),
        ([entry(1, "allow", "0.0.0.0/0", port=443)], "silent"),
        ([entry(1, "deny", "0.0.0.0/0", protocol="udp"), entry(2, "allow", "0.0.0.0/0")], "violation"),
        ([entry(1, "deny", "0.0.0.0/0", protocol="-1"), entry(2, "allow", "0.0.0.0/0")], "silent"),
        ([entry(1, "allow", "0.0.0.0/0", protocol=UNKNOWN)], "unknown"),
    ],
    ids=range(13),
)
def test_rules_of_their_own_are_read_in_order_with_those_of_their_acl(stack: list[Made], outcome: str) -> None:
    assert offline("nacl-no-public-admin-ports", stack) == outcome


def test_inline_rules_and_rules_of_their_own_are_one_list() -> None:
    acl = Made(type=ACL.type, name="acl", id="acl-1", inputs={"ingress": [{**DENY, "fromPort": 22, "toPort": 22}]})
    assert offline("nacl-no-public-admin-ports", [acl, entry(200, "allow", "0.0.0.0/0")]) == "silent"
    assert offline("nacl-no-public-admin-ports", [acl, entry(50, "allow", "0.0.0.0/0")]) == "violation"


@pytest.mark.parametrize(
    "cidrs", [["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"], ["::/0"], [f"{at}.0.0.0/9" for at in (1, 2)], ["2000::/3"]]
)
def test_a_prefix_list_that_holds_the_world_is_found(cidrs: list[str]) -> None:
    listed = Made(
        type="aws:ec2/managedPrefixList:ManagedPrefixList", inputs={"entries": [{"cidr": one} for one in cidrs]}
    )
    assert offline("prefix-list-not-world", [listed]) == "violation"


@pytest.mark.parametrize("type_", ["SecurityGroupIngressRule", "SecurityGroupEgressRule"])
def test_a_rule_on_the_default_group_of_a_vpc_is_found(type_: str) -> None:
    vpc = Made(type="aws:ec2/vpc:Vpc", name="vpc")
    rule = Made(
        type=f"aws:vpc/{type_[0].lower()}{type_[1:]}:{type_}",
        inputs={"securityGroupId": UNKNOWN, "cidrIpv4": "10.0.0.0/8"},
        property_dependencies={"securityGroupId": [vpc.urn]},
    )
    assert offline("vpc-default-sg-no-own-rules", [vpc, rule]) == "violation"


@pytest.mark.parametrize(
    ("type_", "inputs", "outcome"),
    [
        ("route:Route", {"vpcPeeringConnectionId": UNKNOWN, "destinationCidrBlock": "128.0.0.0/1"}, "violation"),
        ("route:Route", {"vpcPeeringConnectionId": "pcx-1", "destinationIpv6CidrBlock": "::/0"}, "violation"),
        ("route:Route", {"vpcPeeringConnectionId": "pcx-1", "destinationCidrBlock": "10.1.0.0/16"}, "silent"),
        ("route:Route", {"natGatewayId": "nat-1", "destinationCidrBlock": "0.0.0.0/0"}, "silent"),
        ("routeTable:RouteTable", {"routes": [{"vpcPeeringConnectionId": "p", "cidrBlock": "0.0.0.0/0"}]}, "violation"),
        (
            "defaultRouteTable:DefaultRouteTable",
            {"routes": [{"vpcPeeringConnectionId": "p", "ipv6CidrBlock": "::/0"}]},
            "violation",
        ),
        ("routeTable:RouteTable", {"routes": [{"gatewayId": "igw-1", "cidrBlock": "0.0.0.0/0"}]}, "silent"),
    ],
    ids=range(7),
)
def test_a_default_route_over_peering_is_found_inline_and_of_its_own(
    type_: str, inputs: dict[str, object], outcome: str
) -> None:
    assert offline("peering-route-not-default", [Made(type=f"aws:ec2/{type_}", inputs=inputs)]) == outcome
