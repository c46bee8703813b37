"""What runs on the cluster of a stack beside the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.cluster import AgentsSpace, ClusterOutputs
from components.data import DataOutputs
from components.edge import EdgeOutputs
from components.keys import KeysOutputs
from components.kubernetes.kubernetes import Kubernetes, KubernetesArgs
from components.kubernetes.outputs import PooledUser
from components.network import NetworkOutputs
from components.outputs import needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the Kubernetes layer, where the stack file has one; it needs a cluster."""
    settings, stack = platform.settings.kubernetes, platform.settings
    if settings is None:
        return
    edge, pooled = platform.get(EdgeOutputs), platform.get(PooledUser)
    args = KubernetesArgs(
        settings=settings,
        cluster_settings=needed(stack.cluster, "cluster"),
        identity=platform.identity,
        cluster=platform.needed(ClusterOutputs),
        network=platform.needed(NetworkOutputs),
        keys=platform.needed(KeysOutputs),
        data=platform.get(DataOutputs),
        database=stack.postgres.database_name if stack.postgres else None,
        edge=edge.regional if edge else None,
        pooler_secret_arn=pooled.secret_arn if pooled else None,
        pooler_after=pooled.after if pooled else (),
    )
    outputs = Kubernetes("kubernetes", args, platform.options).outputs
    yield outputs
    yield AgentsSpace(objects=outputs.agents)
