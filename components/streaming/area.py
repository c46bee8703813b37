"""Kafka of a stack: the cluster, the growth of its storage, and what the pods of the application may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import iam

from components.base import child, named
from components.data import DataOutputs
from components.iam import document
from components.keys import KeysOutputs
from components.network import NetworkOutputs
from components.streaming.cluster import ClusterArgs, build_cluster
from components.streaming.configuration import build_configuration
from components.streaming.outputs import StreamingOutputs
from components.streaming.storage_scaling import build_storage_scaling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform
    from config.streaming import Streaming as Settings


class Streaming(pulumi.ComponentResource):
    """Brokers, with their configuration, storage and log."""

    outputs: StreamingOutputs
    """What later areas may know."""

    def __init__(
        self, name: str, settings: Settings, platform: Platform, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("platform:streaming:Streaming", name, None, opts)
        self._name = name
        network, keys = platform.needed(NetworkOutputs), platform.needed(KeysOutputs)
        configuration = build_configuration(self, name, settings.topics)
        args = ClusterArgs(
            settings=settings, identity=platform.identity, network=network, keys=keys, configuration=configuration
        )
        cluster = build_cluster(self, name, args)
        if settings.brokers.storage_scaling is not None:
            build_storage_scaling(self, name, cluster, settings.brokers.storage_scaling)
        self.outputs = StreamingOutputs(
            cluster=cluster,
            arn=cluster.arn,
            name=cluster.cluster_name,
            brokers=settings.brokers.per_zone * len(network.zones),
            bootstrap=cluster.bootstrap_brokers_sasl_iam,
            subnet_ids=network.subnets_of(settings.serves),
        )
        self.register_outputs({"arn": cluster.arn})

    def let_in(self, role_name: pulumi.Output[str], settings: Settings) -> None:
        """Let the pods of the application do what the stack file says."""
        if settings.application is not None:
            rights = document(*self.outputs.use(settings.application))
            iam.RolePolicy(named(self._name, "application"), role=role_name, policy=rights, opts=child(self))


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the brokers and what is around them, where the stack file has them."""
    settings = platform.settings.streaming
    if settings is None:
        return
    streaming = Streaming("streaming", settings, platform, platform.options)
    data, cluster = platform.get(DataOutputs), platform.settings.cluster
    pods = cluster.identities.get("application") if cluster else None
    if data is not None and pods is not None:
        streaming.let_in(data.pod_roles[pods], settings)
    yield streaming.outputs
