"""Access entries: who may use the cluster, and with which of EKS's access policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_aws import eks

if TYPE_CHECKING:
    from collections.abc import Mapping


def create(
    name: str, cluster: eks.Cluster, entries: Mapping[str, Mapping[str, Any]], parent: pulumi.Resource
) -> list[pulumi.Resource]:
    """Create an entry per name with its policy associations below it; returns the entries."""
    return [entry_of(f"{name}-{key}", cluster, entry, parent) for key, entry in entries.items()]


def entry_of(name: str, cluster: eks.Cluster, entry: Mapping[str, Any], parent: pulumi.Resource) -> pulumi.Resource:
    """Create one access entry and its associations `<entry>-<policy>`."""
    resource = eks.AccessEntry(
        name,
        cluster_name=cluster.name,
        principal_arn=entry["principalArn"],
        kubernetes_groups=entry.get("kubernetesGroups"),
        tags=entry.get("tags"),
        type=entry.get("type"),
        user_name=entry.get("username"),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[cluster]),
    )
    for key, given in entry.get("accessPolicies", {}).items():
        association = pulumi.Output.from_input(given)
        eks.AccessPolicyAssociation(
            f"{name}-{key}",
            cluster_name=cluster.name,
            principal_arn=entry["principalArn"],
            policy_arn=association.apply(lambda value: value["policyArn"]),
            access_scope=association.apply(lambda value: value["accessScope"]),
            opts=pulumi.ResourceOptions(parent=resource, depends_on=[resource]),
        )
    return resource
