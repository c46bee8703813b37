"""ElastiCache: encrypted at rest and in transit, with authentication and snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Setting, Severity, resource_rule
from policy.table import be, be_own_key, be_set, check, forbidden, not_be, only
from policy.tokens import CACHE_CLUSTERS, REDIS_GROUPS
from policy.values import number, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_AUTHENTICATION: Final = ("authToken", "authTokenWo", "userGroupIds")


def _is_secondary(group: Resource) -> bool:
    """Whether the group joins a global datastore, whose primary decides on encryption and authentication."""
    return group.has("globalReplicationGroupId")


def _is_own_master(group: Resource) -> bool:
    return not _is_secondary(group)


@resource_rule(
    "redis-auth",
    on=REDIS_GROUPS,
    severity=Severity.HIGH,
    controls=("ElastiCache.6", "CKV_AWS_31"),
    remediation="set auth_token from a secret, or user_group_ids",
    guards=_AUTHENTICATION,
)
def authentication(group: Resource, _settings: Settings) -> Iterator[str]:
    """Redis asks its clients who they are.

    A secondary of a global datastore asks for what its primary asks for, and takes none of its own.
    """
    if _is_secondary(group):
        return
    if not any(group.has(key) for key in _AUTHENTICATION):
        yield f"none of {', '.join(_AUTHENTICATION)} is set; allowed: one of them"


@resource_rule(
    "redis-snapshots",
    on=(*REDIS_GROUPS, *CACHE_CLUSTERS),
    severity=Severity.HIGH,
    controls=("ElastiCache.1", "CKV_AWS_134", "AWS-0050"),
    remediation="set snapshot_retention_limit to at least the minimum",
    settings={"minimumDays": Setting(7, {"type": "integer", "minimum": 1, "maximum": 35}, "least retention, days")},
    guards=("snapshotRetentionLimit",),
)
def snapshots(group: Resource, settings: Settings) -> Iterator[str]:
    """Redis keeps daily snapshots long enough.

    A secondary of a global datastore may keep none: its primary does. Memcached has none.
    """
    least = settings.number("minimumDays")
    days = group.get("snapshotRetentionLimit")
    if group.get("engine") == "memcached":
        return
    amount = number(days)
    if _is_secondary(group) and not amount:
        return
    if amount is None or amount < least:
        yield f"snapshotRetentionLimit is {show(days)}; allowed: at least {show(least)} days"


RULES: Final[tuple[Rule, ...]] = (
    only(_is_own_master, check(
        "redis-at-rest", "Redis is encrypted at rest", "atRestEncryptionEnabled", be(True),
        why="A secondary of a global datastore has the encryption of its primary, and takes none of its own.",
        on=REDIS_GROUPS, severity=Severity.HIGH, controls=("ElastiCache.4", "CKV_AWS_29", "AWS-0045"),
        remediation="set at_rest_encryption_enabled=True and kms_key_id; changing it replaces the group",
    )),
    only(_is_own_master, check(
        "redis-in-transit", "Redis is encrypted in transit", "transitEncryptionEnabled", be(True),
        why="A secondary of a global datastore has the encryption of its primary, and takes none of its own.",
        on=REDIS_GROUPS, severity=Severity.HIGH, controls=("ElastiCache.5", "CKV_AWS_30", "AWS-0051"),
        remediation="set transit_encryption_enabled=True",
    )),
    check(
        "redis-in-transit-required", "Redis refuses clients without TLS", "transitEncryptionMode", not_be("preferred"),
        why="Preferred is for the days of a migration only.",
        on=REDIS_GROUPS, severity=Severity.HIGH, controls=("ElastiCache.5",),
        remediation="set transit_encryption_mode to 'required'",
    ),
    check(
        "redis-cmk", "Redis is encrypted by a key of ours", "kmsKeyId", be_own_key(),
        why="The AWS-owned key can be neither audited nor disabled.",
        on=REDIS_GROUPS, severity=Severity.LOW, level=Level.REGULATED, controls=("CKV_AWS_191",),
        url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
        remediation="set kms_key_id to the key of the data domain",
    ),
    check(
        "redis-auto-failover", "Redis fails over by itself, across zones",
        ("automaticFailoverEnabled", "multiAzEnabled"), be(True),
        on=REDIS_GROUPS, severity=Severity.MEDIUM, level=Level.PRODUCTION,
        controls=("ElastiCache.3", "CKV2_AWS_50"),
        remediation="set automatic_failover_enabled and multi_az_enabled to True, with a replica or more per shard",
    ),
    check(
        "redis-custom-subnet-group", "Redis lives in subnets of our choice", "subnetGroupName", be_set(),
        on=(*REDIS_GROUPS, *CACHE_CLUSTERS), severity=Severity.HIGH, controls=("ElastiCache.7", "CKV_AWS_323"),
        remediation="set subnet_group_name to a group of the database tier",
    ),
    forbidden(
        "redis-no-standalone-cluster", "Caches are replication groups, not standalone clusters",
        why="A standalone Redis node can neither encrypt nor fail over.",
        on=CACHE_CLUSTERS, severity=Severity.HIGH, controls=("ElastiCache.3", "ElastiCache.4", "ElastiCache.5"),
        remediation="use a ReplicationGroup",
    ),
    authentication,
    snapshots,
)  # fmt: skip
