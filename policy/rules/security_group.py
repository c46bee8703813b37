"""Security groups: what the world may reach. Each opening breaks at most one of these rules, the worst."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.logic import every, sift
from policy.reading.reach import ADMIN_PORTS, Opening, added_up, group_openings
from policy.rule import Breach, Rule, Setting, Severity, WhenUnknown, resource_rule, stack_rule
from policy.tokens import FLEETS, GROUP_RULES, INSTANCE_PORTS, SECURITY_GROUPS
from policy.values import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_GROUPS: Final = (*SECURITY_GROUPS, *GROUP_RULES)
_FIREWALLS: Final = (*_GROUPS, *FLEETS, *INSTANCE_PORTS)
"""What opens ports. Fleets of games serve the world on ports of their own, which only the worst rules ask about."""
_GUARDS: Final = ("ingress", "cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6", "fromPort", "toPort")
_PORTS: Final = {"type": "array", "items": {"type": "integer"}}
_PUBLIC: Final = Setting([80, 443], _PORTS, "ports that the world may reach")
_HIGH_RISK: Final = (
    20, 21, 23, 25, 110, 111, 135, 139, 143, 445, 1433, 1434, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3000, 3306,
    4333, 5000, 5432, 5500, 5601, 5900, 5985, 6379, 6443, 7000, 7001, 8020, 8080, 8088, 8888, 9042, 9092, 9094, 9096,
    9098, 9200, 9300, 10250, 11211, 27017, 27018, 50070,
)  # fmt: skip
"""Databases, brokers, file shares, remote control: FSBP EC2.19 and the services that these stacks run."""


def _open(group: Resource, wrong: Callable[[Opening], bool], allowed: str) -> Iterator[str]:
    """Yield what is open to the world and wrong; blocks and ports that are not known count where it would be."""
    openings = list(group_openings(group))
    openings += added_up(openings, "ingress")
    for one in sift(openings, lambda each: every(lambda: wrong(each), lambda: each.from_world)):
        yield f"{one.where} opens {one.ports} to {one.source}; allowed: {allowed}"


@resource_rule(
    "sg-no-all-ports-ingress",
    on=_FIREWALLS,
    severity=Severity.CRITICAL,
    controls=("EC2.18", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277", "AWS-0107"),
    remediation="name the ports, and a security group or an address block as the source",
    guards=_GUARDS,
)
def no_all_ports(group: Resource, _settings: Settings) -> Iterator[str]:
    """No security group opens all ports to the world."""
    yield from _open(group, lambda one: one.is_everything, "named ports")


@resource_rule(
    "sg-no-public-admin-ports",
    on=_FIREWALLS,
    severity=Severity.CRITICAL,
    controls=("EC2.13", "EC2.14", "CIS-5.3", "CIS-5.4", "CKV_AWS_24", "CKV_AWS_25", "AWS-0107"),
    remediation="use Session Manager, or name the administrators' address blocks as the source",
    guards=_GUARDS,
)
def no_public_admin_ports(group: Resource, _settings: Settings) -> Iterator[str]:
    """No security group opens a port of administration to the world, alone or inside a range."""
    yield from _open(
        group,
        lambda one: one.reaches(ADMIN_PORTS) and not one.is_everything,
        "ports 22 and 3389 from named blocks only",
    )


@resource_rule(
    "sg-no-public-high-risk-ports",
    on=_FIREWALLS,
    severity=Severity.CRITICAL,
    controls=("EC2.19", "AWS-0107"),
    remediation="name the security group of the clients as the source",
    guards=_GUARDS,
)
def no_public_high_risk_ports(group: Resource, _settings: Settings) -> Iterator[str]:
    """No security group opens a database, a broker or a remote control to the world."""
    yield from _open(
        group,
        lambda one: one.reaches(_HIGH_RISK) and not one.is_everything and not one.reaches(ADMIN_PORTS),
        "such ports from security groups only",
    )


@resource_rule(
    "sg-public-only-80-443",
    on=_GROUPS,
    severity=Severity.HIGH,
    controls=("EC2.18",),
    remediation="put a load balancer in front, or add the port to publicPorts in the pack's config with its reason",
    settings={"publicPorts": _PUBLIC},
    guards=_GUARDS,
)
def only_web_ports(group: Resource, settings: Settings) -> Iterator[str]:
    """The world reaches web ports only."""
    allowed = settings.numbers("publicPorts")

    def wrong(one: Opening) -> bool:
        worse = one.is_everything or one.reaches(ADMIN_PORTS) or one.reaches(_HIGH_RISK)
        return not worse and not one.stays_within(allowed)

    yield from _open(group, wrong, ", ".join(map(str, allowed)))


@stack_rule(
    "sg-rules-not-world-together",
    on=GROUP_RULES,
    severity=Severity.CRITICAL,
    controls=("EC2.13", "EC2.14", "EC2.19"),
    when_unknown=WhenUnknown.PASS,
    remediation="name the blocks of the clients",
    guards=_GUARDS,
)
def not_together(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Rules of a group that are resources of their own do not add up to the world.

    Halves of it in two rules open what one rule may not. Inline rules are added up with their group.
    """
    groups: dict[object, list[Resource]] = {}
    for rule in stack.of(GROUP_RULES):
        behind = (rule.origin.property_dependencies or {}).get("securityGroupId", ())
        groups.setdefault(tuple(behind) or str(rule.inputs.get("securityGroupId")), []).append(rule)
    for rules in groups.values():
        openings = [one for rule in rules for one in group_openings(rule) if Mark.UNKNOWN not in one.written]
        for one in added_up(openings, "cidrIpv4"):
            if one.reaches((*ADMIN_PORTS, *_HIGH_RISK)):
                yield Breach(
                    rules[0], f"{one.where} of {len(rules)} rules opens {one.ports} to {one.source}; allowed: none"
                )


RULES: Final[tuple[Rule, ...]] = (
    no_all_ports,
    no_public_admin_ports,
    no_public_high_risk_ports,
    only_web_ports,
    not_together,
)
