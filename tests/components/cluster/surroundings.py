"""Network, keys and cluster as other areas would hand them over: names in place of ids, so that tests read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pulumi

from components.cluster import ClusterOutputs
from components.cluster.plan import cluster_arn, cluster_name
from components.keys import KeysOutputs
from components.network.outputs import NetworkOutputs
from components.providers import stack_providers
from config.keys import KeyDomain
from config.placement import placed

if TYPE_CHECKING:
    from config.stack import StackConfig


def network_of(settings: StackConfig) -> NetworkOutputs:
    """Subnets are called `<tier>-<zone>`, security groups `sg-<name>`."""
    network = settings.network
    return NetworkOutputs(
        vpc_id=pulumi.Output.from_input("vpc"),
        cidr=network.cidr,
        zones=network.zones,
        zone_names={zone: f"{settings.identity.region}{zone}" for zone in network.zones},
        subnet_ids={
            tier: {zone: pulumi.Output.from_input(f"{tier}-{zone}") for zone in network.zones} for tier in network.tiers
        },
        security_group_ids={
            one.member.group: pulumi.Output.from_input(f"sg-{one.member.group}") for one in placed(settings)
        },
        members=placed(settings),
        nat_gateway_ids={zone: pulumi.Output.from_input(f"nat-{zone}") for zone in network.zones},
    )


def keys() -> KeysOutputs:
    """Keys are called `key-<domain>`."""
    arns = {domain: pulumi.Output.from_input(f"key-{domain}") for domain in get_args(KeyDomain)}
    return KeysOutputs(arns=arns, key_ids=arns)


def cluster_of(settings: StackConfig) -> ClusterOutputs:
    """The cluster under its real name."""
    return ClusterOutputs(
        name=pulumi.Output.from_input(cluster_name(settings.identity)),
        arn=cluster_arn(settings.identity),
        security_group_id=pulumi.Output.from_input("sg-nodes"),
        oidc_issuer=pulumi.Output.from_input("issuer"),
        node_role_arn=pulumi.Output.from_input("role"),
        kubeconfig=pulumi.Output.from_input("{}"),
        admitted=(),
        ready_name=pulumi.Output.from_input(cluster_name(settings.identity)),
        group_names={group: pulumi.Output.from_input(f"asg-{group}") for group in settings.cluster.node_groups},
    )


def options(settings: StackConfig) -> pulumi.ResourceOptions:
    """The providers of a stack, as its top components get them."""
    return pulumi.ResourceOptions(providers=stack_providers(settings.identity))
