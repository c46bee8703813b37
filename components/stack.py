"""Puts the areas together. The only place where the role and the region of a stack decide anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pulumi

from components.cluster import Cluster, ClusterArgs
from components.data import Data, DataArgs
from components.exports import Exports
from components.keys import Keys, KeysArgs
from components.network import Network, NetworkArgs
from components.providers import default_tags, stack_providers
from components.recovery import follow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.cluster import ClusterOutputs
    from components.data import DataOutputs
    from components.keys import KeysOutputs
    from components.network import NetworkOutputs
    from components.recovery import Primary
    from config.stack import StackConfig

Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")


def deploy(settings: StackConfig) -> Exports:
    """Register every resource of the stack, each area with the typed outputs of earlier ones.

    Keys come first: the network's flow logs are encrypted by one of them, and a key needs nothing of the network.
    A standby is built of the same areas; each gets the few values of the primary that it follows.

    Raises:
        pulumi.RunError: A standby cannot read its primary's outputs.
    """
    identity = settings.identity
    options = pulumi.ResourceOptions(providers=stack_providers(identity))
    primary = _followed(settings)
    primary_arns = {domain: primary.key_arn(domain) for domain in settings.keys.domains} if primary else {}
    keys_args = KeysArgs(settings=settings.keys, identity=identity, primary_arns=primary_arns)
    keys = Keys("keys", keys_args, options).outputs
    network = Network("network", NetworkArgs(settings=settings.network, identity=identity, keys=keys), options).outputs
    cluster_args = ClusterArgs(
        settings=settings.cluster, identity=identity, network=network, keys=keys, tags=default_tags(identity)
    )
    cluster = Cluster("cluster", cluster_args, options).outputs
    data_args = DataArgs(
        settings=settings.data,
        identity=identity,
        network=network,
        keys=keys,
        cluster=cluster,
        application=settings.cluster.identities.get("application"),
    )
    data = Data("data", data_args, options).outputs
    return _exports(settings, keys, network, cluster, data)


def _followed(settings: StackConfig) -> Primary | None:
    """Return the primary of a standby, None in a primary."""
    standby = settings.recovery.standby if settings.recovery else None
    return follow(standby, settings.identity.region) if standby else None


def _exports(
    settings: StackConfig, keys: KeysOutputs, network: NetworkOutputs, cluster: ClusterOutputs, data: DataOutputs
) -> Exports:
    known = pulumi.Output.from_input
    return Exports(
        region=known(settings.identity.region),
        vpc_id=network.vpc_id,
        vpc_cidr=known(str(network.cidr)),
        subnet_ids=_gathered({tier: pulumi.Output.all(*network.subnets(tier)) for tier in network.subnet_ids}),
        security_group_ids=_gathered(network.security_group_ids),
        key_arns=_gathered(keys.arns),
        cluster_name=cluster.name,
        cluster_arn=known(cluster.arn),
        postgres_arn=data.postgres.arn,
        postgres_address=data.postgres.address,
        postgres_secret_arn=data.postgres.secret_arn,
        redis_group_id=known(data.redis.group_id),
        redis_endpoint=data.redis.endpoint,
        redis_secret_arn=data.redis.secret_arn,
        bucket_names=_gathered({short: bucket.name for short, bucket in data.buckets.items()}),
    )


def _gathered(values: Mapping[Name, pulumi.Output[Value]]) -> pulumi.Output[dict[str, Value]]:
    """Return one output of many, by name."""
    return pulumi.Output.all(**{str(name): value for name, value in values.items()})
