"""Puts the areas together. The only place where the role and the region of a stack decide anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.audit import Audit, AuditArgs, AuditOutputs
from components.audit.plan import records_bucket_name
from components.backup import Backup, BackupArgs, BackupOutputs
from components.backup.plan import Sources
from components.cluster import AgentsArgs, Cluster, ClusterArgs, build_agents
from components.cost import Cost, CostArgs
from components.data import Data, DataArgs, PrimaryData
from components.data.plan import regional_copy
from components.edge import Cdn, CdnArgs, EdgeOutputs, RegionalEdge, RegionalEdgeArgs
from components.exports import Exports, gathered
from components.keys import Elsewhere, Keys, KeysArgs, global_region
from components.kubernetes import Kubernetes, KubernetesArgs, KubernetesOutputs
from components.network import Network, NetworkArgs, Peering, PeeringArgs, PeeringSide
from components.observability import Observability, ObservabilityArgs, ObservabilityOutputs
from components.providers import default_tags, provider_elsewhere, stack_providers
from components.recovery import follow
from components.recovery.global_datastore import GlobalDatastore, GlobalDatastoreArgs
from components.recovery.standby import Standby, StandbyArgs
from components.recovery.writers import Writers, WritersArgs, own_endpoints
from components.registry import Registry, RegistryArgs
from config.base import present
from config.facts.regions import GLOBAL_REGION
from config.placement import placed

if TYPE_CHECKING:
    import pulumi_aws as aws

    from components.cluster import ClusterOutputs
    from components.data import DataOutputs
    from components.keys import KeysOutputs
    from components.network import NetworkOutputs
    from components.recovery import Primary
    from components.registry import RegistryOutputs
    from config.recovery import Standby as StandbySettings
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class _Followed:
    """What a standby follows."""

    standby: StandbySettings
    """The stack file's `recovery.standby`."""
    primary: Primary
    """What is known of the primary."""
    provider: aws.Provider
    """Provider of the primary's region."""
    datastore: GlobalDatastore | None
    """The global datastore of both caches."""


@dataclass(frozen=True, kw_only=True)
class _Built:
    """What stands of a stack, for the areas that come after."""

    settings: StackConfig
    """The stack file."""
    options: pulumi.ResourceOptions
    """The stack's providers, for top components."""
    followed: _Followed | None
    """What a standby follows; None in a primary."""
    keys: KeysOutputs
    """Encryption keys."""
    network: NetworkOutputs
    """The workload VPC."""
    cluster: ClusterOutputs
    """The EKS cluster."""
    data: DataOutputs
    """Data services."""
    registry: RegistryOutputs | None
    """The registry; None where the stack file has none."""
    elsewhere: Elsewhere | None
    """Of us-east-1, for CloudFront's parts, where the stack has some and is elsewhere."""


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What a stack file may leave out; None where it does."""

    edge: EdgeOutputs | None
    """The edge of the region."""
    kubernetes: KubernetesOutputs | None
    """The Kubernetes layer."""
    management: NetworkOutputs | None
    """The management VPC."""
    observability: ObservabilityOutputs | None
    """Dashboards, alarms, topics."""
    backup: BackupOutputs | None
    """Vault and plan."""


def deploy(settings: StackConfig) -> Exports:
    """Register every resource of the stack, each area with the typed outputs of earlier ones.

    Raises:
        pulumi.RunError: A standby cannot read its primary's outputs, or contradicts them.
    """
    built = _foundation(settings)
    management = _management(built)
    edge = _edge(built)
    observability = _observability(built, edge, _audit(built))
    _cost(built)
    backup = _backup(built)
    standby = _recovery(built, edge, observability, backup)
    kubernetes = _kubernetes(built, edge, standby)
    _agents(built, kubernetes)
    parts = _Parts(edge=edge, kubernetes=kubernetes, management=management, observability=observability, backup=backup)
    return _exports(built, parts)


def _foundation(settings: StackConfig) -> _Built:
    """Build what every stack has.

    Keys come first: the network's flow logs are encrypted by one of them, and a key needs nothing of the network.
    A standby is built of the same areas; each gets the few values of the primary that it follows.
    """
    identity, cdn = settings.identity, settings.edge and settings.edge.cdn
    options = pulumi.ResourceOptions(providers=stack_providers(identity))
    followed = _followed(settings, options)
    primary_arns = {domain: followed.primary.key_arn(domain) for domain in settings.keys.domains} if followed else {}
    keys_args = KeysArgs(settings=settings.keys, identity=identity, primary_arns=primary_arns)
    keys = Keys("keys", keys_args, options).outputs
    vpc, members = present(settings.network), placed(settings)
    network_args = NetworkArgs(settings=vpc, identity=identity, keys=keys, members=members)
    network = Network("network", network_args, options).outputs
    cluster_args = ClusterArgs(
        settings=present(settings.cluster),
        identity=identity,
        network=network,
        keys=keys,
        tags=default_tags(identity),
        active=bool(followed and followed.standby.active),
    )
    cluster = Cluster("cluster", cluster_args, options).outputs
    data_args = DataArgs(
        settings=present(settings.data),
        identity=identity,
        network=network,
        keys=keys,
        cluster=cluster,
        application=present(settings.cluster).identities.get("application"),
        primary=_primary_data(followed) if followed else None,
        logged_beside=[records_bucket_name(identity)] if settings.audit else [],
    )
    data = Data("data", data_args, options).outputs
    registry = None
    if settings.registry is not None:
        registry_args = RegistryArgs(settings=settings.registry, identity=identity, keys=keys)
        registry = Registry("registry", registry_args, options).outputs
    return _Built(
        settings=settings,
        options=options,
        followed=followed,
        keys=keys,
        network=network,
        cluster=cluster,
        data=data,
        registry=registry,
        elsewhere=global_region(settings.keys, identity) if cdn and identity.region != GLOBAL_REGION else None,
    )


def _followed(settings: StackConfig, options: pulumi.ResourceOptions) -> _Followed | None:
    """Return what a standby follows, None in a primary."""
    standby = settings.recovery.standby if settings.recovery else None
    if standby is None:
        return None
    primary = follow(settings, standby)
    provider = provider_elsewhere("aws-primary", settings.identity, primary.region)
    datastore = None
    if standby.redis is not None:
        args = GlobalDatastoreArgs(
            identity=settings.identity,
            primary_region=primary.region,
            primary_group_id=primary.redis_group_id,
            provider=provider,
        )
        datastore = GlobalDatastore("datastore", args, options)
    return _Followed(standby=standby, primary=primary, provider=provider, datastore=datastore)


def _primary_data(followed: _Followed) -> PrimaryData:
    """Return what a standby's data services take of the primary's."""
    primary, standby = followed.primary, followed.standby
    return PrimaryData(
        follow=not standby.active,
        postgres_arn=primary.postgres_arn if standby.postgres else None,
        postgres_secret_arn=primary.postgres_secret_arn,
        redis_global_id=followed.datastore.id if followed.datastore else None,
        redis_secret_arn=primary.redis_secret_arn,
    )


def _management(built: _Built) -> NetworkOutputs | None:
    """Build the management VPC, and its way to the workload's where each names the other."""
    settings, identity = built.settings.management, built.settings.identity
    if settings is None:
        return None
    args = NetworkArgs(settings=settings, identity=identity, keys=built.keys, label="management")
    management = Network("management", args, built.options).outputs
    there, back = settings.peers.get("production"), present(built.settings.network).peers.get("management")
    if there and back:
        peering_args = PeeringArgs(
            identity=identity,
            requester=PeeringSide.of("management", management, there),
            accepter=PeeringSide.of("production", built.network, back),
        )
        Peering("management-peering", peering_args, built.options)
    return management


