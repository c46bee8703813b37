"""Streaming: Apache Kafka on provisioned brokers of Amazon MSK, which clients enter by IAM, over TLS, and only so."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from config.base import Section
from config.facts.streaming import BROKERS, IAM_PORT, JMX_PORT, NODE_PORT, STORAGE_GIB
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward, Port
from config.task import StreamingAccess

_POLLERS: Final = Outward(to="vpc", why="Pollers of functions call brokers and SQS")
Gib = Annotated[int, Field(ge=1, le=STORAGE_GIB)]


class StorageScaling(Section):
    """How the storage of brokers grows by itself. It never shrinks, and grows once in six hours at most."""

    max_gib: Gib
    """Most storage of each broker in GiB."""
    target_percent: Annotated[int, Field(ge=10, le=80)] = 60
    """Share of the storage in use at which it grows, by a tenth or by 10 GiB; AWS advises 50 to 60."""


class Brokers(Section):
    """The brokers: as many in each zone of the network."""

    instance_type: str
    """Type, such as `kafka.m5.large`."""
    per_zone: Annotated[int, Field(ge=1, le=BROKERS)] = 1
    """Brokers in each zone. MSK takes brokers away only where every partition has left them."""
    storage_gib: Gib
    """Storage of each broker in GiB. It is never made smaller. With `storage_scaling` it is what a broker begins with,
    and a later change of it changes nothing."""
    storage_scaling: StorageScaling | None = None
    """How the storage grows by itself; none = it stays as it is."""


class Topics(Section):
    """What topics have that say nothing else; topics themselves are made by clients that may, never by a message."""

    replication_factor: Annotated[int, Field(ge=1, le=BROKERS)]
    """Copies of each partition (`default.replication.factor`); no more than there are brokers."""
    min_insync_replicas: Annotated[int, Field(ge=1, le=BROKERS)]
    """Copies that have a message before it is acknowledged to who waits for all (`min.insync.replicas`); fewer than
    `replication_factor`, or the loss of one broker stops all writing."""
    partitions: Annotated[int, Field(ge=1, le=1000)] = 1
    """Partitions of a topic (`num.partitions`)."""
    retention_hours: Annotated[int, Field(ge=1, le=87_600)] = 168
    """Hours that messages are kept (`log.retention.hours`), a week by default."""


class Monitoring(Section):
    """What is known of the brokers beside what the alarms watch."""

    level: Literal["DEFAULT", "PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"] = "PER_BROKER"
    """How finely CloudWatch measures; what goes beyond `DEFAULT` is billed by the metric."""
    jmx_exporter: bool = False
    """Whether Prometheus may read the metrics of Kafka of each broker, on port 11001."""
    node_exporter: bool = False
    """Whether Prometheus may read those of its host, on port 11002."""
    log_retention_days: LogRetentionDays
    """Days that the logs of brokers are kept in CloudWatch Logs, encrypted by the `logs` key."""


class Streaming(Section):
    """A cluster of Kafka, encrypted by the `data` key at rest and by TLS in transit."""

    serves: ClassVar[Member] = Member(
        group="streaming",
        purpose="Kafka brokers",
        called="the brokers",
        kind="isolated",
        ports=(Port(key="kafka", called="Kafka", number=IAM_PORT),),
        clients="private",
    )

    kafka_version: Annotated[str, Field(pattern=r"^3\.\d\.(\d|x)$")]
    """Version of Kafka as MSK calls it, quoted, such as '3.9.x'. MSK goes up, and never back."""
    brokers: Brokers
    """The brokers."""
    topics: Topics
    """Defaults of topics."""
    monitoring: Monitoring
    """Metrics and logs."""
    private_connectivity: bool = False
    """True = MSK takes connections from other VPCs by IAM through PrivateLink, which the replicator of a standby needs
    of its primary's cluster (docs/adr/0058-streaming.md); billed by the hour and the GB."""
    functions: bool = False
    """True = Lambda's pollers read topics for functions (`functions.*.topic`): their interfaces stand in the brokers'
    group and subnets, so the group lets itself in, and calls inside the VPC, and the ACL of the tier lets pass what
    goes to the interface endpoint of SQS."""
    application: StreamingAccess | None = None
    """What the pods of `cluster.identities.application` may do with topics; none = nothing. Tasks and functions say it
    in their `role`."""
    tier: TierName | None = None
    """Isolated tier that the brokers live in; none = the only one."""

    def member(self, name: str) -> Member:  # noqa: ARG002 - there is one
        """Return who the brokers are inside the VPC: exporters serve where they are asked for, pollers are of them."""
        exporters = {
            "jmx": (self.monitoring.jmx_exporter, "the JMX exporter", JMX_PORT),
            "node": (self.monitoring.node_exporter, "the node exporter", NODE_PORT),
        }
        more = tuple(Port(key=key, called=called, number=port) for key, (on, called, port) in exporters.items() if on)
        brokers = replace(self.serves, ports=(*self.serves.ports, *more))
        return replace(brokers, itself=True, outward=_POLLERS) if self.functions else brokers
