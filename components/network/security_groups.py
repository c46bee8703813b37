"""Security groups and their rules, each rule a resource of its own, so that a change shows as the one rule it is."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, TypedDict

from pulumi_aws import ec2, vpc

from components.network.group_rules import group_rules, groups

if TYPE_CHECKING:
    import pulumi

    from components.network.group_rules import GroupRule
    from components.network.site import Site

    Groups = dict[str, ec2.SecurityGroup]
    """Group -> resource."""


class _Traffic(TypedDict):
    """The arguments that ingress and egress rules have in common."""

    security_group_id: pulumi.Input[str]
    ip_protocol: str
    from_port: int | None
    to_port: int | None
    cidr_ipv4: str | None
    referenced_security_group_id: pulumi.Input[str] | None
    description: str
    tags: dict[str, str]
    opts: pulumi.ResourceOptions


def build_security_groups(site: Site, vpc_: ec2.Vpc) -> Groups:
    """Build the groups of who serves in the VPC, and their rules."""
    built: Groups = {
        group: ec2.SecurityGroup(
            site.named(f"{group}-group"), vpc_id=vpc_.id, description=purpose, tags=site.tags(group), opts=site.child()
        )
        for group, purpose in groups(site.settings, site.members).items()
    }
    for rule in group_rules(site.settings, site.members):
        name = site.named(f"{rule.group}-{rule.direction}-{rule.key}")
        traffic = _traffic(site, built, rule)
        if rule.direction == "in":
            vpc.SecurityGroupIngressRule(name, **traffic)
        else:
            vpc.SecurityGroupEgressRule(name, **traffic)
    return built


def _traffic(site: Site, built: Groups, rule: GroupRule) -> _Traffic:
    block = rule.peer if isinstance(rule.peer, IPv4Network) else None
    return _Traffic(
        security_group_id=built[rule.group].id,
        ip_protocol="-1" if rule.port is None else "tcp",
        from_port=rule.port,
        to_port=rule.port,
        cidr_ipv4=str(block) if block else None,
        referenced_security_group_id=None if isinstance(rule.peer, IPv4Network) else built[rule.peer].id,
        description=rule.description,
        tags=site.tags(f"{rule.group}-{rule.direction}-{rule.key}"),
        opts=site.child(),
    )