def _edge(built: _Built) -> EdgeOutputs | None:
    """Build the edge of the region, and before it, in a primary, what stands before both regions.

    Raises:
        ValueError: The stack has no `edge.cdn` and its primary has none; the rules of the stack file refuse that.
    """
    edge, identity, data, elsewhere = built.settings.edge, built.settings.identity, built.data, built.elsewhere
    if edge is None:
        return None
    cdn = None
    if edge.cdn is not None:
        cdn_args = CdnArgs(
            settings=edge,
            cdn=edge.cdn,
            identity=identity,
            logs_key_arn=elsewhere.logs_key_arn if elsewhere else built.keys.arn("logs"),
            buckets=data.buckets,
            access_logs=data.access_logs,
        )
        cdn = Cdn("front", cdn_args, elsewhere.options if elsewhere else built.options).outputs
    zone = cdn or (built.followed.primary if built.followed else None)
    if zone is None:
        raise ValueError("edge.cdn: neither a section nor a primary that has one")
    regional_args = RegionalEdgeArgs(
        settings=edge,
        identity=identity,
        network=built.network,
        keys=built.keys,
        access_logs=data.access_logs,
        zone_id=zone.zone_id,
        failover="PRIMARY" if cdn else "SECONDARY",
    )
    regional = RegionalEdge("edge", regional_args, built.options).outputs
    return EdgeOutputs(domain=edge.domain, regional=regional, cdn=cdn)


def _kubernetes(built: _Built, edge: EdgeOutputs | None, standby: Standby | None) -> KubernetesOutputs | None:
    """Build what runs on the cluster beside the application; a standby's pooler opens its primary's secret, copied."""
    settings, followed, identity = built.settings.kubernetes, built.followed, built.settings.identity
    if settings is None:
        return None
    args = KubernetesArgs(
        settings=settings,
        cluster_settings=present(built.settings.cluster),
        identity=identity,
        cluster=built.cluster,
        network=built.network,
        keys=built.keys,
        data=built.data,
        database=present(built.settings.postgres).database_name,
        edge=edge.regional if edge else None,
        pooler_secret_arn=followed.primary.pooler_secret_arn.apply(lambda arn: regional_copy(arn, identity.region))
        if followed
        else None,
        pooler_after=[standby.secrets_copied] if standby else [],
    )
    return Kubernetes("kubernetes", args, built.options).outputs


