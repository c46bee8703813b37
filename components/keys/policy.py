"""Who may do what with each domain's key. Pure: statements only, no resource.

Three layers, least privilege first:
- the account administers the key through IAM, and cannot read with it: no administrator action decrypts or grants;
- the account's principals use it only through the services of the domain, and only where their own IAM policy says so;
- a service that acts without a caller (CloudWatch Logs, Auto Scaling, CloudFront) is named, and bound by a condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from components.iam import Statement, distributions_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.iam import Conditions
    from config.keys import KeyDomain

_THIS_KEY: Final = ("*",)
"""In a key policy `*` means the key that carries it (KMS developer guide, "Key policies")."""

_ADMINISTRATION: Final = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ReplicateKey",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:SynchronizeMultiRegionKey",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
    "kms:UpdatePrimaryRegion",
)
"""`SynchronizeMultiRegionKey` is for KMS's own service-linked role, which keeps replicas in step; like any
role of the account it can do no more than the key policy leaves to IAM."""
_USE: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")

_VIA_SERVICES: Final[Mapping[KeyDomain, tuple[str, ...]]] = {
    "data": ("rds", "elasticache", "dax"),
    "storage": ("s3",),
    "cluster": ("ec2", "eks", "ecr"),
    "logs": (),
    "secrets": ("secretsmanager",),
}
"""Services through which a caller may use the key; `logs` has none, as CloudWatch Logs calls KMS in its own name.
ElastiCache comes to KMS under two names, its own and `dax` (ElastiCache user guide, "At-rest encryption")."""

TABLES: Final = ("dynamodb",)
"""Service of tables (DynamoDB Developer Guide, "Key policy for a customer managed key", 2026-11-30)."""
CLUSTER_ROLE: Final = "cluster-control-plane-eks-eksRole-role"
"""What the name of the cluster's role begins with: pulumi-eks makes the role, and Pulumi names it."""

_GRANTING: Final[tuple[KeyDomain, ...]] = ("data", "cluster")
"""Domains whose services go on using the key by a grant; S3 and Secrets Manager ask for every object and value anew."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a key lives."""

    account_id: str
    """Account that owns it (12 digits)."""
    region: str
    """Region of the key."""

    @property
    def root(self) -> str:
        """ARN that stands for the whole account, whose IAM policies then decide."""
        return f"arn:aws:iam::{self.account_id}:root"


def key_statements(
    domain: KeyDomain, site: Site, *, tables: bool = False, traces: bool = False, more: Sequence[str] = ()
) -> tuple[Statement, ...]:
    """Return the statements of the key policy of `domain`.

    Args:
        domain: Domain of the key.
        site: Where it lives.
        tables: Whether the stack has tables of DynamoDB, which are under the `data` key.
        traces: Whether the stack sets the key of X-Ray, which is the `logs` key.
        more: Further services whose things are under the `data` key in this stack, such as `kafka`.
    """
    statements = [_administered_by_account(site)]
    of_stack = (*(TABLES if tables else ()), *more) if domain == "data" else ()
    services = (*_VIA_SERVICES[domain], *of_stack)
    if services:
        statements.append(_used_through(services, site))
        if domain in _GRANTING:
            statements.append(_granted_through(services, site))
    if domain == "logs":
        statements += [
            _used_by_cloudwatch_logs(site),
            _used_by_topics(site),
            _read_through_s3(site),
            *_used_by_audit(site),
            *(_used_for_traces(site) if traces else ()),
        ]
    if domain == "storage":
        statements.append(_used_by_cloudfront(site))
    if domain == "cluster":
        statements += [_used_by_auto_scaling(site), _granted_by_auto_scaling(site), _used_by_cluster_role(site)]
    return tuple(statements)


def logs_elsewhere_statements(site: Site) -> tuple[Statement, ...]:
    """Return the statements of a key for log groups and topics in a region that is not the stack's."""
    return (_administered_by_account(site), _used_by_cloudwatch_logs(site), _used_by_topics(site))


def storage_elsewhere_statements(site: Site) -> tuple[Statement, ...]:
    """Return the statements of a key for buckets in a region that is not the stack's."""
    return (_administered_by_account(site), _used_through(_VIA_SERVICES["storage"], site))


def tables_elsewhere_statements(site: Site) -> tuple[Statement, ...]:
    """Return the statements of a key for copies of tables in a region that is not the stack's."""
    return (_administered_by_account(site), _used_through(TABLES, site), _granted_through(TABLES, site))


