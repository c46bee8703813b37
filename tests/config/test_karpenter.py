"""Karpenter's pools: what starts no node, has no bound, or answers a pod that another owner answers is refused."""

from __future__ import annotations

import pytest

from config.room import nodes_of_pool, other_addresses
from tests.config.containersfile import GONE, accepted, refused

KARPENTER = "kubernetes.karpenter"
POOL = f"{KARPENTER}.pools.batch"
GROUP = "cluster.node_groups.general"


@pytest.mark.parametrize(
    ("key", "value", "at", "what"),
    [
        ("instance_types", ["c6i.lagre"], "instance_types[0]", "unknown instance type"),
        ("instance_types", ["p3.2xlarge"], "instance_types[0]", "offered in no region since 2026"),
        ("instance_types", ["c6i.large", "c7g.large"], "instance_types", "mixed architectures"),
        ("ami", "al2023@latest", "ami", "not of the required form"),
        ("tier", "database", "tier", "not a private tier"),
        ("zones", ["a", "d"], "zones[1]", "no zone of the network"),
        ("limits", {"cpu": 1, "memory_gib": 32}, "limits.cpu", "no node of these types fits"),
        ("limits", {"cpu": 8, "memory_gib": 3}, "limits.memory_gib", "no node of these types fits"),
        ("limits", {"cpu": 8}, "limits.memory_gib", "missing"),
        ("limits", GONE, "limits", "missing"),
        ("root_volume", {"size_gib": 100, "iops": 90000}, "root_volume.iops", ""),
        ("labels", {"karpenter.sh/nodepool": "x"}, "labels.karpenter.sh/nodepool", "domain that Kubernetes keeps"),
        ("disruption_budgets", [{"nodes": "0"}], "disruption_budgets[0].nodes", "holds for ever"),
        ("disruption_budgets", [{"nodes": "0%"}], "disruption_budgets[0].nodes", "holds for ever"),
        (
            "disruption_budgets",
            [{"nodes": "1", "schedule": "0 8 * * *"}],
            "disruption_budgets[0].duration_minutes",
            "a window without duration_minutes",
        ),
        (
            "disruption_budgets",
            [{"nodes": "1", "duration_minutes": 60}],
            "disruption_budgets[0].schedule",
            "a window without schedule",
        ),
        (
            "disruption_budgets",
            [{"nodes": "1", "schedule": "0 25 * * *", "duration_minutes": 60}],
            "disruption_budgets[0].schedule",
            "",
        ),
        ("disruption_budgets", [], "disruption_budgets", ""),
    ],
)
def test_a_pool_is_refused(key: str, value: object, at: str, what: str) -> None:
    found = refused({f"{POOL}.{key}": value})
    key_of_labels = f"{POOL}.{at}" if not at.startswith("labels.") else next(iter(found))
    assert what in found[key_of_labels].what


def test_a_pool_takes_other_pods_than_groups_of_the_autoscaler() -> None:
    """Both would start a node for one pod that waits."""
    taken = {f"{GROUP}.policies": GONE, f"{GROUP}.autoscaler": True}
    assert refused(taken) == {}, "the pool's taint keeps pods of the group off"
    problem = refused({**taken, f"{POOL}.taints": []})[f"{POOL}.taints"]
    assert "group general" in problem.what
    soft = [{"key": "workload", "value": "batch", "effect": "PREFER_NO_SCHEDULE"}]
    assert f"{POOL}.taints" in refused({**taken, f"{POOL}.taints": soft}), "keeps no pod off"
    assert f"{POOL}.taints" in refused({f"{POOL}.taints": []}), "a pod that tolerates the GPU group fits both"


def test_a_pool_beside_groups_of_policies_needs_no_taint() -> None:
    """Policies look at processors, never at a pod that waits."""
    tainted = ("gpu", "blockchain", "monitoring")
    free = {f"cluster.node_groups.{name}.autoscaler": False for name in tainted}
    assert refused({f"{POOL}.taints": [], **free}) == {}


def test_a_pool_of_gpus_is_tainted() -> None:
    changes = {f"{POOL}.instance_types": ["g6.xlarge"], f"{POOL}.limits": {"cpu": 8, "memory_gib": 64}}
    assert refused(changes) == {}
    alone = {f"cluster.node_groups.{name}.autoscaler": False for name in ("gpu", "blockchain", "monitoring")}
    found = refused({**changes, **alone, f"{POOL}.taints": []})
    assert "started for ordinary pods" in found[f"{POOL}.taints"].what


def test_pools_and_groups_have_names_of_their_own() -> None:
    pool = accepted().pools["batch"].model_dump(mode="json", exclude_none=True)
    assert "name of a node group" in refused({f"{KARPENTER}.pools.gpu": pool})[f"{KARPENTER}.pools.gpu"].what


def test_the_controller_has_a_node_before_any_pool() -> None:
    none = {"per": "group", "min": 0, "desired": 0, "max": 20}
    found = refused({f"{GROUP}.scaling": none, "cluster.node_groups.monitoring.scaling": none})
    assert "runs on nodes of a node group alone" in found[KARPENTER].what


def test_the_release_knows_the_version_of_the_cluster() -> None:
    old = "public.ecr.aws/karpenter/controller:1.8.6"
    assert refused({f"{KARPENTER}.image": old})[f"{KARPENTER}.image"].what == "does not know Kubernetes 1.35"
    assert refused({f"{KARPENTER}.image": "public.ecr.aws/karpenter/controller:v1.9.0"}) == {}


def test_the_controller_keeps_what_every_controller_keeps() -> None:
    assert "not in kubernetes" in refused({f"{KARPENTER}.priority": "nobody"})[f"{KARPENTER}.priority"].what
    assert "the only pod" in refused({f"{KARPENTER}.replicas": 1})[f"{KARPENTER}.replicas"].what
    asked = refused({f"{KARPENTER}.resources": {"cpu": "2", "cpu_limit": "1", "memory": "1Gi"}})
    assert f"{KARPENTER}.resources.cpu" in asked


def test_addresses_of_a_pool_are_counted_in_one_zone() -> None:
    """Karpenter spreads pods, not nodes: all of a pool's may start in one zone."""
    settings = accepted()
    pool = settings.pools["batch"]
    assert nodes_of_pool(pool) == 4, "8 vCPUs of two each"
    bare = accepted({KARPENTER: GONE})
    held = other_addresses(settings, "tasks") - other_addresses(bare, "tasks")
    assert held == 4 * 9, "each holds its own address and eight for pods"
    found = refused({f"{POOL}.limits": {"cpu": 400, "memory_gib": 4000}})
    assert any(path.startswith("network.tiers.tasks.cidrs") or "quota" in path for path in found), found
