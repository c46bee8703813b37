"""Karpenter: where it runs, what it may do, what it hears, and in which order it comes and goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from components.kubernetes.interruptions import PATTERNS
from components.kubernetes.node_definitions import CLASS, POOL, definitions
from components.kubernetes.node_pools import Ground, node_class, node_pool
from standins.kuberender import schema
from tests.components.cluster.surroundings import network_of
from tests.components.kubernetes.objects import containers, of_kind, workloads
from tests.components.kubernetes.test_objects import closed
from tests.config.containersfile import accepted

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.graph import Graph

NAME = "kubernetes-karpenter"
DEPLOYMENT = "platform/karpenter"
CLUSTER_TAG = "kubernetes.io/cluster/phoenix-prod"


@pytest.fixture(scope="module")
def graph(record_layer: Callable[..., Graph]) -> Graph:
    """The layer of prod with a pool of Spot nodes."""
    settings = accepted()
    return record_layer(settings=settings.kubernetes, network=lambda: network_of(settings))


def _policy(graph: Graph, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(graph.named(name).inputs["policy"])["Statement"]
    return found


def test_the_definitions_take_what_we_write_and_the_api_takes_them(graph: Graph) -> None:
    assert [str(failure) for one in definitions() for failure in schema.failures(one)] == []
    jsonschema.validate(of_kind(graph, "NodePool")["batch"], closed(POOL))
    jsonschema.validate(of_kind(graph, "EC2NodeClass")["batch"], closed(CLASS))


def test_the_api_takes_the_controller(graph: Graph) -> None:
    ours = [workloads(graph)[DEPLOYMENT], of_kind(graph, "ClusterRole")["karpenter"]]
    assert [str(failure) for one in ours for failure in schema.failures(one)] == []


def test_the_controller_never_runs_on_a_node_of_its_own(graph: Graph) -> None:
    pod = workloads(graph)[DEPLOYMENT]["spec"]["template"]["spec"]
    (term,) = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    wanted = {one["key"]: one["operator"] for one in term["matchExpressions"]}
    assert wanted == {"karpenter.sh/nodepool": "DoesNotExist", "eks.amazonaws.com/nodegroup": "Exists"}


def test_the_controller_knows_cluster_and_queue(graph: Graph) -> None:
    (one,) = containers(workloads(graph)[DEPLOYMENT])
    given = {entry["name"]: entry.get("value") for entry in one["env"]}
    assert given["CLUSTER_NAME"] == "phoenix-prod"
    assert given["INTERRUPTION_QUEUE"] == f"{NAME}-interruptions-queue", "Spot nodes are emptied before they are lost"


def test_nodes_are_sealed_as_those_of_the_groups(graph: Graph) -> None:
    spec = of_kind(graph, "EC2NodeClass")["batch"]["spec"]
    assert spec["metadataOptions"]["httpTokens"] == "required"
    assert spec["metadataOptions"]["httpPutResponseHopLimit"] == 1, "pods get no credentials of the node"
    (disk,) = [one["ebs"] for one in spec["blockDeviceMappings"]]
    assert (disk["encrypted"], disk["kmsKeyID"], disk["volumeSize"]) == (True, "key-cluster", "100Gi")
    assert (disk["iops"], disk["throughput"]) == (3500, 200)
    assert spec["subnetSelectorTerms"] == [{"id": "tasks-a"}, {"id": "tasks-b"}], "its zones, its tier"
    assert spec["securityGroupSelectorTerms"] == [{"id": "sg-nodes"}, {"id": "sg-eks"}]
    assert spec["amiSelectorTerms"] == [{"alias": "al2023@v20260903"}]
    assert spec["tags"]["Project"] == "phoenix", "the provider's default tags do not reach what Karpenter makes"


def test_a_pool_is_bounded(graph: Graph) -> None:
    spec = of_kind(graph, "NodePool")["batch"]["spec"]
    assert spec["limits"] == {"cpu": "8", "memory": "32Gi"}
    assert spec["disruption"] == {
        "consolidationPolicy": "WhenEmpty",
        "consolidateAfter": "5m",
        "budgets": [
            {"nodes": "25%"},
            {"nodes": "0", "reasons": ["Drifted"], "schedule": "0 8 * * MON-FRI", "duration": "600m"},
        ],
    }
    template = spec["template"]["spec"]
    assert (template["expireAfter"], template["terminationGracePeriod"]) == ("336h", "60m")
    assert template["taints"] == [{"key": "workload", "value": "batch", "effect": "NoSchedule"}]
    asked = {one["key"]: one["values"] for one in template["requirements"]}
    assert asked["karpenter.sh/capacity-type"] == ["spot"]
    assert asked["kubernetes.io/arch"] == ["amd64"]
    assert asked["topology.kubernetes.io/zone"] == ["us-east-1a", "us-east-1b"]


def test_bottlerocket_has_a_volume_for_itself_and_both_are_sealed() -> None:
    pool = accepted({"kubernetes.karpenter.pools.batch.ami": "bottlerocket@v1.55.0"}).pools["batch"]
    ground: Any = Ground(
        subnet_ids=(),
        security_group_ids=(),
        zone_names=(),
        instance_profile="p",
        key_arn="k",
        tags={},  # type: ignore[arg-type] # text
    )
    disks = {one["deviceName"]: one["ebs"] for one in node_class("b", pool, ground)["spec"]["blockDeviceMappings"]}
    assert disks.keys() == {"/dev/xvda", "/dev/xvdb"}
    assert all(one["encrypted"] and one["kmsKeyID"] == "k" for one in disks.values())
    assert node_pool("b", pool, ground)["spec"]["template"]["spec"]["nodeClassRef"]["name"] == "b"


def test_it_changes_only_what_carries_the_tags_of_cluster_and_pool(graph: Graph) -> None:
    """Or stands in this stack: subnets and groups by id, one role, one key, one queue."""
    for one in _policy(graph, f"{NAME}-pods-policy"):
        if not any(action.partition(":")[2].startswith(("Describe", "Get", "List")) for action in one["Action"]):
            conditions = one.get("Condition", {})
            equal = conditions.get("StringEquals", {})
            tagged = any(key.endswith(CLUSTER_TAG) for key in equal)
            named = all(not str(arn).endswith("*") for arn in one["Resource"])
            assert tagged or named or one["Sid"] == "StartFromWhatStands", one["Sid"]
            if tagged:
                assert any(key.endswith("karpenter.sh/nodepool") for key in conditions["StringLike"]), one["Sid"]


def test_it_starts_nodes_in_this_stack_only_and_cannot_make_itself_rights(graph: Graph) -> None:
    rights = {one["Sid"]: one for one in _policy(graph, f"{NAME}-pods-policy")}
    places = [
        arn for arn in rights["StartFromWhatStands"]["Resource"] if ":subnet/" in arn or ":security-group/" in arn
    ]
    assert [arn.rpartition("/")[2] for arn in places] == ["tasks-a", "tasks-b", "sg-nodes", "sg-eks"]
    (role,) = rights["HandOverNodeRole"]["Resource"]
    assert role.endswith("kubernetes-karpenter-nodes-role")
    actions = {action for one in rights.values() for action in one["Action"] if action.startswith("iam:")}
    assert actions == {
        "iam:PassRole",
        "iam:GetInstanceProfile",
        "iam:ListInstanceProfiles",
        "iam:CreateServiceLinkedRole",
    }


def test_the_role_of_spot_is_made_only_where_a_pool_takes_spot(record_layer: Callable[..., Graph]) -> None:
    settings = accepted({"kubernetes.karpenter.pools.batch.capacity_types": ["ON_DEMAND"]})
    graph = record_layer(settings=settings.kubernetes, network=lambda: network_of(settings))
    assert "MakeRoleOfSpot" not in {one["Sid"] for one in _policy(graph, f"{NAME}-pods-policy")}


def test_nodes_join_by_an_entry_of_their_own_role(graph: Graph) -> None:
    entry = graph.named(f"{NAME}-entry").inputs
    assert entry["type"] == "EC2_LINUX"
    assert str(entry["principalArn"]).endswith("kubernetes-karpenter-nodes-role")


def test_the_queue_is_sealed_and_takes_notices_of_its_rules_alone(graph: Graph) -> None:
    queue = graph.named(f"{NAME}-interruptions-queue").inputs
    assert (queue["sqsManagedSseEnabled"], queue["messageRetentionSeconds"]) == (True, 300)
    sent, clear = _policy(graph, f"{NAME}-interruptions-policy")
    assert sent["Principal"] == {"Service": ["events.amazonaws.com"]}
    assert len(sent["Condition"]["ArnEquals"]["aws:SourceArn"]) == len(PATTERNS)
    assert clear["Effect"] == "Deny"
    for rule in PATTERNS:
        target = graph.named(f"{NAME}-interruptions-{rule}-queue").inputs
        assert str(target["arn"]).endswith(f"{NAME}-interruptions-queue"), rule


def test_pools_go_before_what_ends_their_nodes(graph: Graph) -> None:
    """Controller, its rights, and the entry by which nodes are known: without one of them nodes are left behind."""
    nodes = graph.named(f"{NAME}-ec2nodeclass-batch")
    waits = {urn.rpartition("::")[2] for urn in nodes.dependencies}
    assert {f"{NAME}-deployment-karpenter", f"{NAME}-pods-policy", f"{NAME}-entry"} <= waits
    pool = graph.named(f"{NAME}-nodepool-batch")
    assert nodes.urn in pool.dependencies