def vault_key_statements(site: Site) -> tuple[Statement, ...]:
    """Return the statements of the key of a backup vault, under which copies of what other keys encrypt are kept.

    RDS and EC2 make the copies of their snapshots in the caller's name, AWS Backup those of buckets (AWS Backup
    developer guide, "Encryption for backups", 2026-11).
    """
    services = ("backup", "rds", "ec2", "s3")
    return (
        _administered_by_account(site),
        _used_through(services, site),
        _granted_through(services, site),
        Statement(
            sid="UsedByVaultEvents",
            reason="AWS Backup and EventBridge tell what failed through topics of this account and region",
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=_THIS_KEY,
            principals={"Service": ["backup.amazonaws.com", "events.amazonaws.com"]},
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:{site.region}:{site.account_id}:*",
                }
            },
        ),
    )


def sessions_key_statements(site: Site) -> tuple[Statement, ...]:
    """Return the statements of the key of ECS Exec, which callers and tasks use by themselves, through no service.

    Source: ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec", 2026-11.
    """
    return (
        _administered_by_account(site),
        Statement(
            sid="UsedBySessions",
            reason="whoever IAM lets open a shell, and the task that it is opened in, encrypt what passes between them",
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            resources=_THIS_KEY,
            principals={"AWS": [site.root]},
            conditions={"StringEquals": {"kms:CallerAccount": site.account_id}},
        ),
    )


def _administered_by_account(site: Site) -> Statement:
    return Statement(
        sid="AdministeredByAccount",
        reason="IAM policies of the account decide who manages the key; without this nobody could",
        actions=_ADMINISTRATION,
        resources=_THIS_KEY,
        principals={"AWS": [site.root]},
    )


def _used_through(services: tuple[str, ...], site: Site) -> Statement:
    return Statement(
        sid="UsedThroughServices",
        reason="principals that IAM lets use the key do so through the domain's services, never by calling KMS",
        actions=_USE,
        resources=_THIS_KEY,
        principals={"AWS": [site.root]},
        conditions=_through(services, site),
    )


def _granted_through(services: tuple[str, ...], site: Site) -> Statement:
    return Statement(
        sid="GrantedThroughServices",
        reason=(
            "RDS, ElastiCache, EBS and EKS go on using the key after the call that made the resource, by a grant in "
            "the caller's name; bound by the service, because EKS cannot make a cluster under a key whose policy "
            "wants `kms:GrantIsForAWSResource` (EKS user guide, on encrypting secrets)"
        ),
        actions=["kms:CreateGrant"],
        resources=_THIS_KEY,
        principals={"AWS": [site.root]},
        conditions=_through(services, site),
    )


def _through(services: tuple[str, ...], site: Site) -> Conditions:
    return {
        "StringEquals": {
            "kms:CallerAccount": site.account_id,
            "kms:ViaService": [f"{service}.{site.region}.amazonaws.com" for service in services],
        }
    }


def _used_by_cloudwatch_logs(site: Site) -> Statement:
    return Statement(
        sid="UsedByCloudWatchLogs",
        reason="CloudWatch Logs encrypts log groups of this account and region in its own name",
        actions=_USE,
        resources=_THIS_KEY,
        principals={"Service": [f"logs.{site.region}.amazonaws.com"]},
        conditions={
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{site.region}:{site.account_id}:log-group:*",
            }
        },
    )


