"""The cluster of Kafka: brokers in each zone, entered by IAM over TLS and no other way, under a key of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulumi_aws import cloudwatch, msk

from components.base import child, named, stateful
from components.naming import physical

if TYPE_CHECKING:
    import pulumi

    from components.keys import KeysOutputs
    from components.network import NetworkOutputs
    from config.identity import Identity
    from config.streaming import Streaming

_SIZE: Final = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
"""What Application Auto Scaling owns once it scales storage: set back, MSK would refuse it, as storage never shrinks
(terraform-aws-modules/terraform-aws-msk-kafka-cluster #30)."""


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """What the cluster is built from."""

    settings: Streaming
    """The stack file's `streaming`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Subnets and group of the brokers."""
    keys: KeysOutputs
    """`data` encrypts at rest, `logs` the logs of brokers."""
    configuration: msk.Configuration
    """What the brokers are configured with."""


def build_cluster(parent: pulumi.Resource, name: str, args: ClusterArgs) -> msk.Cluster:
    """Build the cluster and the log of its brokers.

    Pulumi names it: a replacement, which the protection refuses, could not have its name.
    """
    settings = args.settings
    log = cloudwatch.LogGroup(
        named(name, "log"),
        name=physical("log-group", args.identity.system, args.identity.environment, "streaming"),
        retention_in_days=settings.monitoring.log_retention_days,
        kms_key_id=args.keys.arn("logs"),
        opts=child(parent),
    )
    scaled = settings.brokers.storage_scaling is not None
    return msk.Cluster(
        named(name, "cluster"),
        kafka_version=settings.kafka_version,
        number_of_broker_nodes=settings.brokers.per_zone * len(args.network.zones),
        broker_node_group_info=_brokers(args),
        configuration_info=msk.ClusterConfigurationInfoArgs(
            arn=args.configuration.arn, revision=args.configuration.latest_revision
        ),
        client_authentication={"unauthenticated": False, "sasl": {"iam": True, "scram": False}},
        encryption_info={
            "encryption_at_rest_kms_key_arn": args.keys.arn("data"),
            "encryption_in_transit": {"client_broker": "TLS", "in_cluster": True},
        },
        enhanced_monitoring=settings.monitoring.level,
        open_monitoring={
            "prometheus": {
                "jmx_exporter": {"enabled_in_broker": settings.monitoring.jmx_exporter},
                "node_exporter": {"enabled_in_broker": settings.monitoring.node_exporter},
            }
        },
        logging_info={"broker_logs": {"cloudwatch_logs": {"enabled": True, "log_group": log.name}}},
        opts=stateful(parent, ignore_changes=(_SIZE,) if scaled else ()),
    )


def _brokers(args: ClusterArgs) -> msk.ClusterBrokerNodeGroupInfoArgsDict:
    settings, network = args.settings, args.network
    connected: msk.ClusterBrokerNodeGroupInfoConnectivityInfoArgsDict = {"public_access": {"type": "DISABLED"}}
    if settings.private_connectivity:  # left out where it is off: MSK refuses a change that changes nothing
        connected["vpc_connectivity"] = {"client_authentication": {"sasl": {"iam": True}}}
    return {
        "instance_type": settings.brokers.instance_type,
        "client_subnets": network.subnets_of(settings.serves),
        "security_groups": [network.group_of(settings.serves)],
        "storage_info": {"ebs_storage_info": {"volume_size": settings.brokers.storage_gib}},
        "connectivity_info": connected,
    }
