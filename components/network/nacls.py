"""One network ACL per tier, over all its subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypedDict

from pulumi_aws import ec2

from components.network.acl_rules import acl
from config.placement import calls_from, ports_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.network.acl_rules import AclRule, Protocol
    from components.network.site import Site
    from components.network.tiers import Subnets

_PROTOCOL_NUMBERS: Final[Mapping[Protocol, str]] = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17"}
"""As EC2 reads them back (IANA protocol numbers); with names every refresh would show a difference."""
_FIRST: Final = 100
_STEP: Final = 10
"""Distance between rule numbers, so that a rule can be put between two others by hand in an emergency."""


class _Entry(TypedDict):
    """The arguments that ingress and egress entries have in common."""

    rule_no: int
    action: Literal["allow"]
    protocol: str
    cidr_block: str
    from_port: int
    to_port: int
    icmp_type: int
    icmp_code: int


def build_network_acls(site: Site, vpc: ec2.Vpc, subnets: Subnets) -> None:
    """Build the ACL of each tier."""
    for tier, of_tier in subnets.items():
        rules = acl(site.settings, tier, ports_in(site.members, tier), calls=calls_from(site.members, tier))
        ec2.NetworkAcl(
            site.named(f"{tier}-acl"),
            vpc_id=vpc.id,
            subnet_ids=[subnet.id for subnet in of_tier.values()],
            ingress=[ec2.NetworkAclIngressArgs(**_entry(*placed)) for placed in enumerate(rules.ingress)],
            egress=[ec2.NetworkAclEgressArgs(**_entry(*placed)) for placed in enumerate(rules.egress)],
            tags={**site.tags(tier), "Tier": tier},
            opts=site.child(),
        )


def _entry(place: int, rule: AclRule) -> _Entry:
    return _Entry(
        rule_no=_FIRST + _STEP * place,
        action="allow",
        protocol=_PROTOCOL_NUMBERS[rule.protocol],
        cidr_block=str(rule.peer),
        from_port=rule.ports[0],
        to_port=rule.ports[1],
        icmp_type=rule.icmp[0],
        icmp_code=rule.icmp[1],
    )