def _agents(built: _Built, kubernetes: KubernetesOutputs | None) -> None:
    """Install CloudWatch's agents, which adopt what the Kubernetes layer has made for them."""
    after = kubernetes.agents if kubernetes else ()
    args = AgentsArgs(settings=present(built.settings.cluster), cluster=built.cluster, after=after)
    build_agents(args, built.options)


def _audit(built: _Built) -> AuditOutputs | None:
    """Build what records and watches the region and, where the stack file says so, the account."""
    settings = built.settings.audit
    if settings is None:
        return None
    args = AuditArgs(
        settings=settings,
        identity=built.settings.identity,
        keys=built.keys,
        access_logs=built.data.access_logs.name,
    )
    return Audit("audit", args, built.options).outputs


def _cost(built: _Built) -> None:
    """Build what watches the bill."""
    settings = built.settings.cost
    if settings is not None:
        Cost("cost", CostArgs(settings=settings, identity=built.settings.identity), built.options)


def _observability(built: _Built, edge: EdgeOutputs | None, audit: AuditOutputs | None) -> ObservabilityOutputs | None:
    """Build what watches the other areas, for a primary and a standby alike."""
    settings = built.settings.observability
    if settings is None:
        return None
    args = ObservabilityArgs(
        settings=settings,
        data_settings=present(built.settings.data),
        identity=built.settings.identity,
        keys=built.keys,
        network=built.network,
        cluster=built.cluster,
        data=built.data,
        edge=edge,
        trail_log_group=audit.trail_log_group if audit else None,
        elsewhere=built.elsewhere,
    )
    return Observability("observability", args, built.options).outputs


def _backup(built: _Built) -> BackupOutputs | None:
    """Build vault and plan."""
    settings = built.settings.backup
    if settings is None:
        return None
    sources = Sources(
        postgres=built.data.postgres.arn,
        buckets={name: bucket.arn for name, bucket in built.data.buckets.items()},
        cluster=built.cluster.name,
    )
    args = BackupArgs(settings=settings, identity=built.settings.identity, keys=built.settings.keys, sources=sources)
    return Backup("backup", args, built.options).outputs


def _recovery(
    built: _Built, edge: EdgeOutputs | None, observability: ObservabilityOutputs | None, backup: BackupOutputs | None
) -> Standby | None:
    """Tell writers where to write and, in a standby, tie it to its primary; returns the tie."""
    followed = built.followed
    if followed is None:
        writers = WritersArgs(identity=built.settings.identity, endpoints=own_endpoints(built.data))
        Writers("writers", writers, built.options)
        return None
    args = StandbyArgs(
        settings=built.settings,
        standby=followed.standby,
        primary=followed.primary,
        provider=followed.provider,
        keys=built.keys,
        network=built.network,
        data=built.data,
        datastore=followed.datastore,
        edge=edge,
        backup=backup,
        observability=observability,
        registry=built.registry,
    )
    return Standby("recovery", args, built.options)


def _exports(built: _Built, parts: _Parts) -> Exports:
    keys, network, cluster, data = built.keys, built.network, built.cluster, built.data
    known = pulumi.Output.from_input
    edge, observability, backup = parts.edge, parts.observability, parts.backup
    cdn = edge.cdn if edge else None
    pooler_secret_arn = parts.kubernetes.pooler_secret_arn if parts.kubernetes else None
    return Exports(
        region=known(built.settings.identity.region),
        settings=known(built.settings.model_dump_json()),
        vpc_id=network.vpc_id,
        vpc_cidr=known(str(network.cidr)),
        vpcs=gathered(
            {"production": network.exported()}
            | ({"management": parts.management.exported()} if parts.management else {})
        ),
        subnet_ids=gathered({tier: pulumi.Output.all(*network.subnets(tier)) for tier in network.subnet_ids}),
        security_group_ids=gathered(network.security_group_ids),
        key_arns=gathered(keys.arns),
        cluster_name=cluster.name,
        cluster_arn=known(cluster.arn),
        postgres_arn=data.postgres.arn,
        postgres_address=data.postgres.address,
        postgres_secret_arn=data.postgres.secret_arn,
        redis_group_id=known(data.redis.group_id),
        redis_endpoint=data.redis.endpoint,
        redis_secret_arn=data.redis.secret_arn,
        pooler_secret_arn=pooler_secret_arn or known(""),
        bucket_names=gathered({short: bucket.name for short, bucket in data.buckets.items()}),
        writers=gathered(own_endpoints(data)),
        topic_arns=gathered(observability.topic_arns) if observability else None,
        backup_vault_name=backup.vault_name if backup else None,
        backup_role_arn=backup.role_arn if backup else None,
        domain=known(edge.domain) if edge else None,
        balancer_dns_name=edge.regional.balancer_dns_name if edge else None,
        zone_id=cdn.zone_id if cdn else None,
        name_servers=cdn.name_servers if cdn else None,
        distribution_domain=cdn.distribution_domain if cdn else None,
    )
