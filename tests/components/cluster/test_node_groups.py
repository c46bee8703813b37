from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

GROUP = "eks:index:ManagedNodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GROUPS = ("general", "gpu", "blockchain", "monitoring")


def _group(graph: Graph, group: str) -> dict[str, Any]:
    return dict(graph.named(f"cluster-{group}-group", GROUP).inputs)


def _template(graph: Graph, group: str) -> dict[str, Any]:
    return dict(graph.named(f"cluster-{group}-template", TEMPLATE).inputs)


def test_the_seed_has_four_node_groups(cluster: Graph) -> None:
    names = {resource.name for resource in cluster.of_type(GROUP)}
    assert names == {f"cluster-{group}-group" for group in GROUPS}, "one managed node group per group of the stack file"


@pytest.mark.parametrize("group", GROUPS)
def test_volumes_are_encrypted_by_the_cluster_key(cluster: Graph, group: str) -> None:
    for device in _template(cluster, group)["blockDeviceMappings"]:
        assert (device["ebs"]["encrypted"], device["ebs"]["kmsKeyId"]) == ("true", "key-cluster"), device["deviceName"]


@pytest.mark.parametrize("group", GROUPS)
def test_pods_get_no_credentials_of_their_node(cluster: Graph, group: str) -> None:
    metadata = _template(cluster, group)["metadataOptions"]
    assert metadata["httpTokens"] == "required", "version 1 of the metadata service can be had by request forgery"
    assert metadata["httpPutResponseHopLimit"] == 1, "a pod is one hop further than its node"


@pytest.mark.parametrize("group", GROUPS)
def test_nodes_are_in_the_clusters_group_and_in_the_networks(cluster: Graph, group: str) -> None:
    groups = _template(cluster, group)["vpcSecurityGroupIds"]
    assert groups[1:] == ["sg-eks"], "the database and the cache admit the network's group"
    assert "cluster-security-group" in groups[0], "naming groups in a template keeps EKS from adding its own"


@pytest.mark.parametrize("group", GROUPS)
def test_what_ec2_makes_for_a_node_carries_the_stacks_tags(cluster: Graph, settings: StackConfig, group: str) -> None:
    specifications = {one["resourceType"]: one["tags"] for one in _template(cluster, group)["tagSpecifications"]}
    assert set(specifications) == {"instance", "volume", "network-interface"}, "default tags do not reach these"
    for tags in specifications.values():
        assert tags["Owner"] == settings.identity.owner, "who answers for it"
        assert tags["CostCenter"] == settings.identity.cost_center, "who pays"


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_what_the_stack_file_says(cluster: Graph, settings: StackConfig, group: str) -> None:
    wanted, inputs = settings.cluster.node_groups[group], _group(cluster, group)
    assert inputs["instanceTypes"] == list(wanted.instance_types), "instance types, most wanted first"
    assert inputs["amiType"] == wanted.ami_type, "no look-up of an image"
    assert inputs["capacityType"] == wanted.capacity_type, "purchase option"
    assert inputs["labels"] == wanted.labels, "labels"
    assert [(t["key"], t["value"], t["effect"]) for t in inputs["taints"]] == [
        (t.key, t.value, t.effect) for t in wanted.taints
    ], "taints in EKS's spelling"
    assert inputs["version"] == settings.cluster.version, "nodes follow the control plane"
    assert inputs["subnetIds"] == [f"{wanted.tier or 'private'}-{zone}" for zone in "abc"], "its tier, in every zone"


def test_blockchain_nodes_live_in_their_own_subnets(cluster: Graph) -> None:
    assert _group(cluster, "blockchain")["subnetIds"] == ["blockchain-a", "blockchain-b", "blockchain-c"], (
        "reference 004 gives validators a tier of their own"
    )


def test_counts_given_per_zone_reach_eks_as_counts_of_the_group(cluster: Graph) -> None:
    assert _group(cluster, "general")["scalingConfig"] == {"minSize": 9, "desiredSize": 9, "maxSize": 60}, (
        "3 to 20 nodes per zone"
    )


@pytest.mark.parametrize("group", GROUPS)
def test_the_autoscaler_owns_the_desired_size(cluster: Graph, group: str) -> None:
    assert _group(cluster, group)["ignoreScalingChanges"] is True, "its changes must not show as drift"


@pytest.mark.parametrize("group", GROUPS)
def test_a_groups_own_template_is_the_one_in_use(cluster: Graph, group: str) -> None:
    template = cluster.named(f"cluster-{group}-template", TEMPLATE)
    assert _group(cluster, group)["launchTemplate"]["id"] == template.id, "pulumi-eks's own has no encryption"


@pytest.mark.parametrize("group", GROUPS)
def test_nodes_start_after_the_addons_that_make_them_ready(cluster: Graph, group: str) -> None:
    waits_for = set(cluster.named(f"cluster-{group}-group", GROUP).dependencies)
    for addon in ("vpc-cni", "kube-proxy", "eks-pod-identity-agent"):
        assert cluster.named(f"cluster-{addon}-addon").urn in waits_for, f"without {addon} EKS fails the group"


def test_nodes_have_no_rights_that_pods_need(cluster: Graph) -> None:
    role = cluster.named("cluster-nodes-role")
    attached = {
        str(one.inputs["policyArn"]).rsplit("/", 1)[-1]
        for one in cluster.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if role.urn in one.dependencies
    }
    assert attached == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    }, "the CNI and the volume driver have roles of their own"
