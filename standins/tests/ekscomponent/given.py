"""Inputs that build, to be changed in one place by each test."""

from __future__ import annotations

from typing import Any, TypeAlias

from standins.tests.ekscomponent.monitor import PREFIX, REFERENCE, SIGNATURE

Value: TypeAlias = Any
"""Anything an input may hold; None takes the input away."""

CLUSTER_URN = f"{PREFIX}platform:cluster:Cluster$eks:index:Cluster::prod"


def reference(urn: str, identity: str | None = None) -> dict[str, Any]:
    """A resource as it travels between programs and components."""
    return {SIGNATURE: REFERENCE, "urn": urn} | ({} if identity is None else {"id": identity})


def cluster(**changes: Value) -> dict[str, Any]:
    """A private cluster with two built-in add-ons of explicit version and one access entry."""
    policy = {"policyArn": "arn:aws:eks::aws:cluster-access-policy/View", "accessScope": {"type": "cluster"}}
    values = {
        "authenticationMode": "API",
        "vpcId": "vpc-1",
        "publicSubnetIds": ["subnet-public"],
        "privateSubnetIds": ["subnet-a", "subnet-b"],
        "skipDefaultNodeGroup": True,
        "skipDefaultSecurityGroups": True,
        "version": "1.34",
        "tags": {"Team": "platform"},
        "kubeProxyAddonOptions": {"version": "v1.34.0-eksbuild.1"},
        "vpcCniOptions": {"addonVersion": "v1.20.0-eksbuild.1"},
        "accessEntries": {"ops": {"principalArn": "arn:aws:iam::1:role/ops", "accessPolicies": {"view": policy}}},
    }
    return {key: value for key, value in (values | changes).items() if value is not None}


def node_group(**changes: Value) -> dict[str, Any]:
    """A group of the cluster `prod` with its own launch template."""
    values = {
        "cluster": reference(CLUSTER_URN),
        "nodeRoleArn": "arn:aws:iam::1:role/node",
        "instanceTypes": ["c5.large"],
        "amiType": "AL2023_x86_64_STANDARD",
        "launchTemplate": {"id": "lt-1", "version": "3"},
    }
    return {key: value for key, value in (values | changes).items() if value is not None}
