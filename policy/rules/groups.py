"""Security groups by who wears them: data is reached from groups only, and no group is loose or without words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.reading.addresses import are_world, network
from policy.reading.reach import has_ports, protocol_of
from policy.rule import Breach, Level, Rule, Severity, WhenUnknown, resource_rule, stack_rule
from policy.tokens import (
    AURORA_CLUSTERS,
    CACHE_CLUSTERS,
    DATABASES,
    GROUP_EGRESS_RULES,
    GROUP_RULES,
    REDIS_GROUPS,
    SECURITY_GROUPS,
    STREAMS,
)
from policy.values import Block, Mark, listed, plain, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_VPC: Final = "https://docs.aws.amazon.com/vpc/latest/userguide"
_DATA: Final = frozenset(
    {*DATABASES, *AURORA_CLUSTERS, *REDIS_GROUPS, *CACHE_CLUSTERS, "aws:docdb/cluster:Cluster",
     "aws:neptune/cluster:Cluster", "aws:memorydb/cluster:Cluster", "aws:redshift/cluster:Cluster",
     "aws:dax/cluster:Cluster", "aws:elasticache/serverlessCache:ServerlessCache", *STREAMS}
)  # fmt: skip
"""Databases, caches, brokers."""
_RUNS: Final = ("aws:eks/", "aws:ecs/", "aws:lambda/", "aws:lb/", "aws:alb/", "aws:elasticbeanstalk/",
                "aws:ec2/launchTemplate:", "aws:batch/", "aws:codebuild/")  # fmt: skip
"""What fetches images and packages by name, and load balancers."""
_OWN_RULES: Final = (*GROUP_RULES, *GROUP_EGRESS_RULES)
_ALL: Final = frozenset({"-1", "all"})
_BLOCKS: Final = ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
_BY_THE_PROVIDER: Final = frozenset({"Managed by Pulumi", "Managed by Terraform"})


def _of_data(stack: Stack) -> list[Resource]:
    """Return the groups that a database or a cache of the stack wears."""
    worn = stack.wearers
    return [group for group in stack.of(SECURITY_GROUPS) if any(each.type in _DATA for each in worn[group.urn])]


def _rules(stack: Stack, group: Resource, direction: str) -> Iterator[tuple[Resource, Block]]:
    """Yield the rules of a group in a direction, inline and of their own, each with the resource that holds it."""
    yield from ((group, rule) for rule in group.given(direction))
    for rule in stack.of(_OWN_RULES):
        own = "egress" if rule.type in GROUP_EGRESS_RULES else "ingress"
        said = plain(rule.inputs.get("type")) if rule.type == GROUP_RULES[1] else own
        if said == direction and rule.refers_to(group, "securityGroupId"):
            yield rule, rule


@stack_rule(
    "sg-data-tier-ingress-by-sg",
    on=(*SECURITY_GROUPS, *GROUP_RULES),
    severity=Severity.HIGH,
    controls=("NIST-SC-7", "ISO-A.8.22"),
    url=f"{_VPC}/security-group-rules.html",
    remediation="name the security group of the clients as the source",
    guards=("ingress", "cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks"),
)
def data_by_group(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Databases and caches are reached from security groups, not from address blocks.

    A block lets in whatever is ever placed there. Judged on the groups that a database or a cache of the stack wears.
    Of ports that are open to the world, sg-no-public-high-risk-ports and the rules beside it speak.
    """
    for group in _of_data(stack):
        for holder, rule in _rules(stack, group, "ingress"):
            for key in (key for key in _BLOCKS if rule.has(key) and not _opens_ports_to_world(rule)):
                where = f"{rule.path}.{key}" if rule.path else key
                yield Breach(holder, f"{where} opens {group.origin.name}, which data wears; allowed: a group")


def _opens_ports_to_world(rule: Block) -> bool:
    return are_world(network(block) for block in _known_blocks(rule)) and has_ports(_protocol(rule))


def _everything_out(stack: Stack, group: Resource) -> Iterator[Resource]:
    """Yield what lets every protocol of a group out to the world."""
    for holder, rule in _rules(stack, group, "egress"):
        if _protocol(rule) in _ALL and are_world(network(block) for block in _known_blocks(rule)):
            yield holder


