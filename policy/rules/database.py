"""RDS: encrypted, not public, backed up, not lost by a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Setting, Settings, Severity, WhenUnknown, resource_rule
from policy.table import be, check, not_be
from policy.tokens import AURORA_CLUSTERS, AURORA_INSTANCES, DATABASE_PROXIES, DATABASES
from policy.values import number, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource

_OF_AWS: Final = "alias/aws/"
"""Beginning of the names of keys that AWS keeps."""


_MOST_DAYS: Final = 35
"""Longest retention that RDS takes."""


def _is_replica(database: Resource) -> bool:
    return database.has("replicateSourceDb")


@resource_rule(
    "rds-storage-encrypted",
    on=DATABASES,
    severity=Severity.HIGH,
    controls=("RDS.3", "CIS-2.2.1", "CKV_AWS_16", "AWS-0080"),
    remediation="set storage_encrypted=True and kms_key_id to the key of the data domain",
    guards=("storageEncrypted",),
)
def storage_encrypted(database: Resource, _settings: Settings) -> Iterator[str]:
    """Database storage is encrypted.

    Encryption can only be chosen at creation; later it takes a snapshot, a copy and a cut-over. A replica may leave the
    input out: it takes the encryption of its source.
    """
    if not database.has("storageEncrypted") and _is_replica(database):
        return
    if not same(database.get("storageEncrypted"), wanted=True):
        yield f"storageEncrypted is {show(database.get('storageEncrypted'))}; allowed: true"


@resource_rule(
    "rds-cmk",
    on=(*DATABASES, *AURORA_CLUSTERS),
    severity=Severity.LOW,
    level=Level.REGULATED,
    controls=("NIST-SC-12", "CKV_AWS_327"),
    url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
    remediation="set kms_key_id to the key of the data domain",
    guards=("kmsKeyId",),
)
def own_key(database: Resource, _settings: Settings) -> Iterator[str]:
    """Database storage is encrypted by a key of ours.

    The AWS-managed key can be neither disabled nor shared with the account that keeps the copies. A replica in the same
    region takes the key of its source.
    """
    if not database.has("kmsKeyId"):
        if not _is_replica(database):
            yield "kmsKeyId is not set; allowed: the ARN of a key"
    elif _OF_AWS in str(database.inputs.get("kmsKeyId")):
        yield f"kmsKeyId is {show(database.get('kmsKeyId'))}; allowed: the ARN of a key of ours"


@resource_rule(
    "rds-replica-key-in-region",
    on=DATABASES,
    severity=Severity.HIGH,
    controls=("RDS.3",),
    when_unknown=WhenUnknown.DEFER,
    remediation="set kms_key_id to a key of the replica's region",
    guards=("kmsKeyId",),
)
def replica_key_in_region(database: Resource, _settings: Settings) -> Iterator[str]:
    """A replica of another region's database names a key of its own region.

    Keys do not leave their region. A source in another region is named by ARN, one in the same region by identifier.
    """
    if database.has("kmsKeyId") or not _is_replica(database):
        return
    if str(database.get("replicateSourceDb")).startswith("arn:"):
        yield "kmsKeyId is not set beside a source in another region; allowed: the ARN of a key"


@resource_rule(
    "rds-backup-retention",
    on=(*DATABASES, *AURORA_CLUSTERS),
    severity=Severity.MEDIUM,
    controls=("RDS.11", "CKV_AWS_133", "AWS-0077"),
    remediation="set backup_retention_period to at least the minimum (35 days at most)",
    settings={"minimumDays": Setting(7, {"type": "integer", "minimum": 1, "maximum": 35}, "least retention, days")},
    guards=("backupRetentionPeriod",),
)
def backup_retention(database: Resource, settings: Settings) -> Iterator[str]:
    """Databases keep automated backups long enough.

    Point-in-time recovery reaches back exactly so far. A replica may keep none: its source does.
    """
    least = settings.number("minimumDays")
    days = database.get("backupRetentionPeriod")
    amount = number(days)
    if _is_replica(database) and not amount:
        return
    if amount is None or not least <= amount <= _MOST_DAYS:
        yield f"backupRetentionPeriod is {show(days)}; allowed: {show(least)} to {_MOST_DAYS} days"


@resource_rule(
    "rds-multi-az",
    on=DATABASES,
    severity=Severity.MEDIUM,
    level=Level.PRODUCTION,
    controls=("RDS.5", "CIS-2.2.4", "CKV_AWS_157"),
    remediation="set multi_az=True",
    guards=("multiAz",),
)
def multi_az(database: Resource, _settings: Settings) -> Iterator[str]:
    """Databases have a synchronous standby in another zone.

    A replica is itself the spare, so it may do without.
    """
    if not _is_replica(database) and not same(database.get("multiAz"), wanted=True):
        yield f"multiAz is {show(database.get('multiAz'))}; allowed: true"


@resource_rule(
    "rds-final-snapshot",
    on=DATABASES,
    severity=Severity.MEDIUM,
    level=Level.PRODUCTION,
    controls=("NIST-CP-9",),
    url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    remediation="set skip_final_snapshot=False and final_snapshot_identifier",
    guards=("skipFinalSnapshot",),
)
def final_snapshot(database: Resource, _settings: Settings) -> Iterator[str]:
    """Databases leave a last snapshot behind.

    RDS makes none of a replica, and refuses to be asked.
    """
    if not _is_replica(database) and same(database.get("skipFinalSnapshot"), wanted=True):
        yield "skipFinalSnapshot is true; allowed: false"


@resource_rule(
    "rds-log-exports",
    on=DATABASES,
    severity=Severity.MEDIUM,
    controls=("RDS.9", "RDS.36", "CKV_AWS_129"),
    remediation="add the engine's own log to enabled_cloudwatch_logs_exports",
    guards=("enabledCloudwatchLogsExports",),
)
def log_exports(database: Resource, _settings: Settings) -> Iterator[str]:
    """Databases send their logs where they outlive the instance.

    A replica that names no engine has that of its source; then any log will do.
    """
    engine = str(database.get("engine") or "")
    wanted = "postgresql" if engine == "postgres" else "error" if engine.startswith(("mysql", "mariadb")) else ""
    exports = database.list("enabledCloudwatchLogsExports")
    if not exports or (wanted and wanted not in exports):
        yield f"enabledCloudwatchLogsExports is {show(exports)}; allowed: a list with {wanted or 'a log'}"


RULES: Final[tuple[Rule, ...]] = (
    storage_encrypted,
    backup_retention,
    check(
        "aurora-storage-encrypted", "Aurora storage is encrypted", "storageEncrypted", be(True),
        on=AURORA_CLUSTERS, severity=Severity.HIGH, controls=("RDS.27", "CKV_AWS_96", "AWS-0079"),
        remediation="set storage_encrypted=True and kms_key_id to the key of the data domain",
    ),
    check(
        "rds-not-public", "Databases have no public address", "publiclyAccessible", not_be(True),
        on=(*DATABASES, *AURORA_INSTANCES), severity=Severity.CRITICAL,
        controls=("RDS.2", "CIS-2.2.3", "CKV_AWS_17", "AWS-0180"),
        remediation="leave publicly_accessible out or set it to False, and reach the database from inside the VPC",
    ),
    own_key,
    replica_key_in_region,
    multi_az,
    final_snapshot,
    log_exports,
    check(
        "rds-deletion-protection", "Databases refuse to be deleted", "deletionProtection", be(True),
        on=(*DATABASES, *AURORA_CLUSTERS), severity=Severity.MEDIUM, level=Level.PRODUCTION,
        controls=("RDS.8", "RDS.7", "CKV_AWS_293", "CKV_AWS_139", "AWS-0177", "AWS-0343"),
        remediation="set deletion_protection=True",
    ),
    check(
        "rds-auto-minor-upgrade", "Databases take minor upgrades by themselves", "autoMinorVersionUpgrade",
        not_be(False),
        on=(*DATABASES, *AURORA_INSTANCES), severity=Severity.HIGH,
        controls=("RDS.13", "RDS.35", "CIS-2.2.2", "CKV_AWS_226"),
        remediation="leave auto_minor_version_upgrade out or set it to True",
    ),
    check(
        "rds-proxy-tls", "A database proxy refuses clients without TLS", "requireTls", be(True),
        why="The proxy speaks TLS to the database by itself; what its clients speak is said here.",
        on=DATABASE_PROXIES, severity=Severity.HIGH, controls=("NIST-SC-8",),
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html",
        remediation="set require_tls=True",
    ),
    check(
        "rds-proxy-iam", "Clients of a database proxy log in by IAM", "auths.iamAuth", be("REQUIRED"),
        why="Otherwise whoever uses the proxy has to know the password that the proxy keeps for them.",
        on=DATABASE_PROXIES, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-IA-2",),
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-setup.html",
        remediation="set iam_auth='REQUIRED' in each of auths",
    ),
)  # fmt: skip
