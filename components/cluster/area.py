"""The cluster of a stack, and the agents on it, which come after the Kubernetes layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.cluster.agents import AgentsArgs, build_agents
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.outputs import AgentsSpace, ClusterOutputs
from components.keys import KeysOutputs
from components.network import NetworkOutputs
from components.providers import default_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the cluster, where the stack file has one; it needs a network."""
    if platform.settings.cluster is None:
        return
    args = ClusterArgs(
        settings=platform.settings.cluster,
        identity=platform.identity,
        network=platform.needed(NetworkOutputs),
        keys=platform.needed(KeysOutputs),
        tags=default_tags(platform.identity),
        active=platform.active,
    )
    yield Cluster("cluster", args, platform.options).outputs


def agents(platform: Platform) -> Iterator[Outputs]:
    """Install CloudWatch's agents, which adopt what the Kubernetes layer has made for them."""
    settings, cluster, space = platform.settings.cluster, platform.get(ClusterOutputs), platform.get(AgentsSpace)
    if settings is not None and cluster is not None:
        args = AgentsArgs(settings=settings, cluster=cluster, after=space.objects if space else ())
        build_agents(args, platform.options)
    yield from ()
