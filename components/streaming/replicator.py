"""MSK Replicator: copies a primary's topics to a standby's cluster, under their own names, with offsets of consumers.

It stands beside the cluster that it writes to, which its interfaces reach in the standby's VPC. It reads from the
primary's through PrivateLink, which that cluster's settings switch on (`streaming.private_connectivity`) and its policy
admits; the policy is the standby's to make (docs/adr/0022, docs/adr/0058).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import iam, msk

from components.base import child, named, singleton
from components.iam import Statement, document, source_if_named, trust_service
from components.streaming.access import things

if TYPE_CHECKING:
    from components.network import NetworkOutputs
    from components.streaming.outputs import StreamingOutputs
    from config.identity import Identity
    from config.recovery import StreamingReplication

_SERVICE: Final = "kafka.amazonaws.com"
_CLUSTER: Final = (
    "kafka-cluster:AlterCluster",
    "kafka-cluster:Connect",
    "kafka-cluster:DescribeCluster",
    "kafka-cluster:WriteDataIdempotently",
)
_TOPICS: Final = (
    "kafka-cluster:AlterTopic",
    "kafka-cluster:AlterTopicDynamicConfiguration",
    "kafka-cluster:CreateTopic",
    "kafka-cluster:DescribeTopic",
    "kafka-cluster:DescribeTopicDynamicConfiguration",
    "kafka-cluster:ReadData",
    "kafka-cluster:WriteData",
)
_GROUPS: Final = ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")
"""What the replicator does on both clusters (MSK Developer Guide, "AWS managed policy: AWSMSKReplicatorExecutionRole",
2026-11-30); it keeps its own topics on each."""
_CONNECTS: Final = ("kafka:CreateVpcConnection", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers")
"""What its service does on the cluster that it reads from (same guide, "Prepare the source cluster")."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The cluster that is read from."""

    arn: pulumi.Output[str]
    """Its ARN."""
    subnet_ids: pulumi.Output[list[str]]
    """Subnets of its brokers."""
    provider: pulumi.ProviderResource
    """Provider of its region."""


@dataclass(frozen=True, kw_only=True)
class ReplicatorArgs:
    """What the replicator is built from."""

    settings: StreamingReplication
    """The stack file's `recovery.standby.streaming`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Where its interfaces stand."""
    source: Source
    """The primary's cluster."""
    target: StreamingOutputs
    """The standby's."""


class Replicator(pulumi.ComponentResource):
    """The replicator, its role, and the policy of the cluster that it reads from."""

    name: str
    """Its name, by which it is measured."""

    def __init__(self, name: str, args: ReplicatorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:streaming:Replicator", name, None, opts)
        self._name = name
        self._args = args
        self.name = f"{args.identity.system}-{args.identity.environment}"
        role, rights = self._role()
        policy = self._source_policy()
        msk.Replicator(
            named(name, "replicator"),
            replicator_name=self.name,
            description=f"Topics of {args.identity.system} {args.identity.environment}, from the primary's region",
            service_execution_role_arn=role.arn,
            kafka_clusters=self._clusters(),
            replication_info_list=self._replication(),
            # it connects when it is made
            opts=singleton(child(self, depends_on=[rights, policy])),
        )
        self.register_outputs({})

    def _clusters(self) -> list[Any]:
        args, settings = self._args, self._args.settings
        return [
            {
                "amazon_msk_cluster": {"msk_cluster_arn": args.source.arn},
                "vpc_config": {"subnet_ids": args.source.subnet_ids},
            },
            {
                "amazon_msk_cluster": {"msk_cluster_arn": args.target.arn},
                "vpc_config": {
                    "subnet_ids": args.network.subnets_of(settings.serves),
                    "security_groups_ids": [args.network.group_of(settings.serves)],
                },
            },
        ]

    def _replication(self) -> Any:  # noqa: ANN401 - arguments as the resource takes them
        args, settings = self._args, self._args.settings
        return {
            "source_kafka_cluster_arn": args.source.arn,
            "target_kafka_cluster_arn": args.target.arn,
            "target_compression_type": settings.compression,
            "topic_replications": [
                {
                    "topics_to_replicates": settings.topics,
                    "topics_to_excludes": settings.excluded_topics,
                    "copy_topic_configurations": True,
                    "copy_access_control_lists_for_topics": False,  # IAM says who may do what, in both regions
                    "detect_and_copy_new_topics": True,
                    "starting_position": {"type": settings.starting_position},
                    "topic_name_configuration": {"type": "IDENTICAL"},
                }
            ],
            "consumer_group_replications": [
                {
                    "consumer_groups_to_replicates": settings.consumer_groups,
                    "detect_and_copy_new_consumer_groups": True,
                    "synchronise_consumer_group_offsets": True,
                }
            ],
        }

    def _role(self) -> tuple[iam.Role, iam.RolePolicy]:
        args = self._args
        role = iam.Role(
            named(self._name, "role"),
            description="MSK Replicator: reads topics of the primary and writes them here",
            assume_role_policy=trust_service(
                _SERVICE,
                reason="MSK Replicator copies topics between clusters of this account",
                conditions=source_if_named(args.identity.account_id),
            ),
            opts=child(self),
        )
        clusters = [args.source.arn, args.target.arn]
        reason = "the replicator reads, writes, and keeps where it is, on the two clusters and no other"
        copied = {"CopyTopics": ("topic", _TOPICS), "CopyOffsets": ("group", _GROUPS)}
        statements = [Statement(sid="Connect", reason=reason, actions=_CLUSTER, resources=clusters)]
        for sid, (kind, actions) in copied.items():
            arns = [things(one, kind, "*") for one in clusters]
            statements.append(Statement(sid=sid, reason=reason, actions=actions, resources=arns))
        rights = iam.RolePolicy(
            named(self._name, "rights"), role=role.name, policy=document(*statements), opts=child(self)
        )
        return role, rights

    def _source_policy(self) -> msk.ClusterPolicy:
        args = self._args
        admitted = Statement(
            sid="ReadByReplicator",
            reason="the replicator's service connects to the brokers through PrivateLink",
            actions=_CONNECTS,
            resources=[args.source.arn],
            principals={"Service": [_SERVICE]},
            conditions=source_if_named(args.identity.account_id),
        )
        return msk.ClusterPolicy(
            named(self._name, "source-policy"),
            cluster_arn=args.source.arn,
            policy=document(admitted),
            opts=child(self, provider=args.source.provider),
        )
