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


@dataclass(frozen=True)
class Figure:
    """One duration."""

    seconds: float
    """The duration; infinity = without a bound."""
    evidence: Evidence
    """What it rests on."""
    source: str
    """Where it stands, with the day it was read."""


_READ: Final = "2026-11-21"
"""Day on which the sources were read."""


def _documented(seconds: float, source: str) -> Figure:
    return Figure(seconds, Evidence.DOCUMENTED, f"{source}; {_READ}")


def _assumed(seconds: float, source: str) -> Figure:
    return Figure(seconds, Evidence.ASSUMED, f"{source}; {_READ}")


S3_REPLICATION_TIME_CONTROL: Final = Figure(
    15 * 60, Evidence.SLA, f"S3 Replication Time Control SLA of 2022-05-04: 99.9 % of objects in a month; {_READ}"
)
GLOBAL_DATASTORE_PROMOTION: Final = _documented(
    60, "AWS disaster recovery workshop, 'ElastiCache Global Datastore': RTO 1 minute"
)
REPLICA_PROMOTION: Final = _assumed(
    5 * 60, "RDS User Guide, 'Promoting a read replica': several minutes or longer, by size"
)
IMAGE_REPLICATION: Final = _documented(
    30 * 60, "ECR User Guide, 'Private image replication': most images in less than 30 minutes"
)
SECRET_REPLICATION: Final = _assumed(
    60, "Secrets Manager User Guide, 'Replicate secrets across Regions': asynchronous, no time named"
)
TABLE_REPLICATION: Final = _assumed(
    60, "DynamoDB Developer Guide, 'Global tables': usually within a second, and no bound named"
)
ALIAS_TTL: Final = _documented(60, "Route 53 Developer Guide: an alias to a load balancer has a TTL of 60 seconds")
UPDATE_START: Final = _assumed(
    60, "preview, look and start of the failover update; a preview alone takes half a minute on two cores"
)
COLD_COMPUTE: Final = _assumed(
    30 * 60,
    "AWS whitepaper 'Disaster Recovery of Workloads on AWS': a pilot light takes tens of minutes; and nobody "
    "promises capacity to those who come when all others do",
)
NODE_READY: Final = _assumed(5 * 60, "launch, boot and join of a node; practitioners report 1 to 5 minutes")
NODES_AT_ONCE: Final = 100
"""Nodes that come in one wave (assumed; EC2's API takes 1,000 instances at once, then 2 each second)."""
PODS_READY: Final = _assumed(3 * 60, "pull of an image onto a new node, start, and the load balancer's health check")
NODE_LOSS_NOTICED: Final = _documented(
    50, "Kubernetes, kube-controller-manager, --node-monitor-grace-period: 50 s since 1.32"
)
POD_EVICTION: Final = _documented(300, "Kubernetes, 'Taint based evictions': pods tolerate a lost node for 300 s")
TASK_LOSS_NOTICED: Final = _assumed(
    5 * 60, "ECS names no time after which it replaces a task without health checks whose host is silent"
)
TASK_READY: Final = _assumed(
    3 * 60, "placement, pull of the image and start of a task on Fargate; practitioners report 30 s to 2 minutes"
)
INSTANCE_LOSS_NOTICED: Final = _assumed(
    5 * 60, "EC2 Auto Scaling User Guide, 'Health checks': within minutes of a failed status check"
)
INSTANCE_READY: Final = _assumed(3 * 60, "launch and boot of an instance by EC2 Auto Scaling, before what it starts")
APPLICATION_READY: Final = _assumed(10 * 60, "launch, boot and deployment of the application by Elastic Beanstalk")
MULTI_AZ_FAILOVER: Final = _documented(
    120, "RDS User Guide, 'Multi-AZ DB instance deployments': typically 60 to 120 seconds"
)
IDLE_REPLICA_LAG: Final = _documented(
    300, "RDS User Guide, 'Monitoring read replication': up to five minutes on PostgreSQL where nothing is written"
)
"""Lag that a healthy replica reports of a source without user transactions: RDS archives its log every five minutes."""
LATEST_RESTORABLE: Final = _documented(
    300, "RDS User Guide, 'Restoring to a specified time': typically within the last five minutes"
)
INSTANCE_CREATION: Final = _assumed(15 * 60, "creation of a database instance, before its data")
RESTORE_MIBPS: Final = 500
"""MiB/s at which a restored volume fills (assumed: gp3's included throughput on RDS from 400 GiB)."""
LOG_REPLAY: Final = _assumed(
    60 * 60, "replay of up to a day of log after the last daily snapshot; re:Post, 'rds-point-in-time-restore-issues'"
)
CACHE_FAILOVER: Final = _assumed(3 * 60, "ElastiCache User Guide, 'Minimizing downtime with Multi-AZ': no time named")
LEADER_ELECTION: Final = _assumed(
    60,
    "MSK Developer Guide, 'Best practices': replicas take over; no time named, clients retry",
)
CLIENT_SWITCH: Final = _assumed(
    60, "MSK Developer Guide, 'Perform an unplanned failover': clients are pointed to the other cluster; no time named"
)
CACHE_RESTORE: Final = _assumed(30 * 60, "a new replication group seeded from a snapshot")
REGIONAL: Final = _documented(
    0, "S3 User Guide, 'Data protection': three zones or more; DynamoDB, Secrets Manager and ECR are regional"
)
SNAPSHOT_INTERVAL: Final = _documented(24 * 60 * 60, "ElastiCache User Guide, 'Scheduling automatic backups': daily")
