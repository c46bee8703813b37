"""From the outputs of earlier areas to what there is to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.naming import physical
from components.observability.sources import CustomSubject, EdgeSubjects, Subjects, TableSubject
from config.ceilings import PRIMARY, connections

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.data import DataOutputs
    from components.edge.outputs import EdgeOutputs
    from components.observability.args import ObservabilityArgs
    from config.data import Data as DataSettings
    from config.data import Redis
    from config.identity import Identity
    from config.observability import Observability, Severity

_MILLISECONDS: Final = 1000


def subjects_of(
    args: ObservabilityArgs,
    topics: Mapping[Severity, pulumi.Output[str]],
    dead_letters: pulumi.Output[str] | None,
) -> Subjects:
    """Return what there is to watch in a stack."""
    identity, data, settings, cluster = args.identity, args.data, args.data_settings, args.cluster
    functions = args.functions
    return Subjects(
        cluster=cluster.name if cluster else None,
        databases=_databases(data) if data else {},
        connections=connections(settings.postgres) if settings and settings.postgres else {},
        shards=_shards(data, settings),
        node_groups=cluster.group_names if cluster else {},
        nat_gateways=args.network.nat_gateway_ids if args.network else {},
        topics=topics,
        log_namespace=log_namespace(identity),
        custom=_custom(args.settings),
        dead_letters=dead_letters,
        trail=args.trail_log_group is not None,
        edge=_edge(args.edge, identity.region) if args.edge else None,
        ecs_cluster_arn=_ecs_cluster_arn(identity) if args.services else "",
        services=tuple(args.services),
        kept_services=tuple(name for name, service in args.services.items() if service.least > 0),
        instance_groups={
            name: physical("scaling-group", identity.system, identity.environment, name) for name in args.instances
        },
        functions=functions.names if functions else {},
        milliseconds={name: _MILLISECONDS * one.timeout_seconds for name, one in args.functions_settings.items()},
        stream_functions=tuple(name for name, one in args.functions_settings.items() if one.stream is not None),
        topic_functions=tuple(name for name, one in args.functions_settings.items() if one.topic is not None),
        failures=functions.failures if functions else {},
        api_id=args.api.id if args.api else None,
        sockets_id=args.sockets.id if args.sockets else None,
        kafka=args.streaming.name if args.streaming else None,
        brokers=args.streaming.brokers if args.streaming else 0,
        tables=_tables(data, settings),
        queues={short: (queue.name, queue.dead_letters) for short, queue in args.queues.items()},
    )


def _ecs_cluster_arn(identity: Identity) -> str:
    """Return the ARN of the ECS cluster, which is made after what watches it."""
    name = physical("ecs-cluster", identity.system, identity.environment)
    return f"arn:aws:ecs:{identity.region}:{identity.account_id}:cluster/{name}"


def _custom(settings: Observability) -> dict[str, CustomSubject]:
    """Return every custom metric with its own dimensions, by the name that alarms know it by."""
    dimensions = {
        f"{entry}.{short}": metric.dimensions
        for entry, group in settings.custom_metrics.items()
        for short, metric in group.metrics.items()
    }
    return {name: CustomSubject(fact=fact, dimensions=dimensions[name]) for name, fact in settings.custom().items()}


def _databases(data: DataOutputs) -> dict[str, str]:
    """Return the identifiers of the database's instances: `primary` and its replicas; none where there is none."""
    if data.postgres is None:
        return {}
    primary = data.postgres.identifier
    replicas = {replica: physical("database", primary, replica) for replica in data.postgres.replica_addresses}
    return {PRIMARY: primary, **replicas}


def _shards(data: DataOutputs | None, settings: DataSettings | None) -> dict[str, tuple[str, ...]]:
    """Return the nodes of the cache by shard; none where there is no cache."""
    redis, sized = data.redis if data else None, settings.redis if settings else None
    return shard_nodes(redis.group_id, sized) if redis and sized else {}


def _tables(data: DataOutputs | None, settings: DataSettings | None) -> dict[str, TableSubject]:
    """Return the tables of DynamoDB, with their global indexes and copies."""
    made = data.tables if data else {}
    return {
        short: TableSubject(
            name=made[short].name, indexes=tuple(table.global_indexes), replica_regions=table.replica_regions
        )
        for short, table in (settings.tables if settings else {}).items()
        if short in made
    }


def log_namespace(identity: Identity) -> str:
    """Return the namespace of what is counted in the stack's logs."""
    return f"{identity.system}/{identity.environment}/logs"


def shard_nodes(group_id: str, redis: Redis) -> dict[str, tuple[str, ...]]:
    """Return the ids of a replication group's nodes by shard, as ElastiCache names them: `<group>-0001-001`."""
    return {
        f"{shard:04}": tuple(f"{group_id}-{shard:04}-{node:03}" for node in range(1, redis.replicas_per_shard + 2))
        for shard in range(1, redis.shards + 1)
    }


def _edge(edge: EdgeOutputs, region: str) -> EdgeSubjects:
    regional = edge.regional
    pods = regional.pods if regional else None
    return EdgeSubjects(
        load_balancer=regional.balancer_suffix if regional else None,
        target_group=pods.suffix if pods else None,
        web_acl=regional.web_acl.name if regional else None,
        region=region,
        health_check=regional.health_check_id if regional else None,
        distribution=edge.cdn.distribution_id if edge.cdn else None,
        services={name: targets.suffix for name, targets in regional.services.items()} if regional else {},
    )
