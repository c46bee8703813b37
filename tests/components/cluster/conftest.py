from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.cluster import AgentsArgs, Cluster, ClusterArgs, build_agents
from components.providers import default_tags
from review.record import record
from tests.components.cluster.surroundings import keys, network_of, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.cluster import Cluster as ClusterSettings
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="session")
def record_cluster(settings: StackConfig) -> Callable[[ClusterSettings], Graph]:
    """Records the cluster of prod with other settings."""

    def recorded(cluster: ClusterSettings) -> Graph:
        def program() -> None:
            identity = settings.identity
            args = ClusterArgs(
                settings=cluster,
                identity=identity,
                network=network_of(settings),
                keys=keys(),
                tags=default_tags(identity),
            )
            providers = options(settings)
            made = Cluster("cluster", args, providers).outputs
            build_agents(AgentsArgs(settings=cluster, cluster=made), providers)

        return record(program, "test")

    return recorded


@pytest.fixture(scope="session")
def cluster(settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]) -> Graph:
    """The cluster of prod, as it was registered."""
    return record_cluster(settings.cluster)
