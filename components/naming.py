"""Physical names that another region, stack or tool must be able to compute; all others are left to Pulumi."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "alarm",
    "backup-vault",
    "bucket",
    "cache-group",
    "chat-configuration",
    "dashboard",
    "database",
    "ecs-cluster",
    "eks-cluster",
    "firewall-log-group",
    "kms-alias",
    "log-group",
    "repository",
    "scaling-group",
    "table",
    "trace-group",
]


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """What AWS accepts as the name of one kind of resource."""

    shortest: int
    """Fewest characters, prefix included."""
    longest: int
    """Most characters, prefix included."""
    pattern: re.Pattern[str]
    """The whole name, prefix included."""
    alphabet: str
    """`pattern` in words, for the error message."""
    prefix: str = ""
    """What every name of the kind begins with."""
    separator: str = "-"
    """What joins the parts."""


# Limits as of 2026-11, from the API reference of each service (CreateBucket, CreateDBInstance, CreateReplicationGroup,
# CreateCluster, CreateAlias, CreateLogGroup, CreateBackupVault, CreateTable, CreateAutoScalingGroup,
# PutCompositeAlarm, PutDashboard, CreateSlackChannelConfiguration, CreateGroup of X-Ray).
_RULES: Final[dict[Kind, _Rule]] = {
    "alarm": _Rule(
        shortest=1,
        longest=255,
        pattern=re.compile(r"[0-9A-Za-z_.-]+"),
        alphabet="letters, digits and the characters _ . -, which need no quotes in the rule of a composite alarm",
    ),
    "backup-vault": _Rule(
        shortest=2,
        longest=50,
        pattern=re.compile(r"[0-9A-Za-z_-]+"),
        alphabet="letters, digits, hyphens and underscores",
    ),
    "bucket": _Rule(
        shortest=3,
        longest=63,
        pattern=re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?<!-s3alias)(?<!--ol-s3)"),
        alphabet="lower-case letters, digits and inner hyphens, without S3's reserved prefixes and suffixes",
    ),
    "cache-group": _Rule(
        shortest=1,
        longest=40,
        pattern=re.compile(r"[a-z](?:-?[a-z0-9])*"),
        alphabet="a lower-case letter, then lower-case letters, digits and single inner hyphens",
    ),
    "chat-configuration": _Rule(
        shortest=1,
        longest=128,
        pattern=re.compile(r"[0-9A-Za-z_-]+"),
        alphabet="letters, digits, hyphens and underscores",
    ),
    "dashboard": _Rule(
        shortest=1,
        longest=255,
        pattern=re.compile(r"[0-9A-Za-z_-]+"),
        alphabet="letters, digits, hyphens and underscores",
    ),
    "database": _Rule(
        shortest=1,
        longest=63,
        pattern=re.compile(r"[a-z](?:-?[a-z0-9])*"),
        alphabet="a lower-case letter, then lower-case letters, digits and single inner hyphens",
    ),
    "ecs-cluster": _Rule(
        shortest=1,
        longest=255,
        pattern=re.compile(r"[0-9A-Za-z_-]+"),
        alphabet="letters, digits, hyphens and underscores",
    ),
    "eks-cluster": _Rule(
        shortest=1,
        longest=100,
        pattern=re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*"),
        alphabet="a letter or digit, then letters, digits, hyphens and underscores",
    ),
    "firewall-log-group": _Rule(
        shortest=14,
        longest=512,
        pattern=re.compile(r"aws-waf-logs-[0-9A-Za-z_/.#-]+"),
        alphabet="letters, digits and the characters _ / . # -",
        prefix="aws-waf-logs-",
    ),
    "kms-alias": _Rule(
        shortest=7,
        longest=256,
        pattern=re.compile(r"alias/(?!aws/)[0-9A-Za-z/_-]+"),
        alphabet="letters, digits, slashes, hyphens and underscores, not beginning with `aws/`",
        prefix="alias/",
    ),
    "log-group": _Rule(
        shortest=1,
        longest=512,
        pattern=re.compile(r"(?!aws/)/[0-9A-Za-z_/.#-]+"),
        alphabet="letters, digits and the characters _ / . # -",
        prefix="/",
        separator="/",
    ),
    "repository": _Rule(
        shortest=2,
        longest=256,
        pattern=re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"),
        alphabet="lower-case letters and digits, joined by single `.`, `_` or `-`, in parts divided by `/`",
        separator="/",
    ),
    "scaling-group": _Rule(
        shortest=1,
        longest=255,
        pattern=re.compile(r"[0-9A-Za-z_-]+"),
        alphabet="letters, digits, hyphens and underscores",
    ),
    "table": _Rule(
        shortest=3,
        longest=255,
        pattern=re.compile(r"[0-9A-Za-z_.-]+"),
        alphabet="letters, digits and the characters _ . -",
    ),
    "trace-group": _Rule(
        shortest=1,
        longest=32,
        pattern=re.compile(r"[0-9A-Za-z-]+"),
        alphabet="letters, digits and hyphens",
    ),
}


def physical(kind: Kind, *parts: str) -> str:
    """Join `parts` into the physical name of a resource of `kind`, such as `alias/shop-prod-data`.

    Never truncates: a shortened name may collide with another, and cannot be computed by who looks for it.

    Args:
        kind: Kind of resource; decides prefix, separator, length and alphabet.
        parts: Parts from general to particular, usually system, environment, thing.

    Raises:
        ValueError: No or an empty part, or the name is not one that AWS accepts for the kind.
    """
    rule = _RULES[kind]
    if not parts or not all(parts):
        raise ValueError(f"a {kind} name needs non-empty parts, got {parts!r}")
    name = rule.prefix + rule.separator.join(parts)
    if not rule.shortest <= len(name) <= rule.longest:
        raise ValueError(
            f"{kind} name {name!r} has {len(name)} characters; allowed are {rule.shortest} to {rule.longest}; "
            "shorten `identity.system` or the part that is particular to it"
        )
    if not rule.pattern.fullmatch(name):
        raise ValueError(f"{kind} name {name!r} is not allowed; use {rule.alphabet}")
    return name
