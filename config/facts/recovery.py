"""How long things take when something is lost, and how much they lose: figures with source, date and evidence.

A figure that AWS gives in words ("several minutes") is a number of ours, and called assumed; so is one that nobody
publishes. A drill on the real cloud replaces it, as `Evidence.MEASURED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Evidence(IntEnum):
    """What a figure rests on, the strongest first."""

    SETTING = 0
    """A setting of the stack file, which the program builds."""
    SLA = 1
    """A service level agreement."""
    DOCUMENTED = 2
    """AWS or the project calls it typical."""
    MEASURED = 3
    """Measured in a drill."""
    ASSUMED = 4
    """Assumed by us, or promised by people."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One duration."""

    seconds: float
    """The duration; infinity = without a bound."""
    evidence: Evidence
    """What it rests on."""
    source: str
    """Where it stands, with the day it was read."""


S3_REPLICATION_TIME_CONTROL: Final = Figure(
    seconds=15 * 60,
    evidence=Evidence.SLA,
    source="S3 Replication Time Control SLA of 2022-05-04: 99.9 % of objects in a month; read 2026-11-21",
)
GLOBAL_DATASTORE_PROMOTION: Final = Figure(
    seconds=60,
    evidence=Evidence.DOCUMENTED,
    source="AWS disaster recovery workshop, 'ElastiCache Global Datastore': RTO 1 minute; read 2026-11-21",
)
REPLICA_PROMOTION: Final = Figure(
    seconds=5 * 60,
    evidence=Evidence.ASSUMED,
    source="RDS User Guide, 'Promoting a read replica': several minutes or longer, by size; read 2026-11-21",
)
IMAGE_REPLICATION: Final = Figure(
    seconds=30 * 60,
    evidence=Evidence.DOCUMENTED,
    source="ECR User Guide, 'Private image replication': most images in less than 30 minutes; read 2026-11-21",
)
SECRET_REPLICATION: Final = Figure(
    seconds=60,
    evidence=Evidence.ASSUMED,
    source="Secrets Manager User Guide, 'Replicate secrets across Regions': asynchronous, no time named; 2026-11-21",
)
ALIAS_TTL: Final = Figure(
    seconds=60,
    evidence=Evidence.DOCUMENTED,
    source="Route 53 Developer Guide: an alias to a load balancer has a TTL of 60 seconds; read 2026-11-21",
)
UPDATE_START: Final = Figure(
    seconds=60,
    evidence=Evidence.ASSUMED,
    source="preview, look and start of the failover update; a preview alone takes half a minute on two cores",
)
COLD_COMPUTE: Final = Figure(
    seconds=30 * 60,
    evidence=Evidence.ASSUMED,
    source="AWS whitepaper 'Disaster Recovery of Workloads on AWS': a pilot light takes tens of minutes; and nobody "
    "promises capacity to those who come when all others do; read 2026-11-21",
)
NODE_READY: Final = Figure(
    seconds=5 * 60,
    evidence=Evidence.ASSUMED,
    source="launch, boot and join of a node; practitioners report 1 to 5 minutes; 2026-11-21",
)
NODES_AT_ONCE: Final = 100
"""Nodes that come in one wave (assumed; EC2's API takes 1,000 instances at once, then 2 each second)."""
PODS_READY: Final = Figure(
    seconds=3 * 60,
    evidence=Evidence.ASSUMED,
    source="pull of an image onto a new node, start, and the load balancer's health check; 2026-11-21",
)
NODE_LOSS_NOTICED: Final = Figure(
    seconds=50,
    evidence=Evidence.DOCUMENTED,
    source="Kubernetes, kube-controller-manager, --node-monitor-grace-period: 50 s since 1.32; read 2026-11-21",
)
POD_EVICTION: Final = Figure(
    seconds=300,
    evidence=Evidence.DOCUMENTED,
    source="Kubernetes, 'Taint based evictions': pods tolerate a lost node for 300 s; read 2026-11-21",
)
MULTI_AZ_FAILOVER: Final = Figure(
    seconds=120,
    evidence=Evidence.DOCUMENTED,
    source="RDS User Guide, 'Multi-AZ DB instance deployments': typically 60 to 120 seconds; read 2026-11-21",
)
LATEST_RESTORABLE: Final = Figure(
    seconds=300,
    evidence=Evidence.DOCUMENTED,
    source="RDS User Guide, 'Restoring to a specified time': typically within the last five minutes; read 2026-11-21",
)
INSTANCE_CREATION: Final = Figure(
    seconds=15 * 60, evidence=Evidence.ASSUMED, source="creation of a database instance, before its data; 2026-11-21"
)
RESTORE_MIBPS: Final = 500
"""MiB/s at which a restored volume fills (assumed: gp3's included throughput on RDS from 400 GiB)."""
LOG_REPLAY: Final = Figure(
    seconds=60 * 60,
    evidence=Evidence.ASSUMED,
    source="replay of up to a day of log after the last daily snapshot; re:Post, 'rds-point-in-time-restore-issues'",
)
CACHE_FAILOVER: Final = Figure(
    seconds=3 * 60,
    evidence=Evidence.ASSUMED,
    source="ElastiCache User Guide, 'Minimizing downtime with Multi-AZ': no time named; read 2026-11-21",
)
CACHE_RESTORE: Final = Figure(
    seconds=30 * 60, evidence=Evidence.ASSUMED, source="a new replication group seeded from a snapshot; 2026-11-21"
)
REGIONAL: Final = Figure(
    seconds=0,
    evidence=Evidence.DOCUMENTED,
    source="S3 User Guide, 'Data protection': three zones or more; Secrets Manager and ECR are regional; 2026-11-21",
)
SNAPSHOT_INTERVAL: Final = Figure(
    seconds=24 * 60 * 60,
    evidence=Evidence.DOCUMENTED,
    source="ElastiCache User Guide, 'Scheduling automatic backups': daily; read 2026-11-21",
)
