"""Node counts, and the addresses they need."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cluster import PodAddresses, Scaling
from config.facts.instances import table
from config.room import addresses_per_node, nodes_in_all, nodes_in_zone, usable
from tests.config.stackfile import judged, refused

POD_ADDRESSES = "      pod_addresses: {minimum: 8, warm: 2}\n"


@pytest.mark.parametrize(
    ("scaling", "path", "what"),
    [
        ("{per: group, min: 5, desired: 2, max: 10}", "scaling", "counts out of order"),
        ("{per: group, min: 2, desired: 11, max: 10}", "scaling", "counts out of order"),
        ("{per: group, min: 2, desired: 2, max: 451}", "scaling.max", "above the maximum"),
        ("{per: group, min: -1, desired: 2, max: 10}", "scaling.min", "below the minimum"),
        ("{per: region, min: 2, desired: 2, max: 10}", "scaling.per", "not one of the allowed values"),
    ],
)
def test_node_counts_are_refused(scaling: str, path: str, what: str) -> None:
    found = refused(("{per: group, min: 2, desired: 2, max: 10}", scaling))
    assert {path: problem.what for path, problem in found.items()} == {f"cluster.node_groups.gpu.{path}": what}


def test_a_group_counted_per_zone_has_its_total_held_against_the_limit_of_eks() -> None:
    found = refused(("min: 3, desired: 3, max: 20}", "min: 3, desired: 3, max: 151}"))
    problem = found["cluster.node_groups.general.scaling.max"]
    assert problem.what == "453 nodes in all zones are more than a managed node group takes"
    assert problem.got == "151"


def test_the_subnets_of_prod_hold_its_nodes_only_because_their_addresses_are_bounded() -> None:
    """26 nodes per zone, each with up to two interfaces of 30 addresses, do not fit 251 addresses."""
    found = refused((POD_ADDRESSES, ""))
    assert found.keys() == {"network.tiers.private.cidrs[0]", "network.tiers.blockchain.cidrs[0]"}
    private = found["network.tiers.private.cidrs[0]"]
    assert private.what == "too small: at the maximum 26 nodes hold 1344 addresses, other things 15, of 251"
    assert private.allowed == "/21 or wider"


def test_one_node_more_per_zone_is_one_too_many() -> None:
    assert refused(("max: 20}", "max: 21}")).keys() == {"network.tiers.private.cidrs[0]"}


def test_the_smallest_subnet_decides() -> None:
    found = refused(("10.0.12.0/24", "10.0.12.0/25"))
    assert found.keys() == {"network.tiers.private.cidrs[1]"}


def test_a_cluster_without_an_untainted_group_is_refused() -> None:
    taint = "taints: [{key: a}]"
    found = refused(
        ("labels: {workload: general}", f"labels: {{workload: general}}\n          {taint}"),
        ("labels: {workload: monitoring}", f"labels: {{workload: monitoring}}\n          {taint}"),
    )
    assert {path: problem.what for path, problem in found.items()} == {
        "cluster.node_groups": "no node takes ordinary pods"
    }


@pytest.mark.parametrize("taints", ["[]", "[{key: nvidia.com/gpu, effect: PREFER_NO_SCHEDULE}]"])
def test_gpu_nodes_that_ordinary_pods_may_use_are_refused(taints: str) -> None:
    found = refused(("taints: [{key: nvidia.com/gpu}]", f"taints: {taints}"))
    assert found.keys() == {"cluster.node_groups.gpu.taints"}


@pytest.mark.parametrize("tier", ["public", "database"])
def test_nodes_live_in_tiers_meant_for_them(tier: str) -> None:
    problem = refused(("tier: blockchain", f"tier: {tier}"))["cluster.node_groups.blockchain.tier"]
    assert problem.allowed == "private, blockchain"


def test_more_than_thirty_groups_are_more_than_a_cluster_takes() -> None:
    groups = "".join(
        f"        g{n}:\n          instance_types: [t3.medium]\n"
        "          scaling: {per: group, min: 0, desired: 0, max: 1}\n          root_volume: {size_gib: 20}\n"
        for n in range(27)
    )
    found = refused(("      node_groups:\n", f"      node_groups:\n{groups}"))
    assert found["cluster.node_groups"].what == "too many entries"


ZONES = st.integers(2, 6)
COUNTS = st.builds(
    lambda per, low, more: Scaling(per=per, min=low, desired=low, max=max(1, low + more)),
    st.sampled_from(["zone", "group"]),
    st.integers(0, 100),
    st.integers(0, 300),
)


@given(COUNTS, ZONES)
def test_zones_together_hold_all_nodes_of_a_group_and_less_than_one_more_each(scaling: Scaling, zones: int) -> None:
    together = nodes_in_zone(scaling, zones) * zones
    assert nodes_in_all(scaling, zones) <= together < nodes_in_all(scaling, zones) + zones


@given(st.lists(st.sampled_from(sorted(table())), min_size=1, max_size=5), st.integers(1, 100))
def test_a_node_needs_the_addresses_of_its_hungriest_type_or_of_its_bound(types: list[str], minimum: int) -> None:
    free = addresses_per_node(tuple(types), None)
    assert free == max(addresses_per_node((one,), None) for one in types)
    assert free <= max(table()[one].interfaces * table()[one].addresses for one in types), "no more than there are"
    assert addresses_per_node(tuple(types), PodAddresses(minimum=minimum, warm=1)) == minimum + 1


@given(st.integers(16, 28))
def test_a_subnet_has_five_addresses_less_than_its_block(prefix: int) -> None:
    assert usable(IPv4Network(f"10.0.0.0/{prefix}")) == 2 ** (32 - prefix) - 5


@given(st.integers(3, 60), st.integers(1, 30))
def test_every_count_that_fits_is_accepted_and_every_other_refused(nodes: int, minimum: int) -> None:
    """Per zone: the general group's nodes, 4 with GPUs, 2 for monitoring, and 15 other addresses."""
    counts = {"per": "zone", "min": 3, "desired": 3, "max": nodes}
    general, spaces = "cluster.node_groups.general", "kubernetes.namespaces"
    changes = {
        f"{general}.scaling": counts,
        f"{general}.policies": None,
        "cluster.pod_addresses": {"minimum": minimum, "warm": 2},
        f"{spaces}.phoenix.quota.pods": 1,
        f"{spaces}.amazon-cloudwatch.quota.pods": 1000,
    }
    found = judged(changes)
    fits = (nodes + 4 + 2) * (1 + max(minimum, 2)) + 15 <= 251
    assert found == (set() if fits else {"network.tiers.private.cidrs[0]"})
