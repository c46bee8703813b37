from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.keys.policy import CLUSTER_ROLE
from config.cluster import AccessEntry
from review.recording import record_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.cluster import Cluster as ClusterSettings
    from config.stack import StackConfig
    from review.graph import Graph, Resource

CLUSTER = "eks:index:Cluster"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def _only(graph: Graph, type_: str) -> Resource:
    (found,) = graph.of_type(type_)
    return found


@pytest.mark.parametrize(
    ("setting", "expected", "rule"),
    [
        ("authenticationMode", "API", "access entries are the one way in; no aws-auth ConfigMap"),
        ("endpointPrivateAccess", True, "nodes reach the API server inside the VPC"),
        ("endpointPublicAccess", False, "without admitted blocks the API server is not on the internet"),
        ("encryptionConfigKeyArn", "key-cluster", "Kubernetes secrets are encrypted by the cluster key"),
        ("deletionProtection", True, "a cluster is not deleted by mistake"),
        ("bootstrapSelfManagedAddons", False, "add-ons are declared, none comes by itself"),
        ("useDefaultVpcCni", True, "vpc-cni is ours: pulumi-eks registers no second one"),
        ("skipDefaultNodeGroup", True, "node groups are ours"),
        ("skipDefaultSecurityGroups", True, "security groups are the network's and EKS's own"),
        ("createOidcProvider", False, "pods get roles by pod identity; an OIDC provider would be a second way"),
        ("privateSubnetIds", ["private-a", "private-b", "private-c"], "the control plane is in the private tier"),
        ("name", "phoenix-prod", "the name is fixed, as the log group derives from it"),
    ],
)
def test_the_control_plane_is_closed(cluster: Graph, setting: str, expected: object, rule: str) -> None:
    assert _only(cluster, CLUSTER).inputs[setting] == expected, rule


def test_kube_proxy_is_registered_once_and_by_us(cluster: Graph) -> None:
    options: dict[str, Any] = _only(cluster, CLUSTER).inputs["kubeProxyAddonOptions"]
    assert options["enabled"] is False, "pulumi-eks would register a second kube-proxy"


def test_every_control_plane_log_goes_to_an_encrypted_log_group(cluster: Graph, settings: StackConfig) -> None:
    logs = _only(cluster, CLUSTER).inputs["enabledClusterLogTypes"]
    assert set(logs) == {"api", "audit", "authenticator", "controllerManager", "scheduler"}, "all five logs are kept"
    group = _only(cluster, LOG_GROUP)
    assert group.inputs["name"] == "/aws/eks/phoenix-prod/cluster", "EKS writes to this name and no other"
    assert group.inputs["kmsKeyId"] == "key-logs", "logs are encrypted by the logs key"
    assert group.inputs["retentionInDays"] == settings.cluster.log_retention_days, "logs are not kept for ever"


def test_the_log_group_is_there_before_the_cluster(cluster: Graph) -> None:
    group = _only(cluster, LOG_GROUP)
    assert group.urn in _only(cluster, CLUSTER).dependencies, "EKS would make it itself, unencrypted and for ever"


def test_the_cluster_is_protected_and_outlives_its_stack(cluster: Graph) -> None:
    eks = _only(cluster, CLUSTER)
    assert (eks.protect, eks.retain_on_delete) == (True, True), "a cluster holds state"


def test_the_clusters_role_may_use_the_key_of_its_secrets(cluster: Graph) -> None:
    policy = cluster.named("cluster-control-plane-secrets-key")
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert statement["Resource"] == ["key-cluster"], "the one key"
    assert set(statement["Action"]) == {"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"}
    assert _only(cluster, CLUSTER).urn in policy.property_dependencies["role"], "pulumi-eks makes the role"


def test_the_key_admits_the_role_that_pulumi_eks_makes(cluster: Graph) -> None:
    assert f"{_only(cluster, CLUSTER).name}-eksRole-role" == CLUSTER_ROLE, "its logical name, which Pulumi lengthens"


def test_admitted_blocks_open_the_public_endpoint_for_them_alone(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    opened = settings.cluster.model_validate(
        {**settings.cluster.model_dump(), "public_access_cidrs": ["203.0.113.0/24"]}
    )
    inputs = _only(record_cluster(opened), CLUSTER).inputs
    assert inputs["endpointPublicAccess"] is True, "somebody is admitted"
    assert inputs["publicAccessCidrs"] == ["203.0.113.0/24"], "nobody else is"


@pytest.mark.parametrize(
    ("namespaces", "scope"),
    [
        ((), {"type": "cluster"}),
        (("web", "jobs"), {"type": "namespace", "namespaces": ["web", "jobs"]}),
    ],
)
def test_an_access_entry_carries_one_policy_and_its_scope(
    settings: StackConfig,
    record_cluster: Callable[[ClusterSettings], Graph],
    namespaces: tuple[str, ...],
    scope: dict[str, object],
) -> None:
    arn = "arn:aws:iam::100000000004:role/operators"
    entry = AccessEntry(principal_arn=arn, policy="AmazonEKSEditPolicy", namespaces=namespaces)
    changed = settings.cluster.model_copy(update={"access": {"operators": entry}})
    recorded = _only(record_cluster(changed), CLUSTER).inputs["accessEntries"]["operators"]
    assert recorded["principalArn"] == arn, "the entry is the principal's"
    (policy,) = recorded["accessPolicies"].values()
    assert policy["policyArn"] == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy", "EKS's own ARN"
    assert policy["accessScope"] == scope, "namespaces narrow the policy; none means the whole cluster"


def test_admitted_blocks_reach_the_private_api_server_and_nothing_else(cluster: Graph, settings: StackConfig) -> None:
    blocks = [str(block) for block in settings.cluster.private_access_cidrs]
    rules = cluster.of_type(RULE)
    assert [rule.inputs["cidrIpv4"] for rule in rules] == blocks == ["10.1.0.0/16"], "management, as prod's file says"
    ports = {(rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) for rule in rules}
    assert ports == {("tcp", 443, 443)}, "the API server's port"
    group = _only(cluster, CLUSTER).urn
    assert all(rule.property_dependencies["securityGroupId"] == (group,) for rule in rules), "the group that EKS made"


@pytest.mark.slow  # a whole stack is recorded
def test_kubernetes_objects_wait_until_whoever_deploys_is_admitted(settings: StackConfig) -> None:
    graph = record_stack("prod", settings)
    (provider,) = graph.of_type("pulumi:providers:kubernetes")
    admitting = {rule.urn for rule in graph.of_type(RULE) if "-control-plane-api-" in rule.name}
    assert admitting, "somebody is"
    assert admitting <= set(provider.dependencies), "the first object would meet a closed port"
    read = admitting & set(provider.property_dependencies["kubeconfig"])
    assert not read, "a rule more would make the kubeconfig unknown, and every object replaced in a preview"
