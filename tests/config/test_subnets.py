"""Addresses for data services and load balancers, and connections for pools."""

from __future__ import annotations

import pytest

from config.rules.pools import pools_fit
from tests.config.stackfile import accepted, judged

DATABASE = "network.tiers.database.cidrs"
BLOCKS = ("10.0.21.0", "10.0.22.0", "10.0.23.0")
POOL = "kubernetes.pgbouncer.pool_size"


def blocks(prefix: int) -> list[str]:
    return [f"{one}/{prefix}" for one in BLOCKS]


@pytest.mark.parametrize(
    ("shards", "prefix", "refused"),
    [(3, 27, ()), (3, 28, (0, 1, 2)), (11, 27, ()), (12, 27, (1, 2)), (30, 26, ()), (30, 27, (0, 1, 2))],
)
def test_cache_nodes_databases_and_the_proxy_fit_with_a_zone_less(
    shards: int, prefix: int, refused: tuple[int, ...]
) -> None:
    """Of 27 addresses in a /27: shards x 3 nodes in two zones, 8 of the proxy, a database, and a reader in b and c."""
    found = judged({DATABASE: blocks(prefix), "data.redis.shards": shards})
    assert found == {f"{DATABASE}[{at}]" for at in refused}


@pytest.mark.parametrize(("prefix", "fits"), [(26, True), (27, True), (28, False)])
def test_a_load_balancer_wants_a_block_of_32(prefix: int, *, fits: bool) -> None:
    path = "network.tiers.public.cidrs"
    found = judged({path: [f"10.0.1.0/{prefix}", "10.0.2.0/24", "10.0.3.0/24"]})
    assert found == (set() if fits else {f"{path}[0]"})


@pytest.mark.parametrize(("size", "fits"), [(331, True), (332, False)])
def test_the_pool_fits_beside_the_proxy_in_what_the_database_takes(size: int, *, fits: bool) -> None:
    """5,000 connections, 4,000 of them the proxy's, 5 for administrators: 995 for three pods."""
    assert judged({POOL: size}) == (set() if fits else {POOL})


@pytest.mark.parametrize(
    ("class_", "parameters", "most"),
    [
        ("db.r5.large", {}, 1622),
        ("db.r5.xlarge", {}, 3244),
        ("db.r5.2xlarge", {"max_connections": "2000"}, 2000),
        ("db.t3.medium", {}, 394),
    ],
)
def test_each_class_has_its_own_connections(class_: str, parameters: dict[str, str], most: int) -> None:
    config = accepted()
    postgres = config.data.postgres.model_copy(
        update={"instance_class": class_, "parameters": parameters, "proxy": None}
    )
    config = config.model_copy(update={"data": config.data.model_copy(update={"postgres": postgres})})
    fits = (most - 5) // 3

    def found(size: int) -> list[str]:
        layer = config.kubernetes
        assert layer is not None
        assert layer.pgbouncer is not None
        pooler = layer.pgbouncer.model_copy(update={"pool_size": size})
        changed = config.model_copy(update={"kubernetes": layer.model_copy(update={"pgbouncer": pooler})})
        return [problem.allowed for problem in pools_fit(changed)]

    assert found(fits) == []
    assert found(fits + 1) == [f"{fits} at most"]
