"""Puts the areas together. The only place where the role and the region of a stack decide anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.cluster import Cluster, ClusterArgs
from components.exports import Exports
from components.keys import Keys, KeysArgs
from components.network import Network, NetworkArgs
from components.providers import default_tags, stack_providers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.network.outputs import SecurityGroupName
    from config.keys import KeyDomain
    from config.stack import StackConfig


def deploy(settings: StackConfig) -> Exports:
    """Register every resource of the stack, each area with the typed outputs of earlier ones.

    Keys come first: the network's flow logs are encrypted by one of them, and a key needs nothing of the network.

    Raises:
        pulumi.RunError: The stack is a standby; it would be a second primary, as nothing replicates into it yet.
    """
    identity = settings.identity
    if identity.role == "standby":
        raise pulumi.RunError(
            "identity.role: this program builds primaries only, got 'standby'; "
            "a standby without replication would be a second primary with empty databases"
        )
    options = pulumi.ResourceOptions(providers=stack_providers(identity))
    keys = Keys("keys", KeysArgs(settings=settings.keys, identity=identity), options).outputs
    network = Network("network", NetworkArgs(settings=settings.network, identity=identity, keys=keys), options).outputs
    cluster = Cluster(
        "cluster",
        ClusterArgs(
            settings=settings.cluster, identity=identity, network=network, keys=keys, tags=default_tags(identity)
        ),
        options,
    ).outputs
    return Exports(
        region=pulumi.Output.from_input(identity.region),
        vpc_id=network.vpc_id,
        vpc_cidr=pulumi.Output.from_input(str(network.cidr)),
        subnet_ids=pulumi.Output.all(
            **{tier: pulumi.Output.all(*network.subnets(tier)) for tier in network.subnet_ids}
        ),
        security_group_ids=_by_name(network.security_group_ids),
        key_arns=_by_name(keys.arns),
        cluster_name=cluster.name,
        cluster_arn=pulumi.Output.from_input(cluster.arn),
    )


def _by_name(
    values: Mapping[KeyDomain, pulumi.Output[str]] | Mapping[SecurityGroupName, pulumi.Output[str]],
) -> pulumi.Output[dict[str, str]]:
    return pulumi.Output.all(**{str(name): value for name, value in values.items()})
