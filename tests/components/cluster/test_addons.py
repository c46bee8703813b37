from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.cluster import PodIdentity

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
    configured = ("vpc-cni", "amazon-cloudwatch-observability")
    others = [one for one in cluster.of_type(ADDON) if one.inputs["addonName"] not in configured]
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
    assert recorded.any_of_type(ASSOCIATION) == (), "a workload left out gets no role"


def test_a_service_account_never_gets_two_roles(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    twice = {"monitoring": PodIdentity(namespace="kube-system", service_account="aws-node")}
    with pytest.raises(ValueError, match=r"cluster\.identities\.monitoring"):
        record_cluster(settings.cluster.model_copy(update={"identities": twice}))


def test_cloudwatchs_agents_run_by_the_role_of_the_monitoring_identity(cluster: Graph) -> None:
    addon = cluster.named("agents-addon")
    assert addon.inputs["addonName"] == "amazon-cloudwatch-observability"
    assert "podIdentityAssociations" not in addon.inputs, "a service account has one association"
    behind = addon.property_dependencies["clusterName"]
    assert cluster.named("cluster-monitoring-identity", ASSOCIATION).urn in behind, "no pod starts without credentials"
    assert cluster.named("cluster-general-group").urn in behind, "nor before there are nodes"


def test_cloudwatchs_agents_bring_a_role_where_there_is_no_monitoring_identity(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    recorded = record_cluster(settings.cluster.model_copy(update={"identities": {}}))
    (association,) = recorded.named("agents-addon").inputs["podIdentityAssociations"]
    assert association["serviceAccount"] == "cloudwatch-agent"
    assert association["roleArn"] == recorded.named("agents-role").outputs["arn"]
    assert recorded.named("agents-policy").inputs["policyArn"].endswith("/CloudWatchAgentServerPolicy")


def test_cloudwatchs_agents_publish_container_insights_and_touch_no_workload(cluster: Graph) -> None:
    values = json.loads(cluster.named("agents-addon").inputs["configurationValues"])
    collected = values["agent"]["config"]["logs"]["metrics_collected"]
    assert collected == {"kubernetes": {"enhanced_container_insights": True}}, "no Application Signals"
    assert values["manager"]["applicationSignals"]["autoMonitor"]["monitorAllServices"] is False, "it restarts pods"


def test_traces_of_pods_are_taken_on_the_node_and_handed_on_by_the_monitoring_identity(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    recorded = record_cluster(settings.cluster.model_copy(update={"traces": True}))
    config = json.loads(recorded.named("agents-addon").inputs["configurationValues"])["agent"]["config"]
    assert config["traces"]["traces_collected"] == {
        "otlp": {"grpc_endpoint": "0.0.0.0:4317", "http_endpoint": "0.0.0.0:4318"}
    }
    assert config["logs"]["metrics_collected"] == {"kubernetes": {"enhanced_container_insights": True}}
    sends = _actions(recorded, "cluster-monitoring-policy")["SendTraces"]
    assert sends == ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]


def test_an_identity_of_other_pods_hands_on_no_traces(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    others = {"monitoring": PodIdentity(namespace="watch", service_account="watcher")}
    recorded = record_cluster(settings.cluster.model_copy(update={"traces": True, "identities": others}))
    assert "SendTraces" not in _actions(recorded, "cluster-monitoring-policy")


def test_without_the_addon_there_are_no_agents(
    settings: StackConfig, record_cluster: Callable[[ClusterSettings], Graph]
) -> None:
    rest = {name: one for name, one in settings.cluster.addons.items() if name != "amazon-cloudwatch-observability"}
    recorded = record_cluster(settings.cluster.model_copy(update={"addons": rest}))
    assert "amazon-cloudwatch-observability" not in {one.inputs["addonName"] for one in recorded.of_type(ADDON)}
