"""Subnets of load balancers and of data services: addresses for all that lives there, while a zone is lost, too."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.limits import (
    BALANCER_PREFIX,
    PROXY_ADDRESSES,
    PROXY_ADDRESSES_LEAST,
    SUBNET_RESERVED_ADDRESSES,
)
from config.problems import refuse
from config.room import usable
from config.rules.addresses import NARROWEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path, Problem
    from config.stack import StackConfig

DATABASE: Final[Path] = ("network", "tiers", "database", "cidrs")
PUBLIC: Final[Path] = ("network", "tiers", "public", "cidrs")


def balancers(config: StackConfig) -> Iterator[Problem]:
    """The load balancer of the edge gets subnets as wide as it asks for."""
    tier = present(config.network).tiers.get("public")
    for at, block in enumerate(tier.cidrs) if config.edge and tier else ():
        if BALANCER_PREFIX < block.prefixlen <= NARROWEST:
            what, allowed = "too small for a load balancer", f"/{BALANCER_PREFIX} or wider"
            yield refuse((*PUBLIC, at), what, got=block, allowed=allowed, fix="widen the block")


def data_services(config: StackConfig) -> Iterator[Problem]:
    """Each subnet of the database tier has addresses for its share of cache nodes, databases and the proxy.

    A share is that of a zone while another one is lost: what was there comes up in the others.
    """
    network, postgres, redis = present(config.network), config.postgres, config.redis
    zones = len(network.zones)
    left = max(1, zones - 1)
    cache = ceil(redis.shards * (1 + redis.replicas_per_shard) / left) if redis else 0
    size = postgres.instance_class.rpartition(".")[2] if postgres else ""
    proxy = ceil(PROXY_ADDRESSES.get(size, PROXY_ADDRESSES_LEAST) / left) if postgres and postgres.proxy else 0
    tier = network.tiers.get("database")
    for at, block in enumerate(tier.cidrs) if tier else ():
        zone = network.zones[at] if at < zones else ""
        databases = 1 + sum(one.zone == zone for one in postgres.replicas.values()) if postgres else 0
        need = cache + proxy + databases
        if need > usable(block):
            counts = f"cache nodes {cache}, databases {databases}, the proxy {proxy}"
            what = f"too small: of {usable(block)} addresses these want more, with a zone less: {counts}"
            allowed = f"/{32 - (need + SUBNET_RESERVED_ADDRESSES - 1).bit_length()} or wider"
            fix = "widen the blocks, or have fewer cache nodes"
            yield refuse((*DATABASE, at), what, got=block, allowed=allowed, fix=fix)


RULES: Final = (balancers, data_services)
