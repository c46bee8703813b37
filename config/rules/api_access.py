"""The Kubernetes API server: somebody reaches it, and whoever is admitted has a way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.problems import Path, refuse
from config.room import tier_of_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

PRIVATE: Final[Path] = ("cluster", "private_access_cidrs")


def somebody_reaches_it(config: StackConfig) -> Iterator[Problem]:
    """A deployment with a Kubernetes layer reaches the API server.

    Of a private endpoint only members of the cluster's own group do by themselves (EKS user guide, "Cluster API server
    endpoint", 2026-11), and no host that deploys is one.
    """
    cluster = present(config.cluster)
    if config.kubernetes is None or cluster.public_access_cidrs or cluster.private_access_cidrs:
        return
    what = "nobody but the nodes reaches the API server, so the first Kubernetes object fails"
    allowed = "blocks of the VPC, or of a peer that reaches the cluster's tier"
    fix = "name the block that `pulumi up` and kubectl run in, such as network.peers.management.cidr"
    yield refuse(PRIVATE, what, got=[], allowed=allowed, fix=fix)


def admitted_blocks_can_connect(config: StackConfig) -> Iterator[Problem]:
    """Every admitted block is the VPC's own, or a peer's that the cluster's tier knows; each once."""
    network, tier = present(config.network), tier_of_cluster(config)
    blocks = [network.cidr, *(peer.cidr for peer in network.peers.values() if tier in peer.tiers)]
    for index, block in enumerate(present(config.cluster).private_access_cidrs):
        path: Path = (*PRIVATE, index)
        if not any(block.subnet_of(one) for one in blocks):
            what = f"has no way to the tier {tier}, where the API server's addresses are"
            allowed = f"blocks inside {', '.join(map(str, blocks))}"
            yield refuse(path, what, got=block, allowed=allowed, fix="admit one of these, or peer with its VPC")


RULES: Final = (somebody_reaches_it, admitted_blocks_can_connect)