def _used_by_topics(site: Site) -> Statement:
    """Bind both services by the topic that SNS names in the encryption context.

    EventBridge passes neither account nor ARN of its source on to an encrypted topic (SNS developer guide, "Key
    management", 2026-11).
    """
    return Statement(
        sid="UsedByTopics",
        reason="alarms and events are published to topics of this account and region that are encrypted by the key",
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=_THIS_KEY,
        principals={"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
        conditions={
            "ArnLike": {
                "kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:{site.region}:{site.account_id}:*",
            }
        },
    )


def _used_by_cloudfront(site: Site) -> Statement:
    return Statement(
        sid="UsedByCloudFront",
        reason="distributions of this account open objects of the buckets whose policies admit them, in their own name",
        actions=["kms:Decrypt"],
        resources=_THIS_KEY,
        principals={"Service": ["cloudfront.amazonaws.com"]},
        conditions={"ArnLike": {"aws:SourceArn": distributions_of(site.account_id)}},
    )


def _read_through_s3(site: Site) -> Statement:
    return Statement(
        sid="ReadThroughS3",
        reason="principals that IAM lets read audit records do so through S3, where they are kept under this key",
        actions=["kms:Decrypt", "kms:DescribeKey"],
        resources=_THIS_KEY,
        principals={"AWS": [site.root]},
        conditions=_through(("s3",), site),
    )


def _used_for_traces(site: Site) -> tuple[Statement, ...]:
    """Return what its developer guide asks for ("User permissions for encryption", 2026-11-30)."""
    return (
        Statement(
            sid="GrantedThroughTracing",
            reason="X-Ray encrypts traces by a grant, which whoever sets its key gives by way of X-Ray",
            actions=["kms:CreateGrant", "kms:DescribeKey"],
            resources=_THIS_KEY,
            principals={"AWS": [site.root]},
            conditions=_through(("xray",), site),
        ),
        Statement(
            sid="ReadThroughTracing",
            reason="principals that IAM lets read traces do so through X-Ray, where they are kept under this key",
            actions=["kms:Decrypt"],
            resources=_THIS_KEY,
            principals={"AWS": [site.root]},
            conditions=_through(("xray",), site),
        ),
    )


def _used_by_audit(site: Site) -> tuple[Statement, ...]:
    """CloudTrail and AWS Config write in their own name; CloudTrail's own conditions are those of its user guide."""
    trails = f"arn:aws:cloudtrail:*:{site.account_id}:trail/*"
    return (
        Statement(
            sid="UsedByCloudTrail",
            reason="trails of this account encrypt the records that they deliver",
            actions=["kms:GenerateDataKey*"],
            resources=_THIS_KEY,
            principals={"Service": ["cloudtrail.amazonaws.com"]},
            conditions={
                "StringEquals": {"aws:SourceAccount": site.account_id},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": trails},
            },
        ),
        Statement(
            sid="DescribedByCloudTrail",
            reason="CloudTrail looks at the key before a trail may name it; that call has no encryption context",
            actions=["kms:DescribeKey"],
            resources=_THIS_KEY,
            principals={"Service": ["cloudtrail.amazonaws.com"]},
            conditions={"StringEquals": {"aws:SourceAccount": site.account_id}},
        ),
        Statement(
            sid="DecryptedByCloudTrail",
            reason=(
                "no trail can be made or changed without it where its bucket has a bucket key (CloudTrail user guide, "
                '"Required KMS key policy sections", 2026-11), and a bucket key is one setting away'
            ),
            actions=["kms:Decrypt"],
            resources=_THIS_KEY,
            principals={"Service": ["cloudtrail.amazonaws.com"]},
            conditions={"StringEquals": {"aws:SourceAccount": site.account_id}},
        ),
        Statement(
            sid="UsedByConfig",
            reason="AWS Config delivers snapshots and histories of this account into a bucket under this key",
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=_THIS_KEY,
            principals={"Service": ["config.amazonaws.com"]},
            conditions={"StringEquals": {"aws:SourceAccount": site.account_id}},
        ),
    )


def _auto_scaling_role(site: Site) -> dict[str, str | list[str]]:
    role = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    return {
        "aws:PrincipalArn": f"arn:aws:iam::{site.account_id}:role/{role}",
        "kms:CallerAccount": site.account_id,
    }


def _used_by_auto_scaling(site: Site) -> Statement:
    return Statement(
        sid="UsedByAutoScaling",
        reason=(
            "EC2 Auto Scaling launches nodes with encrypted volumes as its service-linked role; a condition names the "
            "role, because KMS refuses a principal that does not exist, and a new account has none yet"
        ),
        actions=_USE,
        resources=_THIS_KEY,
        principals={"AWS": ["*"]},
        conditions={"StringEquals": _auto_scaling_role(site)},
    )


def _used_by_cluster_role(site: Site) -> Statement:
    """Admit the cluster's role whether EKS calls KMS in its name by way of EKS, or directly: no guide says which."""
    return Statement(
        sid="UsedByClusterRole",
        reason=(
            "EKS opens and checks the key of Kubernetes secrets as the cluster's role, when it updates the cluster and "
            "looks after its health; the role's own policy names the key"
        ),
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
        resources=_THIS_KEY,
        principals={"AWS": [site.root]},
        conditions={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{site.account_id}:role/{CLUSTER_ROLE}-*"}},
    )


def _granted_by_auto_scaling(site: Site) -> Statement:
    return Statement(
        sid="GrantedByAutoScaling",
        reason="the service-linked role attaches encrypted volumes to nodes by a grant to EC2",
        actions=["kms:CreateGrant"],
        resources=_THIS_KEY,
        principals={"AWS": ["*"]},
        conditions={
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "StringEquals": _auto_scaling_role(site),
        },
    )
