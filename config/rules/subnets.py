"""Subnets of load balancers and of data services: addresses for all that lives there, while a zone is lost, too."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from config.base import present
from config.data import Postgres, Redis
from config.edge import Edge
from config.facts.limits import (
    BALANCER_PREFIX,
    PROXY_ADDRESSES,
    PROXY_ADDRESSES_LEAST,
    SUBNET_RESERVED_ADDRESSES,
)
from config.placement import placed
from config.problems import refuse
from config.room import usable
from config.rules.addresses import NARROWEST
from config.streaming import Streaming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.network import TierName
    from config.problems import Path, Problem
    from config.stack import StackConfig


def balancers(config: StackConfig) -> Iterator[Problem]:
    """The load balancer of the edge gets subnets as wide as it asks for."""
    if config.edge is None or config.edge.balancer is None:
        return
    network = present(config.network)
    tier = network.tier(Edge.serves.kind, config.edge.tier)
    for at, block in enumerate(network.tiers[tier].cidrs):
        if BALANCER_PREFIX < block.prefixlen <= NARROWEST:
            what, allowed = "too small for a load balancer", f"/{BALANCER_PREFIX} or wider"
            yield refuse((*_blocks(tier), at), what, got=block, allowed=allowed, fix="widen the block")


def data_services(config: StackConfig) -> Iterator[Problem]:
    """Each subnet of data services has addresses for its share of cache nodes, databases and the proxy.

    A share is that of a zone while another one is lost: what was there comes up in the others.
    """
    network = present(config.network)
    homes = {one.member.group: one.tier for one in placed(config) if one.member.kind == "isolated"}
    for tier in dict.fromkeys(homes.values()):
        for at, block in enumerate(network.tiers[tier].cidrs):
            zone = network.zones[at] if at < len(network.zones) else ""
            counts = {
                **(_cache_nodes(config) if homes.get(Redis.serves.group) == tier else {}),
                **(_databases(config, zone) if homes.get(Postgres.serves.group) == tier else {}),
                **(_brokers(config) if homes.get(Streaming.serves.group) == tier else {}),
            }
            need = sum(counts.values())
            if need > usable(block):
                listed = ", ".join(f"{what} {count}" for what, count in counts.items())
                what = f"too small: of {usable(block)} addresses these want more, with a zone less: {listed}"
                allowed = f"/{32 - (need + SUBNET_RESERVED_ADDRESSES - 1).bit_length()} or wider"
                fix = "widen the blocks, or have fewer cache nodes"
                yield refuse((*_blocks(tier), at), what, got=block, allowed=allowed, fix=fix)


def _cache_nodes(config: StackConfig) -> dict[str, int]:
    redis = present(config.redis)
    return {"cache nodes": ceil(redis.shards * (1 + redis.replicas_per_shard) / _left(config))}


def _databases(config: StackConfig, zone: str) -> dict[str, int]:
    postgres = present(config.postgres)
    proxy = PROXY_ADDRESSES.get(postgres.instance_class.rpartition(".")[2], PROXY_ADDRESSES_LEAST)
    return {
        "databases": 1 + sum(one.zone == zone for one in postgres.replicas.values()),
        "the proxy": ceil(proxy / _left(config)) if postgres.proxy else 0,
    }


def _brokers(config: StackConfig) -> dict[str, int]:
    """Return the brokers of a zone; those of a lost one come up nowhere else."""
    return {"brokers": present(config.streaming).brokers.per_zone}


def _left(config: StackConfig) -> int:
    """Return the zones that are left when one is lost."""
    return max(1, len(present(config.network).zones) - 1)


def _blocks(tier: TierName) -> Path:
    return ("network", "tiers", tier, "cidrs")


RULES: Final = (balancers, data_services)
