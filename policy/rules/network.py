"""VPC: recorded, closed by default, and open to the world only on the ports that are meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Severity, resource_rule
from policy.table import be_one_of, check, forbidden, not_be_set, paired
from policy.tokens import (
    DEFAULT_GROUPS,
    DEFAULT_VPCS,
    FLOW_LOGS,
    NETWORK_ACL_RULES,
    NETWORK_ACLS,
    SUBNETS,
    VPCS,
)
from policy.world import ADMIN_PORTS, Opening, acl_openings, single_acl_opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
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
    if subnet.get("mapPublicIpOnLaunch") is True:
        yield "mapPublicIpOnLaunch is true; allowed: false"


@resource_rule(
    "nacl-no-public-admin-ports",
    on=(*NETWORK_ACLS, *NETWORK_ACL_RULES),
    severity=Severity.HIGH,
    controls=("EC2.21", "CIS-5.2", "CKV_AWS_231", "CKV_AWS_232", "CKV_AWS_352", "AWS-0105"),
    remediation="deny ports 22 and 3389 under a lower rule number, or leave them out of the range",
    guards=("ingress", "cidrBlock", "ipv6CidrBlock", "ruleAction"),
)
def no_public_admin_ports(acl: Resource, _settings: Settings) -> Iterator[str]:
    """Network ACLs let nobody in the world reach ports of administration.

    Rules inside an ACL are read in the order of their numbers, as EC2 does. A rule that is a resource of its own is
    read alone, since the others may not be known here.
    """
    openings = single_acl_opening(acl) if acl.type in NETWORK_ACL_RULES else acl_openings(acl, ADMIN_PORTS)
    yield from (f"{opening.where} {_opens(opening)}" for opening in openings if opening.reaches(ADMIN_PORTS))


def _opens(opening: Opening) -> str:
    return f"allows {opening.ports} from {opening.source}; allowed: neither of ports 22 and 3389"


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
        on=VPCS, severity=Severity.HIGH, controls=("EC2.2", "CIS-5.5", "CKV2_AWS_12"),
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
        on=DEFAULT_VPCS, severity=Severity.HIGH, controls=("CKV_AWS_148",),
        url="https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
        remediation="use a VPC that the program makes",
    ),
    no_auto_public_ip,
    no_public_admin_ports,
)  # fmt: skip
