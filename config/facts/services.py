"""Names that AWS, PostgreSQL or this program keep for themselves, and names of services that a stack file may use."""

from __future__ import annotations

from typing import Final

_ENDPOINTS: Final = """
acm-pca aps aps-workspaces athena autoscaling backup bedrock bedrock-runtime cloudformation cloudtrail config
dynamodb ebs ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent ecs-telemetry eks eks-auth elasticache
elasticfilesystem elasticloadbalancing events execute-api fis glue guardduty-data inspector2 kafka kinesis-
firehose kinesis-streams kms lambda logs monitoring organizations rds rds-data s3 sagemaker.api
sagemaker.runtime secretsmanager securityhub servicediscovery sns sqs ssm ssmmessages states sts synthetics
transfer xray
"""
INTERFACE_ENDPOINTS: Final = frozenset(_ENDPOINTS.split())
"""Services with an interface endpoint, as in `com.amazonaws.<region>.<service>`: those that the systems of this program
can use. VPC User Guide, "AWS services that integrate with AWS PrivateLink", 2026-11-21; add others as needed."""

PROGRAM_TAGS: Final = frozenset(
    {"Project", "Environment", "Owner", "CostCenter", "DataClass", "ManagedBy", "Stack", "Name"}
)
"""Tag keys that the program sets or keeps for itself."""

KUBERNETES_LABEL_DOMAINS: Final = ("kubernetes.io", "k8s.io", "eks.amazonaws.com", "karpenter.sh")
"""Domains of labels that Kubernetes, EKS and Karpenter set; a node may claim none (Kubernetes, "NodeRestriction")."""

POSTGRES_USERS: Final = frozenset({"admin", "postgres", "public", "none", "rdsadmin", "rdsrepladmin", "rdstopmgr"})
"""Names that the master user may not have. RDS refuses `admin` and `rdsadmin` (tried on the service in
aws-cloudformation/cfn-lint pull request 4425, 2026-03) and its own roles; `postgres` is refused here, being what every
attacker tries first."""

POSTGRES_DATABASES: Final = frozenset({"db", "postgres", "rdsadmin", "template0", "template1"})
"""Databases that exist on every RDS instance, or whose name RDS refuses."""

POSTGRES_PREFIXES: Final = ("pg_", "rds_")
"""Prefixes of role names that PostgreSQL and RDS keep (PostgreSQL manual, "CREATE ROLE")."""

_KEYWORDS: Final = """
all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
column concurrently constraint create cross current_catalog current_date current_role current_schema
current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for
foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral
leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps
placing primary references returning right select session_user similar some symmetric system_user table
tablesample then to trailing true union unique user using variadic verbose when where window with
"""
POSTGRES_KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Reserved words of PostgreSQL 17 (manual, appendix C)."""

BUCKET_PREFIXES: Final = ("xn--", "sthree-", "amzn-s3-demo-")
"""Prefixes that S3 keeps (S3 User Guide, "General purpose bucket naming rules")."""

FORCED_PARAMETERS: Final = frozenset({"rds.force_ssl"})
"""Parameters of PostgreSQL that the program sets and nobody may change."""

AGENTS: Final = "amazon-cloudwatch-observability"
"""Add-on whose pods publish Container Insights and ship the logs of pods and nodes."""
ADDON_ACCOUNTS: Final = {
    "vpc-cni": ("kube-system", "aws-node"),
    "aws-ebs-csi-driver": ("kube-system", "ebs-csi-controller-sa"),
    "amazon-cloudwatch-observability": ("amazon-cloudwatch", "cloudwatch-agent"),
}
"""Namespace and service account of the add-ons that the program gives a role; a service account takes one role only."""

ADDON_NAMESPACES: Final = {
    "cert-manager": "cert-manager",
    "aws-secrets-store-csi-driver-provider": "aws-secrets-manager",
}
"""Namespaces that add-ons make for themselves, beside `kube-system` (EKS User Guide, "Community add-ons" and "AWS
add-ons", 2026-11). That of CloudWatch's agents a stack file may bound: its rule says how."""
