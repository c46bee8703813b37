"""Rules that are off until a pack config switches them on: what a standby region needs, and ports that nobody guesses.

A stack alone does not say that a standby is expected of it; whoever owes one says so by the level of these rules.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Severity, WhenUnknown, resource_rule, stack_rule
from policy.table import Must, be, be_set, check
from policy.tokens import (
    BACKUP_PLANS,
    BUCKET_REPLICATIONS,
    BUCKETS,
    DATABASES,
    IMAGE_REPLICATIONS,
    IMAGE_REPOSITORIES,
    KEYS,
    SECRETS,
)
from policy.values import Mark, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_RECOVERY: Final = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html"
_PORTS: Final = (1433, 1521, 3306, 5432, 50000)
"""Default ports of the engines of RDS (RDS user guide, `CreateDBInstance`, read 2026-11-30)."""


@resource_rule(
    "backup-plan-cross-region",
    on=BACKUP_PLANS,
    severity=Severity.HIGH,
    level=Level.OFF,
    controls=("NIST-CP-9", "ISO-A.8.14"),
    url="https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
    remediation="add copy_actions with a vault of the standby region to a rule of the plan",
    guards=("rules",),
)
def copied_away(plan: Resource, _settings: Settings) -> Iterator[str]:
    """A rule of each backup plan copies to a vault of another region."""
    vaults = [vault for _, vault in plan.each("rules.copyActions.destinationVaultArn") if vault is not Mark.ABSENT]
    own = f":{plan.region}:"
    if all(isinstance(vault, str) and own in vault for vault in vaults):
        yield "no destinationVaultArn in rules leads to another region; allowed: one or more"


@stack_rule(
    "s3-crr-for-dr",
    on=(*BUCKETS, *BUCKET_REPLICATIONS),
    severity=Severity.MEDIUM,
    level=Level.OFF,
    controls=("NIST-CP-9", "ISO-A.8.14"),
    url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add a BucketReplicationConfig with a rule Enabled and a bucket of the standby region",
    guards=("rules", "bucket"),
)
def buckets_replicated(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Buckets are replicated to a bucket of another region.

    Buckets to which another is replicated are exempt. A destination of which the stack does not say the region counts.
    """
    replications, buckets = stack.of(BUCKET_REPLICATIONS), stack.of(BUCKETS)
    targets = {each.urn: [one for one in buckets if _leads(each, one)] for each in replications}
    for bucket in buckets:
        own = [each for each in replications if each.refers_to(bucket, "bucket") and _is_on(each)]
        away = any(all(one.region != bucket.region for one in targets[each.urn]) for each in own)
        if not away and not any(bucket in found for found in targets.values()):
            yield Breach(bucket, "no BucketReplicationConfig of this stack leads it to another region; allowed: one")


def _leads(replication: Resource, bucket: Resource) -> bool:
    if bucket.urn in (replication.origin.property_dependencies or {}).get("rules", ()):
        return True
    named = {value for _, value in replication.each("rules.destination.bucket") if isinstance(value, str)}
    arns = {text for text in bucket.identities if text.startswith("arn:")}
    return bool(named & (arns | {f"arn:aws:s3:::{text}" for text in bucket.identities}))


def _is_on(replication: Resource) -> bool:
    return any(status in ("Enabled", Mark.UNKNOWN) for _, status in replication.each("rules.status"))


@stack_rule(
    "ecr-replication-for-dr",
    on=(*IMAGE_REPOSITORIES, *IMAGE_REPLICATIONS),
    severity=Severity.MEDIUM,
    level=Level.OFF,
    controls=("NIST-CP-10", "ISO-A.8.14"),
    url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add a ReplicationConfiguration with the standby region, with filters that take the repository",
    guards=("replicationConfiguration",),
)
def images_replicated(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Images are replicated to a registry of another region.

    A rule without filters takes every repository, one with filters those whose names begin so.
    """
    rules = [
        rule for each in stack.of(IMAGE_REPLICATIONS) for rule in each.blocks("replicationConfiguration.rules")
    ]  # fmt: skip
    for repository in stack.of(IMAGE_REPOSITORIES):
        name, region = plain(repository.inputs.get("name")), repository.region
        taken = [rule for rule in rules if not rule.has("repositoryFilters") or _takes(rule.each(_FILTER), name)]
        if not any(to not in (region, Mark.ABSENT) for rule in taken for _, to in rule.each("destinations.region")):
            yield Breach(repository, "no ReplicationConfiguration of this stack leads it to another region")


_FILTER: Final = "repositoryFilters.filter"


def _takes(filters: list[tuple[str, object]], name: object) -> bool:
    return isinstance(name, Mark) or any(
        wanted is Mark.UNKNOWN or fnmatchcase(str(name), f"{wanted}*") for _, wanted in filters
    )


RULES: Final[tuple[Rule, ...]] = (
    copied_away,
    buckets_replicated,
    images_replicated,
    check(
        "kms-multi-region-for-dr", "Keys can have a replica in another region", "multiRegion", be(True),
        why="A key cannot be made multi-region later. Where data must not leave its region, leave the rule off.",
        on=KEYS, severity=Severity.MEDIUM, level=Level.OFF, controls=("NIST-CP-10",),
        url="https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
        remediation="set multi_region=True in a new key, and add a ReplicaKey in the standby region",
    ),
    check(
        "secrets-replica-for-dr", "Secrets have a replica in another region", "replicas.region", be_set(),
        on=SECRETS, severity=Severity.MEDIUM, level=Level.OFF, controls=("NIST-CP-10",),
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
        remediation="add the standby region to replicas",
    ),
    check(
        "rds-default-port", "Databases do not listen on the default port of an engine", "port",
        Must("any port but those of engines", lambda found: found not in _PORTS),
        why="Off unless asked: who may reach the port protects it, and clients expect the default.",
        on=DATABASES, severity=Severity.LOW, level=Level.OFF, controls=("RDS.23",),
        remediation="set port to another one, and give it to the clients",
    ),
)  # fmt: skip
