"""RDS: clients come by TLS or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Rule, Severity, resource_rule, stack_rule
from policy.tokens import CLUSTER_PARAMETER_GROUPS, DATABASES, PARAMETER_GROUPS
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_ON: Final = ("1", "on", "true")
_WITHOUT: Final = ("oracle", "custom-oracle")
_AURORA: Final = "aurora"
_MYSQL: Final = ("mysql", "aurora-mysql", "mariadb")
_DB2: Final = "db2"


@resource_rule(
    "rds-force-ssl",
    on=(*PARAMETER_GROUPS, *CLUSTER_PARAMETER_GROUPS),
    severity=Severity.MEDIUM,
    controls=("RDS.38", "CKV2_AWS_69"),
    remediation="add the parameter rds.force_ssl=1 (PostgreSQL), require_secure_transport=1 (MySQL) or DB2COMM=SSL",
    guards=("parameters",),
)
def force_ssl(group: Resource, _settings: Settings) -> Iterator[str]:
    """Database parameter groups refuse connections without TLS.

    Oracle has no such parameter, Db2 listens for TLS alone, and Aurora has it in the group of its cluster.
    """
    family = str(group.get("family") or "")
    if family.startswith(_WITHOUT) or (group.type in PARAMETER_GROUPS and family.startswith(_AURORA)):
        return
    wanted = "require_secure_transport" if family.startswith(_MYSQL) else "rds.force_ssl"
    allowed: Sequence[str] = _ON
    if family.startswith(_DB2):
        wanted, allowed = "db2comm", ("ssl",)
    values = [str(p.get("value")) for p in group.blocks("parameters") if str(p.get("name")).lower() == wanted]
    if not any(value.partition(".")[0].lower() in allowed for value in values):
        yield f"parameters has {wanted}={show(values[-1] if values else None)}; allowed: {allowed[0]}"


@stack_rule(
    "rds-parameter-group-attached",
    on=DATABASES,
    severity=Severity.MEDIUM,
    controls=("RDS.38", "CKV2_AWS_69"),
    remediation="set parameter_group_name to the name of a ParameterGroup of the program",
)
def parameter_group_attached(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Every database runs under a parameter group of the program.

    The group that AWS makes cannot be changed, so nothing can force TLS there.
    """
    groups = stack.of(PARAMETER_GROUPS)
    for database in stack.of(DATABASES):
        if not any(database.refers_to(group, "parameterGroupName") for group in groups):
            yield Breach(database, "parameterGroupName names no ParameterGroup of this stack; allowed: one of them")


RULES: Final[tuple[Rule, ...]] = (force_ssl, parameter_group_attached)
