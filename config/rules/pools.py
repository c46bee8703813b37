"""Pools of connections: together no more than the database takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.ceilings import PRIMARY, connections
from config.facts.limits import POSTGRES_RESERVED_CONNECTIONS
from config.problems import refuse
from config.rules.offers import RDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig


def pools_fit(config: StackConfig) -> Iterator[Problem]:
    """PgBouncer's pods open no more connections than the proxy and the database's administrators leave."""
    postgres = present(config.postgres)
    pooler = config.kubernetes.pgbouncer if config.kubernetes else None
    most = connections(postgres).get(PRIMARY)
    sold = RDS.sold(config.identity.region)
    if pooler is None or most is None or (sold is not None and postgres.instance_class not in sold):
        return
    proxy = most * postgres.proxy.max_connections_percent // 100 if postgres.proxy else 0
    left = most - proxy - POSTGRES_RESERVED_CONNECTIONS
    if pooler.pool_size * pooler.replicas > left:
        share = f", {proxy} of them the proxy's," if proxy else ""
        what = (
            f"{pooler.replicas} pods open {pooler.pool_size * pooler.replicas} connections, and the database "
            f"({postgres.instance_class}) takes {most}{share} {POSTGRES_RESERVED_CONNECTIONS} kept for administrators"
        )
        fix = "lower it or the replicas, leave the proxy less, or choose a larger class"
        allowed = f"{max(0, left) // pooler.replicas} at most"
        yield refuse(("kubernetes", "pgbouncer", "pool_size"), what, got=pooler.pool_size, allowed=allowed, fix=fix)


RULES: Final = (pools_fit,)
