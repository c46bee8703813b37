"""Actions of AWS FIS that experiments are made of, and what people ask for that FIS has no action for.

Sources: AWS FIS User Guide, "AWS FIS actions reference", "Targets for AWS FIS", "Quotas for AWS FIS" and "Experiment
logging for AWS FIS" (2026-11-30); `botocore`'s model of the API, 2020-12-01, for shapes. Systems Manager User Guide,
"Systems Manager Automation actions reference", "Properties shared by all actions" (2026-12-01).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE: Final = "fis"
"""AWS FIS as AWS's public parameters name it; a region without it has no experiments."""
Fault = Literal[
    "stop_tasks",
    "fail_over_database",
    "lose_cache_zone",
    "lose_zones",
    "lose_nat",
    "reboot_broker",
    "stop_consumer",
    "disable_key",
]
"""What is taken away: tasks of a service (ECS starts others); the writer of the database (RDS fails over); the power of
ElastiCache in one zone; the network of one zone or two, with the database's writer and the cache there; the public
subnet of a NAT gateway, with the load balancer's nodes in it; a broker of MSK, which starts anew; every execution of a
function that works on a queue or a stream; the use of a key. The last three are runbooks of Systems Manager Automation
that FIS starts, as it has no action of its own for them."""

STOP_TASK: Final = "aws:ecs:stop-task"
REBOOT: Final = "aws:rds:reboot-db-instances"
CACHE_POWER: Final = "aws:elasticache:replicationgroup-interrupt-az-power"
DISCONNECT: Final = "aws:network:disrupt-connectivity"
WAIT: Final = "aws:fis:wait"
"""Does nothing for its duration, in which stop conditions are watched: beside what is over at once."""
AUTOMATION: Final = "aws:ssm:start-automation-execution"
"""Starts a runbook of Systems Manager Automation, lasts as long as it, and cancels it when it is stopped itself."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action of FIS."""

    key: str = ""
    """How it names its targets; empty = it has none."""
    resource_type: str = ""
    """Type of its targets; empty = it has none."""
    parameters: Mapping[str, bool] = field(default_factory=dict)
    """Parameter -> whether it is required."""
    target_parameters: Mapping[str, bool] = field(default_factory=dict)
    """Parameter of targets of its type -> whether it is required."""
    permissions: tuple[str, ...] = ()
    """What its role does with targets."""
    reads: tuple[str, ...] = ()
    """What its role looks up to find them; IAM knows no resource of most of it."""


