"""Tables of DynamoDB beside what rows say of them (`stores`, `recommended`): their copies, and the load that comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Severity, resource_rule, stack_rule
from policy.table import be_own_key
from policy.tokens import SCALABLE_TARGETS, SCALING_POLICIES, TABLE_REPLICAS, TABLES
from policy.values import Mark, UnknownValueError, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_KEPT: Final = ("pointInTimeRecovery", "deletionProtectionEnabled")


@resource_rule(
    "dynamodb-replica-guarded",
    on=(*TABLES, *TABLE_REPLICAS),
    severity=Severity.MEDIUM,
    level=Level.PRODUCTION,
    controls=("DynamoDB.2", "DynamoDB.6"),
    url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
    remediation="give each replica point_in_time_recovery=True, deletion_protection_enabled=True and, beside a table "
    "under a key of ours, a kms_key_arn of its region",
    guards=("replicas", *_KEPT),
)
def replica_guarded(table: Resource, _settings: Settings) -> Iterator[str]:
    """Copies of a table in other regions are guarded as the table is.

    A copy takes neither recovery, protection nor key from its table: whoever restores, or deletes, in that region works
    with the copy alone.
    """
    copies = table.type in TABLES and table.has("replicas")
    if table.type in TABLES and not copies:
        return
    prefix = "replicas." if copies else ""
    for name in _KEPT:
        for where, value in table.each(f"{prefix}{name}"):
            if value is Mark.UNKNOWN:
                raise UnknownValueError(where)
            if not same(value, True):
                yield f"{where} is {show(None if value is Mark.ABSENT else value)}; allowed: true"
    if copies and table.has("serverSideEncryption.kmsKeyArn"):
        for where, value in table.each("replicas.kmsKeyArn"):
            if value is Mark.ABSENT or (value is not Mark.UNKNOWN and not be_own_key().test(value)):
                yield f"{where} is {show(None if value is Mark.ABSENT else value)}; allowed: a key of ours"


@stack_rule(
    "dynamodb-scales",
    on=TABLES,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("DynamoDB.1", "CKV2_AWS_16"),
    remediation="set billing_mode to PAY_PER_REQUEST, or scale the table by Application Auto Scaling",
    guards=("billingMode",),
)
def table_scales(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Tables take the load that comes: paid by request, or scaled by a policy of Application Auto Scaling.

    A target without a policy scales nothing.
    """
    policies = stack.of(SCALING_POLICIES)
    of_policies = {urn for one in policies for urn in _linked(one)}
    by_policies = {str(one.inputs.get("resourceId")) for one in policies}
    targets = [
        target
        for target in stack.of(SCALABLE_TARGETS)
        if str(target.inputs.get("resourceId")) in by_policies or of_policies & {target.urn, *_linked(target)}
    ]
    scaled = {urn for target in targets for urn in _linked(target)}
    named = {str(target.inputs.get("resourceId")) for target in targets}
    for table in stack.of(TABLES):
        mode = table.get("billingMode") or "PROVISIONED"
        if mode == "PAY_PER_REQUEST" or table.urn in scaled or f"table/{table.inputs.get('name')}" in named:
            continue
        yield Breach(table, f"billingMode is {show(mode)}; allowed: PAY_PER_REQUEST, or a scaling target with a policy")


def _linked(scaling: Resource) -> Sequence[str]:
    """Return the resources that a target or a policy is made of."""
    return (scaling.origin.property_dependencies or {}).get("resourceId", ())


RULES: Final[tuple[Rule, ...]] = (replica_guarded, table_scales)