def _known_blocks(rule: Block) -> list[object]:
    found = (value for key in _BLOCKS for _, value in rule.each(key))
    items = (plain(item) for value in found for item in listed(value))
    return [item for item in items if not isinstance(item, Mark) and item != ""]


def _protocol(rule: Block) -> str:
    return protocol_of(rule, "ipProtocol" if rule.has("ipProtocol") else "protocol")


@stack_rule(
    "sg-data-tier-egress",
    on=(*SECURITY_GROUPS, *_OWN_RULES),
    severity=Severity.MEDIUM,
    controls=("NIST-SC-7", "ISO-A.8.22"),
    url=f"{_VPC}/security-group-rules.html",
    when_unknown=WhenUnknown.PASS,
    remediation="leave egress out: answers to clients need no rule",
    guards=("egress", "cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "ipProtocol"),
)
def data_stays_in(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Databases and caches do not call the world.

    Judged on the groups that a database or a cache of the stack wears: one that is taken over then sends nothing away.
    """
    for group in _of_data(stack):
        for holder in _everything_out(stack, group):
            yield Breach(holder, f"lets all out of {group.origin.name}, which data wears; allowed: named destinations")


@stack_rule(
    "sg-no-unrestricted-egress",
    on=(*SECURITY_GROUPS, *_OWN_RULES),
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("NIST-SC-7",),
    url=f"{_VPC}/security-group-rules.html",
    when_unknown=WhenUnknown.PASS,
    remediation="name the ports and the destinations",
    guards=("egress", "cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "ipProtocol"),
)
def not_everything_out(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Security groups do not let everything out to the world.

    Load balancers, nodes, tasks, functions and builds are exempt: they fetch by name, which no group can say. Databases
    and caches have a rule of their own, sg-data-tier-egress. A group that nothing of the stack wears is not judged.
    """
    worn = stack.wearers
    for group in stack.of(SECURITY_GROUPS):
        types = {each.type for each in worn[group.urn]}
        if types and types.isdisjoint(_DATA) and not any(type_.startswith(_RUNS) for type_ in types):
            for holder in _everything_out(stack, group):
                yield Breach(holder, f"lets all out of {group.origin.name}; allowed: named ports and destinations")


@resource_rule(
    "sg-descriptions",
    on=(*SECURITY_GROUPS, *_OWN_RULES),
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("NIST-CM-8", "CKV_AWS_23"),
    url=f"{_VPC}/security-group-rules.html",
    when_unknown=WhenUnknown.PASS,
    remediation="say in description whom the group is for, and what the rule lets through",
    guards=("description",),
)
def described(subject: Resource, _settings: Settings) -> Iterator[str]:
    """Security groups and their rules have a description.

    What the provider writes where the program gives none is not one.
    """
    inline = [key for key in ("ingress", "egress") if subject.type in SECURITY_GROUPS and _has_rules(subject, key)]
    for path in ("description", *(f"{key}.description" for key in inline)):
        for where, value in subject.each(path):
            if value in (Mark.ABSENT, "") or (isinstance(value, str) and value in _BY_THE_PROVIDER):
                yield f"{where} is {show(value) or 'empty'}; allowed: words of the program's own"


def _has_rules(group: Resource, key: str) -> bool:
    return any(isinstance(plain(rule), Mapping) for rule in listed(plain(group.inputs.get(key))))


@stack_rule(
    "sg-attached",
    on=SECURITY_GROUPS,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("NIST-CM-8",),
    url=f"{_VPC}/vpc-security-groups.html",
    remediation="give the group to what it is for, or take it out of the program",
)
def attached(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Every security group is worn by a resource of the stack.

    A loose group is put on one day by somebody who does not know what it opens.
    """
    worn = stack.wearers
    for group in stack.of(SECURITY_GROUPS):
        if not worn[group.urn]:
            yield Breach(group, "no resource of this stack wears it")


RULES: Final[tuple[Rule, ...]] = (
    data_by_group,
    data_stays_in,
    not_everything_out,
    described,
    attached,
)
