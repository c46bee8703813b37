"""Rules that one value remediates, for CrossGuard's remediation.

A config switches it on by rule, with the level `remediate`; no rule has that level by itself. Only inputs stand here
that AWS changes in place, without an interruption: a remediation replaces nothing, encrypts nothing anew and opens
nothing (AWS's API references of each service, 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.values import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.rule import Rule

_BY_VALUE: Final[Sequence[tuple[object, Sequence[str]]]] = (
    (
        True,
        (
            "alarm-actions-enabled", "alb-deletion-protection", "alb-drop-invalid-headers", "config-recorder-started",
            "docdb-deletion-protection", "dsql-deletion-protection", "dynamodb-deletion-protection", "dynamodb-pitr",
            "ecr-scan-on-push", "eks-deletion-protection", "event-store-deletion-protection", "guardduty-enabled",
            "neptune-deletion-protection", "neptune-graph-deletion-protection", "network-firewall-deletion-protection",
            "qldb-deletion-protection", "rds-auto-minor-upgrade", "rds-copy-tags-to-snapshot",
            "rds-deletion-protection", "rds-proxy-tls", "redis-auto-minor-upgrade", "s3-block-public-access-complete",
            "trail-log-validation", "trail-multi-region",
        ),
    ),
    (
        False,
        (
            "backup-vault-not-emptied", "ecr-no-force-delete", "neptune-graph-not-public", "ram-own-organization",
            "rds-not-public", "redshift-not-public", "redshift-serverless-not-public", "s3-no-force-destroy",
        ),
    ),
    (
        7,
        (
            "docdb-backup-retention", "memorydb-backup-retention", "neptune-backup-retention",
            "redshift-backup-retention",
        ),
    ),
    (30, ("kms-deletion-window",)),
    ("IMMUTABLE", ("ecr-immutable-tags",)),
    ("Enabled", ("s3-versioning",)),
    ("required", ("ec2-imdsv2-required", "lt-imdsv2-required")),
)  # fmt: skip
REMEDIATIONS: Final[Mapping[str, object]] = {rule: value for value, rules in _BY_VALUE for rule in rules}
"""The value that remediates what a rule finds, in each of the inputs that it reads."""


def remediated(rule: Rule, inputs: Mapping[str, object]) -> dict[str, object]:
    """Return a resource's inputs with the remediation of a rule in them; objects on the way are made.

    What is secret stays secret: the value changes inside the engine's envelope of it.

    Raises:
        KeyError: the rule has none.
    """
    made = dict(inputs)
    for path in rule.reads:
        first, *below = path.split(".")
        made[first] = _put(made.get(first), below, REMEDIATIONS[rule.name])
    return made


def _put(value: object, steps: Sequence[str], new: object) -> object:
    """Return a value with another one at a path below it, in every element of the lists on the way."""
    if isinstance(value, Mapping) and SIGNATURE in value:
        return {**value, "value": _put(value.get("value"), steps, new)}
    if not steps:
        return new
    if isinstance(value, list):
        items: list[object] = value or [{}]
        return [_put(each, steps, new) for each in items]
    around = value if isinstance(value, Mapping) else {}
    return {**around, steps[0]: _put(around.get(steps[0]), steps[1:], new)}