_TAGGED: Final = "tag:GetResources"
ACTIONS: Final[Mapping[str, Action]] = {
    STOP_TASK: Action(
        key="Tasks",
        resource_type="aws:ecs:task",
        target_parameters={"cluster": False, "service": False},
        permissions=("ecs:StopTask",),
        reads=("ecs:DescribeTasks", "ecs:ListTasks", _TAGGED),
    ),
    REBOOT: Action(
        key="DBInstances",
        resource_type="aws:rds:db",
        parameters={"forceFailover": False},
        target_parameters={"availabilityZoneIdentifiers": False},
        permissions=("rds:RebootDBInstance",),
        reads=("rds:DescribeDBInstances", _TAGGED),
    ),
    CACHE_POWER: Action(
        key="ReplicationGroups",
        resource_type="aws:elasticache:replicationgroup",
        parameters={"duration": True},
        target_parameters={"availabilityZoneIdentifier": True},
        permissions=("elasticache:InterruptClusterAzPower",),
        reads=("elasticache:DescribeReplicationGroups", _TAGGED),
    ),
    DISCONNECT: Action(
        key="Subnets",
        resource_type="aws:ec2:subnet",
        parameters={"duration": True, "scope": True, "prefixListIdentifier": False},
        target_parameters={"availabilityZoneIdentifier": False, "vpc": False},
        permissions=(
            *("ec2:CreateNetworkAcl", "ec2:CreateNetworkAclEntry", "ec2:CreateTags", "ec2:DeleteNetworkAcl"),
            "ec2:ReplaceNetworkAclAssociation",
        ),
        reads=(
            *("ec2:DescribeManagedPrefixLists", "ec2:DescribeNetworkAcls", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
            "ec2:GetManagedPrefixListEntries",
        ),
    ),
    WAIT: Action(parameters={"duration": True}),
    AUTOMATION: Action(
        parameters={"documentArn": True, "documentVersion": False, "documentParameters": False, "maxDuration": True},
        permissions=(
            *("ssm:GetAutomationExecution", "ssm:StartAutomationExecution", "ssm:StopAutomationExecution"),
            "iam:PassRole",
        ),
    ),
}
"""Id -> action, of those that experiments are made of."""
SCOPES: Final = ("all", "availability-zone", "dynamodb", "prefix-list", "s3", "vpc")
"""What `aws:network:disrupt-connectivity` keeps from a subnet; `s3express` is not used here."""

TARGETS: Final[Mapping[Fault, str]] = {
    "stop_tasks": "containers.services.*",
    "fail_over_database": "data.postgres",
    "lose_cache_zone": "data.redis",
    "lose_zones": "network",
    "lose_nat": "network",
    "reboot_broker": "streaming",
    "stop_consumer": "functions.*",
    "disable_key": "keys.domains.*",
}
"""Fault -> part of a stack file that it is done to; `*` = one of them, by name."""
AUTOMATED: Final[tuple[Fault, ...]] = ("reboot_broker", "stop_consumer", "disable_key")
"""Faults that a runbook of this program's does, and takes back."""
CANCEL_MINUTES: Final = 2
"""Minutes that Automation has at most for the steps after a cancellation; what gives back is one call."""
SPARE_MINUTES: Final = 15
"""Minutes that a runbook may take beyond the experiment, until FIS gives it up: a broker takes minutes to start."""
BROKER: Final = "1"
"""Broker that is rebooted; brokers are counted from 1, and each leads its share of partitions."""
KEPT_KEYS: Final[Mapping[str, str]] = {
    "data": "RDS stops a database whose key is away, and calls it inaccessible for good after seven days; MSK and"
    " DynamoDB stop as well",
    "cluster": "nodes that start get no disk, tasks no image, and a cluster of EKS whose key is away degrades",
    "logs": "records of that time are lost for good, those of the audit among them, and so is what alarms say",
    "secrets": "RDS and ElastiCache keep passwords under it, and a rotation cut off half way is put right by hand",
}
"""Domain of a key -> why it is never disabled. What is under the others is refused meanwhile, and whole afterwards."""

INSTEAD: Final[Mapping[str, str]] = {
    "lose_broker": "MSK takes no broker away for a while; reboot_broker starts one anew",
    "lose_region": "FIS takes no region away: it cuts routes to another one, which no stack relies on to serve;"
    " `make drill` rehearses the loss",
    "throttle_queue": "FIS answers for EC2 and Kinesis alone in place of AWS, and SQS has no limit to lower;"
    " stop_consumer holds back the function that works on a queue",
    "throttle_api": "FIS answers for EC2 and Kinesis alone in place of AWS; api.throttling is a setting",
    "interrupt_spot": "FIS interrupts Spot instances of EC2, and no task on Fargate Spot: stop_tasks ends one by the"
    " same signals",
    "delete_pods": "FIS deletes pods by a service account inside the cluster that may do so, which this program gives"
    " to nobody; lose_zones takes their network",
    "terminate_nodes": "aws:eks:terminate-nodegroup-instances is not built: nodes of the embedded AWS are no machines,"
    " so that nobody could rehearse it; lose_zones takes their network",
    "fail_function": "FIS fails functions by an extension in each of them, which these functions do not have",
}
"""What people ask for -> why there is no such action here."""

STOP_ALARMS: Final = 5
"""Most stop conditions of a template (quota, fixed)."""
SUBNETS: Final = 5
"""Most subnets of one action that disrupts connectivity (quota, can be raised)."""
LOG_ACTIONS: Final = (
    *("logs:CreateLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy"),
)
"""What a role needs so that FIS delivers records of an experiment to a log group; IAM knows no resource of them."""
