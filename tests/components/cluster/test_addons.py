from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.cluster import Addon, PodIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.cluster import Cluster as ClusterSettings
    from config.stack import StackConfig
    from review.graph import Graph

ADDON = "aws:eks/addon:Addon"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def _trust(graph: Graph, role: str) -> dict[str, Any]:
    (statement,) = json.loads(graph.named(role).inputs["assumeRolePolicy"])["Statement"]
    return dict(statement)


def _actions(graph: Graph, policy: str) -> dict[str, list[str]]:
    statements = json.loads(graph.named(policy).inputs["policy"])["Statement"]
    return {statement["Sid"]: statement["Action"] for statement in statements}


def test_every_addon_of_the_stack_file_is_registered_once_at_its_version(cluster: Graph, settings: StackConfig) -> None:
    registered = [(one.inputs["addonName"], one.inputs["addonVersion"]) for one in cluster.of_type(ADDON)]
    wanted = [(name, addon.version) for name, addon in settings.cluster.addons.items()]
    assert sorted(registered) == sorted(wanted), "one way only, no duplicates, no newest"


@pytest.mark.parametrize(
    ("addon", "account", "policy"),
    [
        ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
        ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),
    ],
)
def test_an_addon_that_calls_aws_has_a_role_of_its_own(cluster: Graph, addon: str, account: str, policy: str) -> None:
    (association,) = cluster.named(f"cluster-{addon}-addon").inputs["podIdentityAssociations"]
    assert association["serviceAccount"] == account, "the add-on's own service account"
    assert association["roleArn"] == cluster.named(f"cluster-{addon}-role").outputs["arn"], "its own role"
    attached = cluster.named(f"cluster-{addon}-policy").inputs["policyArn"]
    assert attached == f"arn:aws:iam::aws:policy/{policy}", "the policy that AWS keeps for it"


def test_only_pods_of_this_cluster_and_account_may_assume_an_addons_role(cluster: Graph) -> None:
    statement = _trust(cluster, "cluster-vpc-cni-role")
    assert statement["Principal"] == {"Service": ["pods.eks.amazonaws.com"]}, "EKS Pod Identity"
    assert set(statement["Action"]) == {"sts:AssumeRole", "sts:TagSession"}, "pod identity tags its sessions"
    assert statement["Condition"]["StringEquals"] == {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:us-east-1:100000000004:cluster/phoenix-prod",
        "aws:RequestTag/kubernetes-namespace": "kube-system",
        "aws:RequestTag/kubernetes-service-account": "aws-node",
    }, "no other cluster, namespace or service account"


def test_the_volume_driver_may_use_the_key_of_the_volumes_and_no_other(cluster: Graph) -> None:
    statements = json.loads(cluster.named("cluster-aws-ebs-csi-driver-volume-key").inputs["policy"])["Statement"]
    assert all(statement["Resource"] == ["key-cluster"] for statement in statements), "volumes are under this key"
    lend = next(statement for statement in statements if "kms:CreateGrant" in statement["Action"])
    assert lend["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}, "grants for EC2 only"


def test_the_cni_holds_as_many_addresses_as_the_stack_file_says(cluster: Graph, settings: StackConfig) -> None:
    bound = settings.cluster.pod_addresses
    assert bound is not None, "prod bounds them: its subnets are small"
    assert json.loads(cluster.named("cluster-vpc-cni-addon").inputs["configurationValues"]) == {
        "enableNetworkPolicy": "true",
        "env": {"MINIMUM_IP_TARGET": str(bound.minimum), "WARM_IP_TARGET": str(bound.warm)},
    }, "without a bound every node keeps a whole spare interface of addresses"
    others = [one for one in cluster.of_type(ADDON) if one.inputs["addonName"] != "vpc-cni"]
    assert not any("configurationValues" in one.inputs for one in others), "the other add-ons keep their defaults"


def test_without_a_bound_the_cni_keeps_its_defaults(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    recorded = record_cluster(settings.cluster.model_copy(update={"pod_addresses": None, "network_policies": False}))
    assert "configurationValues" not in recorded.named("cluster-vpc-cni-addon").inputs, "nothing was asked for"


def test_addons_with_pods_of_their_own_wait_for_nodes(cluster: Graph) -> None:
    for addon in ("coredns", "aws-ebs-csi-driver"):
        waits_for = set(cluster.named(f"cluster-{addon}-addon").dependencies)
        assert cluster.named("cluster-general-group").urn in waits_for, f"{addon} stays DEGRADED without nodes"
        assert cluster.named("cluster-gpu-group").urn not in waits_for, "no pod of an add-on tolerates its taint"


def test_addons_are_destroyed_before_the_cluster(cluster: Graph) -> None:
    (eks,) = cluster.of_type("eks:index:Cluster")
    for addon in cluster.of_type(ADDON):
        behind = addon.property_dependencies["clusterName"]
        assert eks.urn in behind, "the name comes from the cluster, so the engine knows the order both ways"


def test_monitoring_pods_write_metrics_and_logs_and_read_no_data(cluster: Graph) -> None:
    association = cluster.named("cluster-monitoring-identity", ASSOCIATION).inputs
    assert (association["namespace"], association["serviceAccount"]) == ("amazon-cloudwatch", "cloudwatch-agent"), (
        "the service account of the stack file"
    )
    services = {
        action.partition(":")[0]
        for actions in _actions(cluster, "cluster-monitoring-policy").values()
        for action in actions
    }
    assert services == {"cloudwatch", "logs", "ec2"}, "nothing of buckets, secrets or keys"


def test_without_a_monitoring_identity_there_is_no_monitoring_role(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    recorded = record_cluster(settings.cluster.model_copy(update={"identities": {}}))
    assert recorded.of_type(ASSOCIATION) == (), "a workload left out gets no role"


def test_a_service_account_never_gets_two_roles(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    twice = settings.cluster.model_copy(
        update={
            "addons": {
                **settings.cluster.addons,
                "amazon-cloudwatch-observability": Addon(version="v4.7.0-eksbuild.1"),
            },
            "identities": {
                "monitoring": PodIdentity(namespace="amazon-cloudwatch", service_account="cloudwatch-agent")
            },
        }
    )
    with pytest.raises(ValueError, match=r"cluster\.identities\.monitoring"):
        record_cluster(twice)
