"""A cluster of Kafka on the emulator: what every test of it needs first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

PROPERTIES: Final = b"default.replication.factor=3\nmin.insync.replicas=2\n"
CONNECTED: Final = {"VpcConnectivity": {"ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}}}}


def subnets(aws: Aws, region: str = "us-east-1", zones: str = "abc") -> list[str]:
    """Make a VPC with a subnet in each of some zones."""
    ec2 = aws("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{at}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"][
            "SubnetId"
        ]
        for at, zone in enumerate(zones)
    ]


def asked(subnet_ids: list[str], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what a cluster is asked for with; changes of the group of brokers begin with its members' names."""
    group = {
        "ClientSubnets": subnet_ids,
        "InstanceType": "kafka.m5.large",
        "StorageInfo": {"EbsStorageInfo": {"VolumeSize": 100}},
        "SecurityGroups": ["sg-1"],
    }
    own = {name: changes.pop(name) for name in list(changes) if name in (*group, "ConnectivityInfo")}
    return {
        "ClusterName": "feed",
        "KafkaVersion": "3.9.x",
        "NumberOfBrokerNodes": 3,
        "BrokerNodeGroupInfo": {**group, **own},
        "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}},
        **changes,
    }


def cluster(aws: Aws, region: str = "us-east-1", **changes: Any) -> str:  # noqa: ANN401
    """Make a cluster and return its ARN."""
    made: str = aws("kafka", region).create_cluster(**asked(subnets(aws, region), **changes))["ClusterArn"]
    return made


def version(aws: Aws, arn: str) -> str:
    """Return the version of a cluster that a change must name."""
    found: str = aws("kafka", arn.split(":")[3]).describe_cluster(ClusterArn=arn)["ClusterInfo"]["CurrentVersion"]
    return found


def connect(aws: Aws, arn: str) -> None:
    """Let clients of other VPCs in by IAM."""
    kafka = aws("kafka", arn.split(":")[3])
    kafka.update_connectivity(ClusterArn=arn, CurrentVersion=version(aws, arn), ConnectivityInfo=CONNECTED)


ACTIONS: Final = ["kafka:CreateVpcConnection", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"]
"""What the service of replicators does on a source."""


def admit(aws: Aws, arn: str, actions: list[str]) -> None:
    """Let the service of replicators do something on a cluster."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["kafka.amazonaws.com"]},
        "Action": actions,
        "Resource": arn,
    }
    aws("kafka").put_cluster_policy(ClusterArn=arn, Policy=json.dumps({"Statement": [statement]}))


def copied(source: str, target: str, role_arn: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "ReplicatorName": "feed",
        "ServiceExecutionRoleArn": role_arn,
        "KafkaClusters": [
            {"AmazonMskCluster": {"MskClusterArn": source}, "VpcConfig": {"SubnetIds": ["s-1", "s-2", "s-3"]}},
            {
                "AmazonMskCluster": {"MskClusterArn": target},
                "VpcConfig": {"SubnetIds": ["s-4", "s-5"], "SecurityGroupIds": ["sg-1"]},
            },
        ],
        "ReplicationInfoList": [
            {
                "SourceKafkaClusterArn": source,
                "TargetKafkaClusterArn": target,
                "TargetCompressionType": "NONE",
                "TopicReplication": {
                    "TopicsToReplicate": [".*"],
                    "TopicNameConfiguration": {"Type": "IDENTICAL"},
                    "StartingPosition": {"Type": "EARLIEST"},
                },
                "ConsumerGroupReplication": {"ConsumerGroupsToReplicate": [".*"]},
            }
        ],
        **changes,
    }
