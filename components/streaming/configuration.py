"""What the brokers are configured with: the defaults of topics, and what no message and no lost broker may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import msk

from components.base import child, named

if TYPE_CHECKING:
    import pulumi

    from config.streaming import Topics


def server_properties(topics: Topics) -> str:
    """Return the properties of the brokers, one a line.

    No message makes a topic, and no broker that lacks messages becomes the leader of a partition.
    """
    said = {
        "auto.create.topics.enable": "false",
        "default.replication.factor": topics.replication_factor,
        "log.retention.hours": topics.retention_hours,
        "min.insync.replicas": topics.min_insync_replicas,
        "num.partitions": topics.partitions,
        "unclean.leader.election.enable": "false",
    }
    return "".join(f"{name}={value}\n" for name, value in said.items())


def build_configuration(parent: pulumi.Resource, name: str, topics: Topics) -> msk.Configuration:
    """Build the configuration; a change makes a revision, which the brokers take one after the other.

    It names no version of Kafka: with another one it would be another configuration.
    """
    return msk.Configuration(
        named(name, "configuration"),
        description="Defaults of topics",
        server_properties=server_properties(topics),
        opts=child(parent),
    )
