from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.runtime.rpc import UNKNOWN

from standins.tests.ekscomponent import given
from standins.tests.ekscomponent.monitor import PREFIX, PROVIDER, unknown

if TYPE_CHECKING:
    from standins.tests.ekscomponent.conftest import Construct
    from standins.tests.ekscomponent.monitor import Monitor

GROUP = ("aws:eks/nodeGroup:NodeGroup", "gpu")


@pytest.fixture(autouse=True)
def cluster(construct: Construct) -> None:
    """The cluster the groups belong to; its add-ons are of no interest here."""
    construct("Cluster", "prod", given.cluster(kubeProxyAddonOptions={"enabled": False}, useDefaultVpcCni=True))


def group(construct: Construct, monitor: Monitor, **changes: given.Value) -> dict[str, Any]:
    construct("ManagedNodeGroup", "gpu", given.node_group(**changes))
    return monitor.inputs(*GROUP)


def test_a_group_with_its_own_template_is_one_resource_below_the_component(
    construct: Construct, monitor: Monitor
) -> None:
    before = monitor.known()
    response = construct("ManagedNodeGroup", "gpu", given.node_group())
    assert monitor.known() - before == {
        ("eks:index:ManagedNodeGroup", "gpu", "cluster"),
        ("aws:eks/nodeGroup:NodeGroup", "gpu", "gpu"),
    }
    assert monitor.one(*GROUP).provider == PROVIDER, "a group without the provider lands in another region"
    assert response.state["nodeGroup"]["id"] == "id-of-gpu"
    assert response.state["placementGroupName"] == "", "there is no placement group without EFA"


def test_a_group_takes_name_and_subnets_from_its_cluster(construct: Construct, monitor: Monitor) -> None:
    assert group(construct, monitor) == {
        "clusterName": "prod-eksCluster",
        "nodeRoleArn": "arn:aws:iam::1:role/node",
        "amiType": "AL2023_x86_64_STANDARD",
        "instanceTypes": ["c5.large"],
        "launchTemplate": {"id": "lt-1", "version": "3"},
        "scalingConfig": {"desiredSize": 2, "minSize": 1, "maxSize": 2},
        "subnetIds": ["subnet-public", "subnet-a", "subnet-b"],
    }, "sizes are pulumi-eks's own where none are given, and a template decides the version itself"


def test_sizes_labels_taints_and_subnets_are_handed_on(construct: Construct, monitor: Monitor) -> None:
    taint = {"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}
    sizes = {"desiredSize": 3, "minSize": 3, "maxSize": 20}
    changes = {"taints": [taint], "labels": {"pool": "gpu"}, "scalingConfig": sizes, "subnetIds": ["subnet-x"]}
    assert changes.items() <= group(construct, monitor, **changes).items()


def test_a_size_that_is_not_given_is_filled_in(construct: Construct, monitor: Monitor) -> None:
    sizes = group(construct, monitor, scalingConfig={"maxSize": 9})["scalingConfig"]
    assert sizes == {"desiredSize": 2, "minSize": 1, "maxSize": 9}


def test_the_autoscalers_size_is_ignored_on_wish(construct: Construct, monitor: Monitor) -> None:
    group(construct, monitor, ignoreScalingChanges=True)
    assert list(monitor.one(*GROUP).ignoreChanges) == ["scalingConfig.desiredSize"], (
        "what an autoscaler changed is no drift"
    )


def test_a_group_without_template_runs_the_clusters_version(construct: Construct, monitor: Monitor) -> None:
    assert group(construct, monitor, launchTemplate=None)["version"] == "1.34"


def test_the_ami_follows_from_system_gpu_and_processor(construct: Construct, monitor: Monitor) -> None:
    changes = {"amiType": None, "operatingSystem": "AL2023", "gpu": True, "instanceTypes": ["g5.xlarge"]}
    inputs = group(construct, monitor, **changes)
    assert inputs["amiType"] == "AL2023_x86_64_NVIDIA"
    assert "gpu" not in inputs, "it is a question of the component's, not of the API"


def test_imds_v2_makes_a_template_of_the_components_own(construct: Construct, monitor: Monitor) -> None:
    inputs = group(
        construct, monitor, launchTemplate=None, enableIMDSv2=True, diskSize=50, amiType="BOTTLEROCKET_x86_64"
    )
    template = monitor.inputs("aws:ec2/launchTemplate:LaunchTemplate", "gpu-launchTemplate")
    assert template == {
        "metadataOptions": {"httpEndpoint": "enabled", "httpPutResponseHopLimit": 2, "httpTokens": "required"},
        "blockDeviceMappings": [{"deviceName": "/dev/xvdb", "ebs": {"volumeSize": 50}}],
    }, "as pulumi-eks does: no encryption, and Bottlerocket keeps its data on the second device"
    assert inputs["launchTemplate"] == {"id": "id-of-gpu-launchTemplate", "version": "7"}
    assert "diskSize" not in inputs, "AWS refuses it beside a template"


def test_a_preview_of_a_new_cluster_shows_its_groups(construct: Construct, monitor: Monitor) -> None:
    monitor.preview = True
    template = unknown(f"{PREFIX}aws:ec2/launchTemplate:LaunchTemplate::gpu")
    inputs = group(construct, monitor, launchTemplate={"id": template, "version": template}, subnetIds=None)
    assert inputs["launchTemplate"]["id"] == UNKNOWN
    assert inputs["instanceTypes"] == ["c5.large"], "what is known is shown"


def test_inputs_that_lead_to_user_data_are_refused_by_name(construct: Construct, monitor: Monitor) -> None:
    before = monitor.known()
    wrong = given.node_group(userData="#!/bin/sh", kubeletExtraArgs="--x", nodeRole="both", enableIMDSv2=True)
    with pytest.raises(grpc.RpcError) as failure:
        construct("ManagedNodeGroup", "gpu", wrong)
    for path in ("userData", "kubeletExtraArgs", "nodeRole", "launchTemplate"):
        assert f"- {path}: " in str(failure.value.details()), "an input that would be ignored is named"
    assert monitor.known() == before, "nothing is half built"


def test_an_add_on_stands_below_its_cluster(construct: Construct, monitor: Monitor) -> None:
    construct(
        "Addon",
        "dns",
        {
            "cluster": given.reference(given.CLUSTER_URN),
            "addonName": "coredns",
            "addonVersion": "v1.12.0-eksbuild.1",
            "configurationValues": {"replicaCount": 2},
            "tags": {"Team": "platform"},
        },
    )
    assert ("eks:index:Addon", "dns", "prod") in monitor.known(), "the cluster is its parent, whatever the caller says"
    assert monitor.inputs("aws:eks/addon:Addon", "dns") == {
        "addonName": "coredns",
        "addonVersion": "v1.12.0-eksbuild.1",
        "clusterName": "prod-eksCluster",
        "configurationValues": '{"replicaCount":2}',
        "tags": {"Team": "platform"},
    }


def test_an_add_on_needs_a_name_and_a_cluster(construct: Construct) -> None:
    with pytest.raises(grpc.RpcError) as failure:
        construct("Addon", "dns", {"cluster": {"cluster": "core data"}, "podIdentityAssociations": []})
    for path in ("addonName", "cluster", "podIdentityAssociations"):
        assert f"- {path}: " in str(failure.value.details())
