"""Rules that one value remediates, for CrossGuard's remediation.

A config switches it on by rule, with the level `remediate`; no rule has that level by itself. Only inputs stand here
that AWS changes in place, without an interruption: a remediation replaces nothing, encrypts nothing anew and opens
nothing (AWS's API references of each service, 2026-11).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """Return a copy of a resource's inputs with the remediation of a rule in them; objects on the way are made.

    Raises:
        KeyError: the rule has none.
    """
    made: dict[str, Any] = copy.deepcopy(dict(inputs))
    for path in rule.reads:
        *above, last = path.split(".")
        around = made
        for step in above:
            below = around.get(step)
            if not isinstance(below, dict):
                below = around[step] = {}
            around = below
        around[last] = REMEDIATIONS[rule.name]
    return made
