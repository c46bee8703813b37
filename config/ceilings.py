"""The most, or least, that a metric can be in a stack: what an alarm's threshold is held against.

A threshold that nothing can pass never goes off, and one that is passed from the start never goes out; neither says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from config.base import present
from config.facts.instances import table
from config.facts.limits import (
    CACHE_CONNECTIONS,
    CACHE_CONNECTIONS_SMALL,
    CACHE_SMALL_NODES,
    RDS_BYTES_PER_CONNECTION,
    RDS_CONNECTIONS,
    RDS_MEMORY_KEPT_GIB,
    RDS_MEMORY_LEFT,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from config.data import Postgres
    from config.facts.metrics import Source
    from config.stack import StackConfig

PRIMARY: Final = "primary"
"""The primary among the databases."""
_GIB: Final = 2**30


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """What bounds one thing that a source is measured on."""

    of: str
    """The thing and what it has, for people."""
    value: float
    """The bound, in the unit of the threshold."""
    reached: bool = True
    """Whether the metric can be the bound itself. Free memory and storage cannot: something is always in use."""


def database_classes(postgres: Postgres) -> dict[str, str]:
    """Return the class of each database of a stack, the primary first."""
    return {PRIMARY: postgres.instance_class} | {name: one.instance_class for name, one in postgres.replicas.items()}


def connections(postgres: Postgres) -> dict[str, int]:
    """Return the connections that each database takes for certain; none of a class that is not known.

    By default `LEAST({DBInstanceClassMemory/9531392},5000)`, of the memory that RDS leaves to the database.
    """
    given = postgres.parameters.get("max_connections", "")
    if given:
        return dict.fromkeys(database_classes(postgres), int(given)) if given.isdecimal() else {}
    memory = _memory(postgres)
    return {name: _by_memory(gib) for name, gib in memory.items()}


def _by_memory(gib: float) -> int:
    left = min(gib * RDS_MEMORY_LEFT, gib - RDS_MEMORY_KEPT_GIB)
    return min(int(left * _GIB / RDS_BYTES_PER_CONNECTION), RDS_CONNECTIONS)


def _memory(postgres: Postgres) -> dict[str, float]:
    """Return the memory of each database, in GiB; none of a class that is not known."""
    twins = {name: table().get(found.removeprefix("db.")) for name, found in database_classes(postgres).items()}
    return {name: one.memory_gib for name, one in twins.items() if one is not None}


def nodes(config: StackConfig, count: Literal["desired", "max"]) -> int:
    """Return the nodes of all groups together, by one of their counts."""
    zones = len(present(config.network).zones)
    counts = [group.scaling for group in present(config.cluster).node_groups.values()]
    return sum(getattr(scaling, count) * (zones if scaling.per == "zone" else 1) for scaling in counts)


def _connections(config: StackConfig) -> Iterable[Ceiling]:
    for name, most in connections(present(config.postgres)).items():
        found = database_classes(present(config.postgres))[name]
        yield Ceiling(of=f"{name} ({found}) takes {most} connections for certain", value=most)


def _free_memory(config: StackConfig) -> Iterable[Ceiling]:
    for name, gib in _memory(present(config.postgres)).items():
        yield Ceiling(of=f"{name} has {gib:g} GiB of memory in all", value=gib, reached=False)


def _free_storage(config: StackConfig) -> Iterable[Ceiling]:
    size = present(config.postgres).storage.allocated_gib
    yield Ceiling(of=f"the database has {size} GiB in all", value=size, reached=False)


def _cache_connections(config: StackConfig) -> Iterable[Ceiling]:
    node = present(config.redis).node_type
    most = CACHE_CONNECTIONS_SMALL if node in CACHE_SMALL_NODES else CACHE_CONNECTIONS
    yield Ceiling(of=f"{node} takes {most} connections", value=most)


def _nodes(config: StackConfig) -> Iterable[Ceiling]:
    begin = nodes(config, "desired")
    yield Ceiling(of=f"all groups together begin with {begin} nodes", value=begin)


def _failed_nodes(config: StackConfig) -> Iterable[Ceiling]:
    most = nodes(config, "max")
    yield Ceiling(of=f"all groups together have {most} nodes at most", value=most)


def _health(_config: StackConfig) -> Iterable[Ceiling]:
    yield Ceiling(of="a health check is 1 or 0", value=1)


def _targets(config: StackConfig) -> Iterable[Ceiling]:
    """Yield the pods that the application's namespace may have; each is a target."""
    pods, layer = present(config.cluster).identities.get("application"), config.kubernetes
    space = layer.namespaces.get(pods.namespace) if layer and pods else None
    if space is not None:
        yield Ceiling(of=f"the application has {space.quota.pods} pods at most", value=space.quota.pods)


def _response_time(config: StackConfig) -> Iterable[Ceiling]:
    if config.edge is not None and config.edge.balancer is not None:
        idle = config.edge.balancer.idle_timeout_seconds
        yield Ceiling(of=f"the load balancer gives up after {idle} s of silence", value=idle)


def _tasks(config: StackConfig) -> Iterable[Ceiling]:
    for name, service in config.services.items():
        if service.least > 0:
            yield Ceiling(of=f"{name} has {service.least} tasks while nothing is to do", value=service.least)


def _service_targets(config: StackConfig) -> Iterable[Ceiling]:
    for name, service in config.services.items():
        if service.target is not None:
            most = service.scaling.max if service.scaling else service.desired
            yield Ceiling(of=f"{name} has {most} tasks at most", value=most)
    for name, group in config.instances.items():
        if group.target is not None:
            yield Ceiling(of=f"{name} has {group.scaling.max} instances at most", value=group.scaling.max)


def _instances(config: StackConfig) -> Iterable[Ceiling]:
    for name, group in config.instances.items():
        least = group.scaling.min if group.scaling.moved else group.scaling.desired
        yield Ceiling(of=f"{name} has {least} instances while nothing is to do", value=least)


def _ages(config: StackConfig) -> Iterable[Ceiling]:
    for name, queue in config.queues.items():
        yield Ceiling(of=f"{name} keeps messages for {queue.retention_seconds} s", value=queue.retention_seconds)


def _latency(config: StackConfig) -> Iterable[Ceiling]:
    routes = config.api.routes.values() if config.api else ()
    if routes:
        longest = max(route.timeout_milliseconds for route in routes)
        yield Ceiling(of=f"API Gateway gives up after {longest} ms", value=longest)


CEILINGS: Final[Mapping[Source, Callable[[StackConfig], Iterable[Ceiling]]]] = {
    "rds_connections": _connections,
    "rds_free_memory_gib": _free_memory,
    "rds_free_storage_gib": _free_storage,
    "redis_connections": _cache_connections,
    "nodes": _nodes,
    "failed_nodes": _failed_nodes,
    "health_check": _health,
    "healthy_hosts": _targets,
    "unhealthy_hosts": _targets,
    "response_time_seconds": _response_time,
    "service_tasks": _tasks,
    "service_unhealthy_targets": _service_targets,
    "instances_in_service": _instances,
    "queue_oldest_seconds": _ages,
    "api_latency_ms": _latency,
}
"""Source -> what bounds it on each thing that it is measured on. Nothing in a stack file bounds the other counts, nor a
lag."""
