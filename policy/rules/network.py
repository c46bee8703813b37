"""VPC: recorded, closed by default, and open to the world only on the ports that are meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.acl import by_acl, deciding, entries_of
from policy.reading.addresses import are_world, network
from policy.reading.reach import ADMIN_PORTS
from policy.reading.routes import in_public
from policy.rule import Breach, Rule, Severity, WhenUnknown, resource_rule, stack_rule
from policy.table import be_one_of, check, forbidden, not_be_set, paired
from policy.tokens import (
    DATA_SUBNET_GROUPS,
    DEFAULT_GROUPS,
    DEFAULT_VPCS,
    FLOW_LOGS,
    GROUP_EGRESS_RULES,
    GROUP_RULES,
    NETWORK_ACL_RULES,
    NETWORK_ACLS,
    PREFIX_LISTS,
    SECURITY_GROUPS,
    SUBNETS,
    VPCS,
)
from policy.values import Mark, UnknownValueError, plain, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.reading.acl import Entry
    from policy.resources import Resource, Stack
    from policy.rule import Settings


@resource_rule(
    "subnet-no-auto-public-ip",
    on=SUBNETS,
    severity=Severity.MEDIUM,
    controls=("EC2.15", "CKV_AWS_130", "AWS-0164"),
    remediation="set map_public_ip_on_launch=False and give the few public things an address of their own",
    guards=("mapPublicIpOnLaunch",),
)
def no_auto_public_ip(subnet: Resource, _settings: Settings) -> Iterator[str]:
    """Subnets give no public address to what is launched in them, in whichever tier they are."""
    if same(subnet.get("mapPublicIpOnLaunch"), wanted=True):
        yield "mapPublicIpOnLaunch is true; allowed: false"


@stack_rule(
    "nacl-no-public-admin-ports",
    on=(*NETWORK_ACLS, *NETWORK_ACL_RULES),
    severity=Severity.HIGH,
    controls=("EC2.21", "CIS-5.2", "CKV_AWS_231", "CKV_AWS_232", "CKV_AWS_352", "AWS-0102", "AWS-0105"),
    remediation="deny ports 22 and 3389 under a lower rule number, or leave them out of the range",
    guards=("ingress", "cidrBlock", "ipv6CidrBlock", "ruleAction"),
)
def no_public_admin_ports(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Network ACLs let nobody in the world reach ports of administration.

    The rules of an ACL, inline and of their own, are read in the order of their numbers, as EC2 does. What is denied to
    a part of the world and allowed to the rest is allowed to the world.
    """
    unknown: UnknownValueError | None = None
    for acl, own in by_acl(stack.of(NETWORK_ACLS), stack.of(NETWORK_ACL_RULES)):
        try:
            entries = entries_of(acl, own)
        except UnknownValueError as error:
            unknown = unknown or error
            continue
        found = {port: where for port, where in _open_ports(entries) if where}
        for port, where in found.items():
            yield Breach(acl, f"{where} lets the world reach port {port}; allowed: neither of ports 22 and 3389")
    if unknown is not None:
        raise unknown


