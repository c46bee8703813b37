"""Limits that AWS sets: of storage, and default quotas of an account.

Sources, read 2026-11-21: EBS: EC2 API `EbsBlockDevice`, botocore 1.43.106 of 2026-11, and EBS User Guide, "General
Purpose SSD volumes". RDS: RDS User Guide, "Amazon RDS DB instance storage". Quotas: the quota page of each service,
with the code of the quota beside the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class VolumeLimits:
    """What one type of volume takes."""

    sizes: tuple[int, int]
    """Smallest and largest size in GiB."""
    iops: tuple[int, int]
    """Fewest and most IOPS."""
    iops_per_gib: int
    """Most IOPS for each GiB of size."""
    throughput: tuple[int, int] | None
    """Least and most MiB/s that can be asked for; None = follows from the IOPS."""


THROUGHPUT_PER_IOPS: Final = 0.25
"""MiB/s for each provisioned IOPS that gp3 gives at most, on EBS and RDS."""

EBS_GP3: Final = VolumeLimits(sizes=(1, 65536), iops=(3000, 80000), iops_per_gib=500, throughput=(125, 2000))
"""3000 IOPS and 125 MiB/s are included in the price."""
EBS_IO2: Final = VolumeLimits(sizes=(4, 65536), iops=(100, 256000), iops_per_gib=1000, throughput=None)
"""Block Express, which every Nitro instance gets."""

RDS_GP3_STRIPED_FROM_GIB: Final = 400
"""Size from which RDS for PostgreSQL stripes gp3 over four volumes. Below, 3000 IOPS and 125 MiB/s are fixed."""
RDS_GP3: Final = VolumeLimits(sizes=(20, 65536), iops=(12000, 64000), iops_per_gib=500, throughput=(500, 4000))
"""Striped gp3; 12,000 IOPS and 500 MiB/s are included, and fewer cannot be had."""
RDS_IO2: Final = VolumeLimits(sizes=(100, 65536), iops=(1000, 256000), iops_per_gib=1000, throughput=None)
"""io2 on RDS."""
RDS_IO2_LEAST_IOPS_PER_GIB: Final = 0.5
"""Fewest IOPS for each GiB of io2 on RDS."""
RDS_AUTOSCALING_HEADROOM: Final = 1.1
"""`max_allocated_gib` over `allocated_gib` at least (RDS User Guide, "Managing capacity automatically")."""

EKS_NODES_PER_GROUP: Final = 450
"""Nodes in a managed node group (L-BD136A63)."""
ASG_INSTANCES: Final = 500
"""Instances of one group that the program takes: AWS has no quota on them but that of vCPUs, and a slip is not one."""
INSTANCE_ENDPOINTS: Final = ("ssm", "ssmmessages", "ec2messages", "logs")
"""Interface endpoints by which an instance reports to Systems Manager and sends its log; packages of Amazon Linux come
from S3 (Systems Manager User Guide, "Improve the security of EC2 instances by using VPC endpoints", 2026-11)."""
USER_DATA_BYTES: Final = 16_384
"""Bytes of user data before base64 (EC2 User Guide, "Run commands when you launch an EC2 instance", 2026-11)."""
FARGATE_PROFILES: Final = 10
"""Fargate profiles of a cluster (L-33415657)."""
FARGATE_SELECTORS: Final = 5
"""Selectors of a Fargate profile (L-3F7C0BEB)."""
FARGATE_LABELS: Final = 5
"""Labels of a selector of a Fargate profile (L-10F2DA41)."""
EKS_PUBLIC_CIDRS: Final = 40
"""Blocks that may reach a public API endpoint."""
EKS_CONTROL_PLANE_ADDRESSES: Final = 6
"""Addresses that EKS needs free in each subnet of the cluster (EKS User Guide, "VPC and subnet considerations")."""
SUBNET_RESERVED_ADDRESSES: Final = 5
"""Addresses that AWS keeps in each subnet: the first four and the last (VPC User Guide, "Subnet sizing")."""
RDS_BYTES_PER_CONNECTION: Final = 9_531_392
"""Bytes of memory for each connection in the default of `max_connections`, which is
`LEAST({DBInstanceClassMemory/9531392},5000)` (RDS User Guide, "Maximum number of database connections")."""
RDS_CONNECTIONS: Final = 5000
"""Most connections that the default comes to."""
RDS_MEMORY_LEFT: Final = 0.9
"""Share of a class's memory that `DBInstanceClassMemory` is at least. RDS keeps some for itself, and does not say how
much ("Specifying DB parameters"): assumed, on the safe side."""
RDS_MEMORY_KEPT_GIB: Final = 0.5
"""GiB that it keeps in small classes, where that is more: assumed, as above."""
CACHE_CONNECTIONS: Final = 65_000
"""`maxclients` of a cache node, which nobody can change (ElastiCache User Guide, "Redis OSS node-type specific
parameters")."""
CACHE_CONNECTIONS_SMALL: Final = 20_000
"""`maxclients` of the smallest nodes."""
CACHE_SMALL_NODES: Final = frozenset({"cache.t2.micro", "cache.t2.small", "cache.t2.medium", "cache.t4g.micro"})
"""Nodes with so few."""
AGENT_PODS_PER_NODE: Final = 2
"""Pods of amazon-cloudwatch-observability on each node: agent and Fluent Bit; with GPUs the exporter, too."""
AGENT_PODS_ON_HOST: Final = 1
"""Those among them that have the node's own address: Fluent Bit (aws-observability/helm-charts, 2026-11)."""
AGENT_WEBHOOK_PORT: Final = 9443
"""Port on which its operator answers the API server (aws-observability/helm-charts, 2026-11)."""
CACHE_NODES: Final = 90
"""Nodes of a replication group in cluster mode (L-AF354865; may be raised to 500)."""
BUCKET_NAME_LENGTH: Final = 63
"""Characters of an S3 bucket name."""
TAGS: Final = 50
"""Tags on a resource, those of the program included."""
ARCHIVE_LEAST_DAYS: Final = 90
"""Days that Glacier Flexible Retrieval bills at least (S3 pricing, "minimum storage duration")."""
COLD_STORAGE_LEAST_DAYS: Final = 90
"""Days that a recovery point stays in cold storage at least (AWS Backup API, `Lifecycle`)."""
ARCHIVE_LEAST_INTERVAL_DAYS: Final = 28
"""Days between two points of a tier that AWS Backup archives snapshots from (AWS Backup guide, "Lifecycle and storage
tiers"; EBS User Guide: archive monthly, quarterly or yearly snapshots)."""

BALANCER_PREFIX: Final = 27
"""Longest prefix of a subnet of an Application Load Balancer, which also wants eight addresses free there (Elastic Load
Balancing, "Subnets for your load balancer", 2026-11-30)."""
API_ADDRESSES: Final = 9
"""Addresses in each subnet of an API: eight that its load balancer wants free, and one of the VPC link."""
PROXY_ADDRESSES: Final = {"2xlarge": 15, "4xlarge": 25, "8xlarge": 45, "12xlarge": 60, "16xlarge": 75, "24xlarge": 110}
"""Size of a database's class -> addresses that RDS Proxy wants free in its subnets together (RDS User Guide, "Planning
for IP address capacity", 2026-11-30)."""
PROXY_ADDRESSES_LEAST: Final = 10
"""Addresses for classes up to xlarge."""
POSTGRES_RESERVED_CONNECTIONS: Final = 5
"""Connections that PostgreSQL and RDS keep: `superuser_reserved_connections` 3, and 2 of
`rds.rds_superuser_reserved_connections`."""
CERTIFICATE_NAME_LENGTH: Final = 64
"""Characters of a certificate's first name, which is its subject (ACM API, `RequestCertificate`, 2026-11-30)."""

TABLE_LOCAL_INDEXES: Final = 5
"""Local secondary indexes of a table (DynamoDB Developer Guide, "Quotas in Amazon DynamoDB", 2026-11-30)."""
TABLE_GLOBAL_INDEXES: Final = 20
"""Global secondary indexes of a table by default (L-F7858A77)."""
TABLE_NON_KEY_ATTRIBUTES: Final = 20
"""Attributes beside the keys that one index names (DynamoDB API, `Projection`)."""
TABLE_PROJECTED_ATTRIBUTES: Final = 100
"""Attributes beside the keys that all indexes of a table name together (same page)."""
TABLE_REQUEST_UNITS: Final = 40_000
"""Read or write units in a second of a table by default (L-CF0CBE56, L-AB614373)."""
