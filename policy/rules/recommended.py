"""What FSBP and others recommend beside what is mandatory, value by value: a row a control.

Levels are those of the catalogue of controls: advice, or mandatory from the profile on that a level names.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Severity, resource_rule, stack_rule
from policy.table import Must, at_least, be, be_one_of, be_own_key, be_set, check, not_be, only, paired
from policy.tokens import (
    AURORA_CLUSTERS,
    AURORA_INSTANCES,
    BACKUP_REPLICATIONS,
    BUCKET_LIFECYCLES,
    BUCKET_LOGGINGS,
    BUCKETS,
    CACHE_CLUSTERS,
    CLUSTERS,
    DATABASES,
    DISTRIBUTIONS,
    ECS_SERVICES,
    ENCRYPTION_BY_DEFAULT,
    KEYS,
    LISTENERS,
    PROVIDERS,
    QUERY_LOGS,
    QUEUES,
    REDIS_GROUPS,
    TABLES,
    TRAILS,
    VOLUMES,
    ZONE_SIGNINGS,
    ZONES,
)
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_RDS: Final = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
_EKS: Final = "https://docs.aws.amazon.com/eks/latest/userguide"
_DEFAULT_NAMES: Final = ("admin", "administrator", "awsuser", "master", "mysql", "oracle", "postgres", "root", "sa")
_HTTP_PORT: Final = 80
_SENDS_DEAD_LETTERS: Final = ("redrivePolicy", "deadLetterConfig", "deadLetterQueue", "destinationConfig")


def _stands_alone(database: Resource) -> bool:
    """Whether it is no replica, which takes what its source has."""
    return not database.has("replicateSourceDb")


def _locks_by_flag(bucket: Resource) -> bool:
    """Whether the older way, which the provider still takes, does not lock the bucket already."""
    return bucket.get("objectLockConfiguration.objectLockEnabled") != "Enabled"


def _is_public(zone: Resource) -> bool:
    return not zone.given("vpcs")


def _speaks_http(listener: Resource) -> bool:
    return listener.get("port") == _HTTP_PORT and listener.get("protocol") == "HTTP"


@resource_rule(
    "rds-custom-admin-name",
    on=DATABASES,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("RDS.25",),
    remediation="choose another username",
    guards=("username",),
)
def own_admin_name(database: Resource, _settings: Settings) -> Iterator[str]:
    """The administrator of a database has a name of its own."""
    name = database.get("username") if _stands_alone(database) else None
    if isinstance(name, str) and name.lower() in _DEFAULT_NAMES:
        yield f"username is {show(name)}; allowed: a name that nobody tries first"


@stack_rule(
    "sqs-dlq",
    on=QUEUES,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("NIST-SI-11",),
    url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    remediation="set redrive_policy, with a max_receive_count of three or more",
)
def dead_letters(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Messages that nobody can handle go to a queue of their own.

    A queue to which another resource sends what it could not handle is such a queue itself.
    """
    links = [each.origin.property_dependencies or {} for each in stack.resources]
    takes = {urn for link in links for key in _SENDS_DEAD_LETTERS for urn in link.get(key, ())}
    for queue in stack.of(QUEUES):
        if not queue.has("redrivePolicy") and queue.urn not in takes and not queue.has("redriveAllowPolicy"):
            yield Breach(queue, "redrivePolicy is not set; allowed: one that names a queue for dead letters")


