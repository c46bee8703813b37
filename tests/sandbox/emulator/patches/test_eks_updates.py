"""Clusters and node groups change, and each change can be waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::111122223333:role/cluster"
TAINT = {"key": "gpu", "value": "true", "effect": "NO_SCHEDULE"}


@pytest.fixture
def eks(aws: Aws) -> Client:
    """A client of an account with a cluster and a node group."""
    client = aws("eks")
    client.create_cluster(name="c", version="1.34", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    client.create_nodegroup(
        clusterName="c", nodegroupName="n", nodeRole=ROLE, subnets=["subnet-1"], labels={"a": "1", "b": "2"}
    )
    return client


def _group(eks: Client) -> dict[str, object]:
    return dict(eks.describe_nodegroup(clusterName="c", nodegroupName="n")["nodegroup"])


def test_a_cluster_s_network_and_logs_change(eks: Client) -> None:
    eks.update_cluster_config(name="c", resourcesVpcConfig={"endpointPublicAccess": False})
    logging = {"clusterLogging": [{"types": ["audit"], "enabled": True}]}
    eks.update_cluster_config(name="c", logging=logging)
    found = eks.describe_cluster(name="c")["cluster"]
    assert found["resourcesVpcConfig"]["endpointPublicAccess"] is False, "the endpoint is private"
    assert found["resourcesVpcConfig"]["subnetIds"] == ["subnet-1"], "what is not named stays"
    assert found["logging"] == logging, "the logs are on"


def test_a_cluster_is_upgraded(eks: Client) -> None:
    eks.update_cluster_version(name="c", version="1.35")
    assert eks.describe_cluster(name="c")["cluster"]["version"] == "1.35", "the version is described"


def test_a_node_group_is_scaled_and_labelled(eks: Client) -> None:
    eks.update_nodegroup_config(
        clusterName="c",
        nodegroupName="n",
        scalingConfig={"desiredSize": 5, "maxSize": 9},
        labels={"addOrUpdateLabels": {"b": "3"}, "removeLabels": ["a"]},
    )
    found = _group(eks)
    assert found["scalingConfig"] == {"minSize": 1, "maxSize": 9, "desiredSize": 5}, "what is not named stays"
    assert found["labels"] == {"b": "3"}, "labels change one by one"


def test_a_node_group_is_tainted_and_cleared(eks: Client) -> None:
    change = {"clusterName": "c", "nodegroupName": "n"}
    eks.update_nodegroup_config(**change, taints={"addOrUpdateTaints": [TAINT]})
    seen = [_group(eks)["taints"]]
    eks.update_nodegroup_config(**change, taints={"removeTaints": [TAINT]})
    seen.append(_group(eks)["taints"])
    assert seen == [[TAINT], []], "taints come and go"


def test_a_node_group_is_upgraded_to_its_cluster_s_version(eks: Client) -> None:
    eks.update_cluster_version(name="c", version="1.35")
    eks.update_nodegroup_version(clusterName="c", nodegroupName="n")
    assert _group(eks)["version"] == "1.35", "no version named means the cluster's"


def test_every_change_can_be_waited_for(eks: Client) -> None:
    eks.create_addon(clusterName="c", addonName="vpc-cni")
    changes = [
        eks.update_cluster_config(name="c", deletionProtection=False),
        eks.update_nodegroup_config(clusterName="c", nodegroupName="n", updateConfig={"maxUnavailable": 2}),
        eks.update_addon(clusterName="c", addonName="vpc-cni", addonVersion="v1"),
    ]
    states = [eks.describe_update(name="c", updateId=change["update"]["id"])["update"]["status"] for change in changes]
    assert states == ["Successful"] * 3, "an update is found by its id"


def test_an_unknown_update_is_an_error(eks: Client) -> None:
    with pytest.raises(ClientError, match="No update found"):
        eks.describe_update(name="c", updateId="other")
