"""What the world may reach: address blocks, port ranges, and the order in which an ACL is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.world import Opening, is_world
from tests.policy.cases.network import ACL, DENY, RANGE
from tests.policy.harness import Made, findings, offline

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


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "64.0.0.0/7"])
def test_the_world_in_parts_is_the_world(cidr: str) -> None:
    assert is_world(cidr)
    assert broken(ingress(22, 22, cidr)) == {"sg-no-public-admin-ports"}


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "203.0.113.7/32", "2001:db8::/32", "10.0.0.1/8"])
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
    assert Opening("", "", first, last).reaches([port]) == (port in range(first, last + 1))


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