_DATA: Final = (
    only(_stands_alone, check(
        "rds-iam-auth", "Databases take logins by IAM", "iamDatabaseAuthenticationEnabled", be(True),
        on=(*DATABASES, *AURORA_CLUSTERS), severity=Severity.MEDIUM, level=Level.REGULATED_ONLY,
        controls=("RDS.10", "RDS.12", "CKV_AWS_161", "CKV_AWS_162", "AWS-0176"),
        remediation="set iam_database_authentication_enabled=True",
    )),
    check(
        "rds-enhanced-monitoring", "Databases report what their hosts do", "monitoringInterval", at_least(1),
        on=(*DATABASES, *AURORA_INSTANCES), severity=Severity.LOW, level=Level.ADVISORY,
        controls=("RDS.6", "CKV_AWS_118"),
        remediation="set monitoring_interval and monitoring_role_arn",
    ),
    check(
        "rds-performance-insights", "Databases keep track of their load", "performanceInsightsEnabled", be(True),
        on=(*DATABASES, *AURORA_INSTANCES), severity=Severity.LOW, level=Level.ADVISORY,
        controls=("CKV_AWS_353", "AWS-0133"),
        url=f"{_RDS}/USER_PerfInsights.html", remediation="set performance_insights_enabled=True",
    ),
    check(
        "rds-copy-tags-to-snapshot", "Snapshots carry the tags of their database", "copyTagsToSnapshot", be(True),
        on=DATABASES, severity=Severity.LOW, level=Level.ADVISORY, controls=("RDS.17", "CKV2_AWS_60"),
        remediation="set copy_tags_to_snapshot=True",
    ),
    check(
        "rds-ca-modern", "Certificates of databases are signed by an authority of today", "caCertIdentifier",
        Must("rds-ca-rsa2048-g1 or rds-ca-rsa4096-g1 or rds-ca-ecc384-g1",
             lambda found: found in {"rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"},
             absent_is_fine=True),
        on=DATABASES, severity=Severity.MEDIUM, controls=("CKV_AWS_211",), url=f"{_RDS}/UsingWithRDS.SSL.html",
        remediation="leave ca_cert_identifier out, or name one that ends in g1",
    ),
    own_admin_name,
    check(
        "rds-backup-replication-cmk", "Replicated backups are encrypted by a key of ours", "kmsKeyId", be_own_key(),
        on=BACKUP_REPLICATIONS, severity=Severity.MEDIUM, level=Level.REGULATED_ONLY, controls=("CKV_AWS_245",),
        url=f"{_RDS}/USER_ReplicateBackups.html", remediation="set kms_key_id to a key of the backups' region",
    ),
    check(
        "redis-auto-minor-upgrade", "Redis takes minor upgrades by itself", "autoMinorVersionUpgrade", not_be(False),
        on=(*REDIS_GROUPS, *CACHE_CLUSTERS), severity=Severity.HIGH, controls=("ElastiCache.2", "CKV_AWS_322"),
        remediation="leave auto_minor_version_upgrade out or set it to True",
        guards=(),  # a group in a global datastore leaves it to the datastore, by ignoreChanges
    ),
    check(
        "dynamodb-pitr", "Tables can be put back to any second", "pointInTimeRecovery.enabled", be(True),
        on=TABLES, severity=Severity.MEDIUM, controls=("DynamoDB.2", "CKV_AWS_28", "AWS-0024"),
        remediation="set point_in_time_recovery with enabled=True",
    ),
    check(
        "sqs-cmk", "Queues are encrypted by a key of ours", "kmsMasterKeyId", be_own_key(),
        on=QUEUES, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV2_AWS_73", "AWS-0135"),
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
        remediation="set kms_master_key_id",
    ),
    dead_letters,
    paired(
        "s3-access-logging", "Every bucket says where its accesses are logged", by=BUCKET_LOGGINGS, key="bucket",
        on=BUCKETS, severity=Severity.MEDIUM, level=Level.REGULATED_ONLY, controls=("S3.9", "CKV_AWS_18", "AWS-0089"),
        remediation="add a BucketLogging, or waive the bucket that the logs are in",
    ),
    paired(
        "s3-lifecycle", "Every bucket deletes in time what it need not hold", by=BUCKET_LIFECYCLES, key="bucket",
        on=BUCKETS, severity=Severity.LOW, level=Level.ADVISORY, controls=("S3.13", "CKV2_AWS_61"),
        remediation="add a BucketLifecycleConfiguration",
    ),
    only(_locks_by_flag, check(
        "s3-object-lock", "Buckets can hold what nobody may delete", "objectLockEnabled", be(True),
        on=BUCKETS, severity=Severity.MEDIUM, level=Level.REGULATED_ONLY, controls=("S3.15", "CKV_AWS_143"),
        remediation="set object_lock_enabled=True when the bucket is made",
    )),
)  # fmt: skip