def _open_ports(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    for port in ADMIN_PORTS:
        for protocol in ("tcp", "udp"):
            yield port, deciding(entries, protocol, port)


@resource_rule(
    "prefix-list-not-world",
    on=PREFIX_LISTS,
    severity=Severity.CRITICAL,
    controls=("EC2.13", "EC2.19"),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html",
    remediation="name the blocks of the clients; where the world is meant, say 0.0.0.0/0 in the rule itself",
    guards=("entries", "cidr"),
)
def prefix_list_named(listed: Resource, _settings: Settings) -> Iterator[str]:
    """Prefix lists do not hold the world.

    Rules of groups and routes that name such a list open what nobody sees in them.
    """
    cidrs = [cidr for key in ("cidr", "entries.cidr") for _, cidr in listed.each(key) if cidr is not Mark.ABSENT]
    key = "cidr" if listed.has("cidr") else "entries"
    if are_world(network(cidr) for cidr in cidrs if cidr is not Mark.UNKNOWN):
        yield f"{key} hold the world: {show(cidrs)}; allowed: named blocks"
    elif Mark.UNKNOWN in cidrs:
        raise UnknownValueError(key)


@stack_rule(
    "subnet-data-tier-no-igw",
    on=DATA_SUBNET_GROUPS,
    severity=Severity.HIGH,
    controls=("RDS.46",),
    remediation="give the group subnets whose route table leads nothing to an internet gateway",
    guards=("subnetIds",),
)
def data_not_public(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Databases and caches stand in subnets to which no internet gateway leads.

    Judged by the subnet groups, route tables and routes of this stack, inline and of their own.
    """
    for group in stack.of(DATA_SUBNET_GROUPS):
        if named := in_public(stack, group, "subnetIds"):
            yield Breach(group, f"subnetIds hold {show(named)}, which an internet gateway leads to; allowed: others")


@stack_rule(
    "vpc-default-sg-no-own-rules",
    on=(*DEFAULT_GROUPS, *GROUP_RULES, *GROUP_EGRESS_RULES),
    severity=Severity.HIGH,
    controls=("EC2.2", "CIS-5.5", "CKV2_AWS_12", "AWS-0173"),
    remediation="give resources a group of their own, and the rule to that",
    when_unknown=WhenUnknown.PASS,
    guards=("securityGroupId",),
)
def no_own_rules(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Default security groups get no rules by resources of their own.

    An empty default group says nothing where a rule beside it opens it again.
    """
    for rule in stack.of((*GROUP_RULES, *GROUP_EGRESS_RULES)):
        if _is_of_default(rule, stack):
            yield Breach(rule, "securityGroupId is a default security group; allowed: a group of its own")


def _is_of_default(rule: Resource, stack: Stack) -> bool:
    """Tell whether a rule is of a default group: by the group adopted, or by what its VPC says of it."""
    key, behind = "securityGroupId", (rule.origin.property_dependencies or {}).get("securityGroupId", ())
    if any(rule.refers_to(group, key) for group in stack.of(DEFAULT_GROUPS)):
        return True
    value = plain(rule.inputs.get(key))
    of_vpcs = [vpc.reported("defaultSecurityGroupId") for vpc in stack.of(VPCS)]
    if not isinstance(value, Mark) and value in of_vpcs:
        return True
    groups = {group.urn for group in stack.of(SECURITY_GROUPS)}
    return groups.isdisjoint(behind) and any(vpc.urn in behind for vpc in stack.of(VPCS))


RULES: Final[tuple[Rule, ...]] = (
    paired(
        "vpc-flow-logs-enabled", "Every VPC has a flow log", by=FLOW_LOGS, key="vpcId",
        why="Without one nobody knows afterwards who talked to whom.",
        on=VPCS, severity=Severity.MEDIUM, controls=("EC2.6", "CIS-3.7", "CKV2_AWS_11", "AWS-0178"),
        remediation="add a FlowLog with the VPC's id and traffic_type ALL or REJECT",
    ),
    check(
        "flow-log-rejected-traffic", "Flow logs record rejected traffic", "trafficType", be_one_of("ALL", "REJECT"),
        on=FLOW_LOGS, severity=Severity.MEDIUM, controls=("EC2.6", "CIS-3.7"),
        remediation="set traffic_type to ALL or REJECT",
    ),
    paired(
        "vpc-default-sg-managed", "Every VPC has its default security group in hand", by=DEFAULT_GROUPS, key="vpcId",
        why="AWS makes one that lets its members talk freely; only adopting it can empty it.",
        on=VPCS, severity=Severity.HIGH, controls=("EC2.2", "CIS-5.5", "CKV2_AWS_12", "AWS-0173"),
        remediation="add a DefaultSecurityGroup with the VPC's id and no rules",
    ),
    check(
        "vpc-default-sg-closed", "Default security groups have no rules", ("ingress", "egress"),
        not_be_set("no rules"),
        on=DEFAULT_GROUPS, severity=Severity.HIGH, controls=("EC2.2", "CIS-5.5", "CKV2_AWS_12", "AWS-0173"),
        remediation="leave ingress and egress out, and give resources a group of their own",
    ),
    forbidden(
        "vpc-no-default-vpc", "Default VPCs stay out of the program",
        on=DEFAULT_VPCS, severity=Severity.HIGH, controls=("CKV_AWS_148", "AWS-0101"),
        url="https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
        remediation="use a VPC that the program makes",
    ),
    no_auto_public_ip,
    no_public_admin_ports,
    prefix_list_named,
    no_own_rules,
    data_not_public,
)  # fmt: skip
