"""The availability that can be promised: the product of what AWS promises of the parts in the way of a request."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from config.facts import sla

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.facts.sla import Promise
    from config.stack import StackConfig

WHOLE: Final = Decimal(100)
_PLACES: Final = Decimal("0.001")


@dataclass(frozen=True, kw_only=True)
class Availability:
    """The parts in series, and what they come to."""

    parts: tuple[Promise, ...]
    """Parts that a request needs, from the user inwards; none = nothing here serves one, and nothing is promised."""

    @property
    def percent(self) -> Decimal:
        """The product, in per cent, rounded down to thousandths."""
        product = reduce(lambda so_far, part: so_far * part.percent / WHOLE, self.parts, WHOLE)
        return product.quantize(_PLACES, rounding=ROUND_DOWN)

    @property
    def weakest(self) -> Promise:
        """The part that costs most."""
        return min(self.parts, key=lambda part: part.percent)

    def arithmetic(self) -> str:
        """Return the product in one line; parts promised at 100 % are left out."""
        if not self.parts:
            return "no part in the way of a request"
        factors = " x ".join(f"{part.percent} {part.part}" for part in self.parts if part.percent < WHOLE)
        return f"{factors} = {self.percent} %"

    def document(self) -> dict[str, Any]:
        """Return the parts and the product as plain values; no product of no parts."""
        parts = [{"part": one.part, "percent": float(one.percent), "source": one.source} for one in self.parts]
        return {"percent": float(self.percent) if parts else None, "parts": parts}


def availability(config: StackConfig) -> Availability:
    """Return what the parts of a stack come to in series.

    The control plane of EKS is not among them: what runs goes on without it. Nor is a second region: it takes over
    after minutes, while one of these parts is what fails in a month that has no disaster.
    """
    return Availability(parts=(*_edge(config), *_compute(config), *_data(config)))


def _compute(config: StackConfig) -> Iterator[Promise]:
    if config.api is not None or config.sockets is not None:
        yield sla.API_GATEWAY
    if config.cluster is not None or config.beanstalk is not None or config.instances:
        yield sla.COMPUTE
    if config.services:
        yield sla.FARGATE


def _edge(config: StackConfig) -> tuple[Promise, ...]:
    if config.edge is None:
        return ()
    cdn = (sla.ROUTE_53, sla.CLOUDFRONT) if config.edge.cdn else (sla.ROUTE_53,)
    return (*cdn, sla.WAF, *((sla.LOAD_BALANCER,) if config.edge.balancer else ()))


def _data(config: StackConfig) -> Iterator[Promise]:
    if config.queues:
        yield sla.QUEUES
    if config.streaming is not None:
        yield sla.STREAMING
    if config.tables:
        copied = all(table.replica_regions for table in config.tables.values())
        yield sla.TABLES_GLOBAL if copied else sla.TABLES
    if config.postgres is not None:
        yield sla.DATABASE_MULTI_AZ if config.postgres.multi_az else sla.DATABASE_SINGLE
    if config.redis is not None:
        yield sla.CACHE_MULTI_AZ if config.redis.replicas_per_shard else sla.CACHE_SINGLE
    if config.buckets:
        yield _objects(config)


def _objects(config: StackConfig) -> Promise:
    """Return the promise for the coldest class that objects are read from without being restored first."""
    for bucket in config.buckets.values():
        aged = bucket.lifecycle
        steps = (aged.infrequent_access_days, aged.intelligent_tiering_days, aged.glacier_instant_days)
        if bucket.storage_class == "STANDARD_IA" or any(day is not None for day in steps):
            return sla.S3_INFREQUENT
    return sla.S3_STANDARD