_COMPUTE: Final = (
    check(
        "ebs-volume-cmk", "Volumes are encrypted by a key of ours", "kmsKeyId", be_own_key(),
        on=VOLUMES, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV_AWS_189", "AWS-0027"),
        url="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html", remediation="set kms_key_id",
    ),
    check(
        "ebs-encryption-by-default", "New volumes are encrypted by default", "enabled", not_be(False),
        on=ENCRYPTION_BY_DEFAULT, severity=Severity.MEDIUM, controls=("EC2.7", "CKV_AWS_106"),
        remediation="leave enabled out or set it to True",
    ),
    check(
        "eks-endpoint-private-access", "The API server is reached from inside the VPC",
        "vpcConfig.endpointPrivateAccess", be(True),
        on=CLUSTERS, severity=Severity.MEDIUM, controls=("NIST-SC-7",), url=f"{_EKS}/cluster-endpoint.html",
        remediation="set vpc_config.endpoint_private_access=True",
    ),
    check(
        "eks-deletion-protection", "Clusters refuse to be deleted", "deletionProtection", be(True),
        on=CLUSTERS, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-CP-9",),
        url=f"{_EKS}/deletion-protection.html", remediation="set deletion_protection=True",
    ),
    check(
        "eks-auth-mode-api", "Who may use a cluster is said by access entries", "accessConfig.authenticationMode",
        be_one_of("API", "API_AND_CONFIG_MAP"),
        on=CLUSTERS, severity=Severity.MEDIUM, level=Level.ADVISORY, controls=("NIST-AC-3",),
        url=f"{_EKS}/access-entries.html", remediation="set access_config.authentication_mode to API",
    ),
    check(
        "ecs-service-ha", "A service that fails to start is rolled back", "deploymentCircuitBreaker.enable", be(True),
        on=ECS_SERVICES, severity=Severity.MEDIUM, level=Level.ADVISORY, controls=("NIST-CP-10",),
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
        remediation="set deployment_circuit_breaker.enable=True",
    ),
)  # fmt: skip

_EDGE: Final = (
    only(_speaks_http, check(
        "alb-http-redirects", "What comes by HTTP is sent to HTTPS", "defaultActions.redirect.protocol", be("HTTPS"),
        on=LISTENERS, severity=Severity.MEDIUM, controls=("ELB.1", "CKV2_AWS_20"),
        remediation="redirect the default action to HTTPS",
    )),
    check(
        "cf-default-root-object", "Distributions say what stands at their root", "defaultRootObject", be_set(),
        on=DISTRIBUTIONS, severity=Severity.HIGH, level=Level.REGULATED_ONLY, controls=("CloudFront.1", "CKV_AWS_305"),
        remediation="set default_root_object",
    ),
    check(
        "cf-geo-restriction", "Distributions say which countries they serve",
        "restrictions.geoRestriction.restrictionType", be_one_of("whitelist", "blacklist"),
        on=DISTRIBUTIONS, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV_AWS_374",),
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html",
        remediation="set restrictions.geo_restriction",
    ),
    paired(
        "r53-query-logging", "Every public zone logs its queries", by=QUERY_LOGS, key="zoneId",
        where=_is_public,
        on=ZONES, severity=Severity.MEDIUM, level=Level.REGULATED_ONLY, controls=("Route53.2", "CKV2_AWS_39"),
        remediation="add a QueryLog with the zone's id",
    ),
    paired(
        "r53-dnssec", "Every public zone is signed", by=ZONE_SIGNINGS, key="hostedZoneId",
        where=_is_public,
        on=ZONES, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV2_AWS_38",),
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec.html",
        remediation="add a KeySigningKey and a HostedZoneDnsSec",
    ),
)  # fmt: skip

_ACCOUNT: Final = (
    check(
        "kms-deletion-window", "Keys wait a month before they are gone", "deletionWindowInDays",
        replace(at_least(30), absent_is_fine=True),
        why="Thirty days is KMS's default and its most.",
        on=KEYS, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("KMS.3",),
        remediation="leave deletion_window_in_days out or set it to 30",
    ),
    check(
        "trail-s3-data-events", "The trail records who reads and writes objects",
        "advancedEventSelectors.fieldSelectors.field", be_set(),
        on=TRAILS, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("AWS-0171", "AWS-0172"),
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
        remediation="add advanced_event_selectors for objects of S3",
    ),
    check(
        "fips-endpoint", "Providers call validated endpoints", "useFipsEndpoint", be(True),
        why="Under FIPS 140-3 the module on the other side is validated, too.",
        on=PROVIDERS, severity=Severity.HIGH, level=Level.FIPS, controls=("NIST-SC-13",),
        url="https://aws.amazon.com/compliance/fips/", remediation="set use_fips_endpoint=True on the provider",
    ),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (*_DATA, *_COMPUTE, *_EDGE, *_ACCOUNT)
