"""RDS: encrypted, not public, backed up, reachable by TLS only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Setting, Settings, Severity, WhenUnknown, resource_rule
from policy.table import be, check, not_be
from policy.tokens import AURORA_CLUSTERS, AURORA_INSTANCES, CLUSTER_PARAMETER_GROUPS, DATABASES, PARAMETER_GROUPS
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource

_FORCE_TLS: Final = {"rds.force_ssl": ("1", "on", "true"), "require_secure_transport": ("1", "on", "true")}


@resource_rule(
    "rds-storage-encrypted",
    on=DATABASES,
    severity=Severity.HIGH,
    controls=("RDS.3", "CIS-2.2.1", "CKV_AWS_16", "AWS-0080"),
    cure="set storage_encrypted=True and kms_key_id to the key of the data domain",
    guards=("storageEncrypted",),
)
def storage_encrypted(database: Resource, _settings: Settings) -> Iterator[str]:
    """Database storage is encrypted.

    Encryption can only be chosen at creation; later it takes a snapshot, a copy and a cut-over. A replica may leave the
    input out: it takes the encryption of its source.
    """
    if not database.has("storageEncrypted") and database.has("replicateSourceDb"):
        return
    if database.get("storageEncrypted") is not True:
        yield f"storageEncrypted is {show(database.get('storageEncrypted'))}; allowed: true"


@resource_rule(
    "rds-cmk",
    on=(*DATABASES, *AURORA_CLUSTERS),
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("NIST-SC-12",),
    url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
    cure="set kms_key_id to the key of the data domain",
    guards=("kmsKeyId",),
)
def own_key(database: Resource, _settings: Settings) -> Iterator[str]:
    """Database storage is encrypted by a key of ours.

    The AWS-managed key can be neither disabled nor shared with the account that keeps the copies. A replica in the same
    region takes the key of its source.
    """
    if not database.has("kmsKeyId") and not database.has("replicateSourceDb"):
        yield "kmsKeyId is not set; allowed: the ARN of a key"


@resource_rule(
    "rds-replica-key-in-region",
    on=DATABASES,
    severity=Severity.HIGH,
    controls=("RDS.3",),
    when_unknown=WhenUnknown.DEFER,
    cure="set kms_key_id to a key of the replica's region",
    guards=("kmsKeyId",),
)
def replica_key_in_region(database: Resource, _settings: Settings) -> Iterator[str]:
    """A replica of another region's database names a key of its own region.

    Keys do not leave their region. A source in another region is named by ARN, one in the same region by identifier.
    """
    if database.has("kmsKeyId") or not database.has("replicateSourceDb"):
        return
    if str(database.get("replicateSourceDb")).startswith("arn:"):
        yield "kmsKeyId is not set beside a source in another region; allowed: the ARN of a key"


@resource_rule(
    "rds-backup-retention",
    on=DATABASES,
    severity=Severity.MEDIUM,
    controls=("RDS.11", "CKV_AWS_133", "AWS-0077"),
    cure="set backup_retention_period to at least the minimum (35 days at most)",
    settings={"minimumDays": Setting(7, {"type": "integer", "minimum": 1, "maximum": 35}, "least retention, days")},
    guards=("backupRetentionPeriod",),
)
def backup_retention(database: Resource, settings: Settings) -> Iterator[str]:
    """Databases keep automated backups long enough.

    Point-in-time recovery reaches back exactly so far. A replica may keep none: its source does.
    """
    least = settings.number("minimumDays")
    days = database.get("backupRetentionPeriod")
    if database.has("replicateSourceDb") and not days:
        return
    if not isinstance(days, int | float) or days < least:
        yield f"backupRetentionPeriod is {show(days)}; allowed: at least {show(least)} days"


@resource_rule(
    "rds-force-ssl",
    on=(*PARAMETER_GROUPS, *CLUSTER_PARAMETER_GROUPS),
    severity=Severity.MEDIUM,
    controls=("RDS.38", "CKV2_AWS_69"),
    cure="add the parameter rds.force_ssl=1 (PostgreSQL) or require_secure_transport=1 (MySQL)",
    guards=("parameters",),
)
def force_ssl(group: Resource, _settings: Settings) -> Iterator[str]:
    """Database parameter groups refuse connections without TLS."""
    family = str(group.get("family") or "")
    wanted = "require_secure_transport" if family.startswith(("mysql", "aurora-mysql", "mariadb")) else "rds.force_ssl"
    values = [str(p.get("value")) for p in group.blocks("parameters") if p.get("name") == wanted]
    if not any(value.partition(".")[0].lower() in _FORCE_TLS[wanted] for value in values):
        yield f"parameters has {wanted}={show(values[-1] if values else None)}; allowed: 1"


RULES: Final[tuple[Rule, ...]] = (
    storage_encrypted,
    backup_retention,
    force_ssl,
    check(
        "aurora-storage-encrypted", "Aurora storage is encrypted", "storageEncrypted", be(True),
        on=AURORA_CLUSTERS, severity=Severity.HIGH, controls=("RDS.27", "CKV_AWS_96", "AWS-0079"),
        cure="set storage_encrypted=True and kms_key_id to the key of the data domain",
    ),
    check(
        "rds-not-public", "Databases have no public address", "publiclyAccessible", not_be(True),
        on=(*DATABASES, *AURORA_INSTANCES), severity=Severity.CRITICAL,
        controls=("RDS.2", "CIS-2.2.3", "CKV_AWS_17", "AWS-0180"),
        cure="leave publicly_accessible out or set it to False, and reach the database from inside the VPC",
    ),
    own_key,
    replica_key_in_region,
)  # fmt: skip
