"""The cluster and its node groups as AWS tells them, asked with boto3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Aws, Client

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

NAME = "phoenix-prod"


class Group(NamedTuple):
    """What is expected of a node group."""

    sizes: tuple[int, int, int]
    types: list[str]
    taints: list[tuple[str, str, str]]
    tier: str
    volume: tuple[int, int | None, int | None]
    """Size in GiB, IOPS, throughput in MiB/s; None = what gp3 includes."""


GROUPS = {
    "general": Group(
        (9, 9, 60), ["c5.large", "c5.xlarge", "c5.2xlarge", "c5.4xlarge"], [], "private", (100, None, None)
    ),
    "gpu": Group(
        (2, 2, 10),
        ["g6.2xlarge", "g5.2xlarge"],
        [("nvidia.com/gpu", "true", "NO_SCHEDULE")],
        "private",
        (200, 6000, 500),
    ),
    "blockchain": Group(
        (5, 5, 15),
        ["c5.2xlarge", "c5.4xlarge"],
        [("workload", "blockchain", "NO_SCHEDULE")],
        "blockchain",
        (500, 10000, 500),
    ),
    "monitoring": Group((2, 2, 4), ["t3.medium"], [], "private", (100, None, None)),
}
ADDONS = {
    "vpc-cni": "v1.22.4-eksbuild.3",
    "kube-proxy": "v1.35.3-eksbuild.21",
    "coredns": "v1.13.2-eksbuild.21",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
    "metrics-server": "v0.8.1-eksbuild.10",
    "cert-manager": "v1.20.2-eksbuild.2",
    "aws-secrets-store-csi-driver-provider": "v3.1.3-eksbuild.1",
    "amazon-cloudwatch-observability": "v5.4.0-eksbuild.1",
}


@pytest.fixture(scope="module")
def eks(aws: Aws) -> Client:
    return aws("eks")


@pytest.fixture(scope="module")
def cluster(eks: Client) -> dict[str, Any]:
    """The only cluster."""
    assert eks.list_clusters()["clusters"] == [NAME]
    return dict(eks.describe_cluster(name=NAME)["cluster"])


@pytest.fixture(scope="module")
def node_groups(eks: Client) -> dict[str, dict[str, Any]]:
    """Node groups by their name in the stack file, which their label repeats."""
    found = [
        eks.describe_nodegroup(clusterName=NAME, nodegroupName=name)["nodegroup"]
        for name in eks.list_nodegroups(clusterName=NAME)["nodegroups"]
    ]
    return {group["labels"]["workload"]: group for group in found}


@pytest.fixture(scope="module")
def templates(aws: Aws, node_groups: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What each group's nodes start from: the version of the launch template that the group names."""
    ec2 = aws("ec2")
    return {
        name: ec2.describe_launch_template_versions(
            LaunchTemplateId=group["launchTemplate"]["id"], Versions=[group["launchTemplate"]["version"]]
        )["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        for name, group in node_groups.items()
    }


def test_the_cluster_is_active_at_the_version_of_the_stack_file(cluster: dict[str, Any]) -> None:
    assert (cluster["status"], cluster["version"]) == ("ACTIVE", "1.35")


def test_kubernetes_secrets_are_encrypted_by_the_key_of_the_cluster(
    cluster: dict[str, Any], key_arns: dict[str, str]
) -> None:
    assert cluster["encryptionConfig"] == [{"resources": ["secrets"], "provider": {"keyArn": key_arns["cluster"]}}]


def test_the_api_server_is_reached_from_inside_alone(cluster: dict[str, Any]) -> None:
    network = cluster["resourcesVpcConfig"]
    assert (network["endpointPublicAccess"], network["endpointPrivateAccess"]) == (False, True)


def test_the_control_plane_writes_all_its_logs(cluster: dict[str, Any]) -> None:
    written = {kind for log in cluster["logging"]["clusterLogging"] if log["enabled"] for kind in log["types"]}
    assert written == {"api", "audit", "authenticator", "controllerManager", "scheduler"}


def test_there_are_the_four_node_groups_of_the_document(node_groups: dict[str, dict[str, Any]]) -> None:
    assert {name: group["status"] for name, group in node_groups.items()} == dict.fromkeys(GROUPS, "ACTIVE")


@pytest.mark.parametrize("name", GROUPS)
def test_a_node_group_has_the_sizes_of_the_document(node_groups: dict[str, dict[str, Any]], name: str) -> None:
    scaling = node_groups[name]["scalingConfig"]
    assert (scaling["minSize"], scaling["desiredSize"], scaling["maxSize"]) == GROUPS[name].sizes


@pytest.mark.parametrize("name", GROUPS)
def test_a_node_group_has_the_machines_of_the_document(node_groups: dict[str, dict[str, Any]], name: str) -> None:
    assert node_groups[name]["instanceTypes"] == GROUPS[name].types


@pytest.mark.parametrize("name", GROUPS)
def test_a_node_group_repels_what_does_not_belong_on_it(node_groups: dict[str, dict[str, Any]], name: str) -> None:
    taints = [(taint["key"], taint["value"], taint["effect"]) for taint in node_groups[name]["taints"]]
    assert taints == GROUPS[name].taints


@pytest.mark.parametrize("name", GROUPS)
def test_a_node_group_spans_the_zones_of_its_tier(aws: Aws, node_groups: dict[str, dict[str, Any]], name: str) -> None:
    found = aws("ec2").describe_subnets(SubnetIds=node_groups[name]["subnets"])["Subnets"]
    tiers = [{tag["Key"]: tag["Value"] for tag in subnet["Tags"]}["Tier"] for subnet in found]
    assert tiers == [GROUPS[name].tier] * 3
    assert {subnet["AvailabilityZone"] for subnet in found} == {"us-east-1a", "us-east-1b", "us-east-1c"}


@pytest.mark.parametrize("name", GROUPS)
def test_volumes_of_nodes_are_encrypted_gp3_of_the_size_of_the_stack_file(
    templates: dict[str, dict[str, Any]], key_arns: dict[str, str], name: str
) -> None:
    (device,) = templates[name]["BlockDeviceMappings"]
    volume = device["Ebs"]
    size, iops, throughput = GROUPS[name].volume
    assert (volume["VolumeType"], volume["Encrypted"], volume["KmsKeyId"]) == ("gp3", True, key_arns["cluster"])
    assert (volume["VolumeSize"], volume.get("Iops"), volume.get("Throughput")) == (size, iops, throughput)


@pytest.mark.parametrize("name", GROUPS)
def test_pods_cannot_take_the_credentials_of_their_node(templates: dict[str, dict[str, Any]], name: str) -> None:
    metadata = templates[name]["MetadataOptions"]
    assert (metadata["HttpTokens"], metadata["HttpPutResponseHopLimit"]) == ("required", 1)


def test_the_add_ons_are_at_the_exact_versions_of_the_stack_file(eks: Client) -> None:
    versions = {
        name: eks.describe_addon(clusterName=NAME, addonName=name)["addon"]["addonVersion"]
        for name in eks.list_addons(clusterName=NAME)["addons"]
    }
    assert versions == ADDONS
