"""From the outputs of earlier areas to what there is to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.naming import physical
from components.observability.sources import EdgeSubjects, Subjects
from config.base import present
from config.ceilings import PRIMARY, connections

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.edge.outputs import EdgeOutputs
    from components.observability.observability import ObservabilityArgs
    from config.data import Redis
    from config.identity import Identity
    from config.observability import Severity


def subjects_of(
    args: ObservabilityArgs,
    topics: Mapping[Severity, pulumi.Output[str]],
    dead_letters: pulumi.Output[str] | None,
) -> Subjects:
    """Return what there is to watch in a stack."""
    identity, data, settings = args.identity, args.data, args.data_settings
    primary = data.postgres.identifier
    replicas = {replica: physical("database", primary, replica) for replica in data.postgres.replica_addresses}
    return Subjects(
        cluster=args.cluster.name,
        databases={PRIMARY: primary, **replicas},
        connections=connections(present(settings.postgres)),
        shards=shard_nodes(data.redis.group_id, present(settings.redis)),
        node_groups=args.cluster.group_names,
        nat_gateways=args.network.nat_gateway_ids,
        topics=topics,
        log_namespace=log_namespace(identity),
        chain_namespace=args.settings.chain.metric_namespace if args.settings.chain else None,
        dead_letters=dead_letters,
        trail=args.trail_log_group is not None,
        edge=_edge(args.edge, identity.region) if args.edge else None,
    )


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
    return EdgeSubjects(
        load_balancer=regional.balancer_suffix,
        target_group=regional.target_group_suffix,
        web_acl=regional.web_acl.name,
        region=region,
        health_check=regional.health_check_id,
        distribution=edge.cdn.distribution_id if edge.cdn else None,
    )
