from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.cluster.plan import block_devices, intervals, node_counts
from config.cluster import RootVolume, Scaling
from config.facts.limits import EKS_NODES_PER_GROUP
from config.scaling import ActiveCounts, Step

ZONES = st.integers(1, 6)


@st.composite
def scalings(draw: st.DrawFn) -> Scaling:
    """Counts in order, of a size that a group of one zone can have."""
    low, desired, high = sorted(draw(st.tuples(*[st.integers(0, EKS_NODES_PER_GROUP)] * 3)))
    return Scaling(per=draw(st.sampled_from(["zone", "group"])), min=low, desired=desired, max=max(high, 1))


@given(scalings(), ZONES)
def test_counts_per_zone_are_multiplied_by_the_zones(scaling: Scaling, zones: int) -> None:
    factor = zones if scaling.per == "zone" else 1
    assume(scaling.max * factor <= EKS_NODES_PER_GROUP)
    counts = node_counts(scaling, zones)
    assert (counts.min, counts.desired, counts.max) == (
        scaling.min * factor,
        scaling.desired * factor,
        scaling.max * factor,
    ), "EKS counts a group over all of its zones"


@given(scalings(), ZONES)
def test_a_group_is_never_larger_than_eks_allows(scaling: Scaling, zones: int) -> None:
    assume(scaling.per == "zone")
    assume(scaling.max * zones > EKS_NODES_PER_GROUP)
    with pytest.raises(ValueError, match=f"at most {EKS_NODES_PER_GROUP}"):
        node_counts(scaling, zones)


@pytest.mark.parametrize(("low", "desired", "high"), [(4, 3, 5), (1, 6, 5)])
def test_counts_out_of_order_are_refused(low: int, desired: int, high: int) -> None:
    with pytest.raises(ValueError, match="min <= desired <= max"):
        node_counts(Scaling(per="group", min=low, desired=desired, max=high), 3)


def test_the_general_group_of_the_seed_is_9_to_60_nodes() -> None:
    counts = node_counts(Scaling(per="zone", min=3, desired=3, max=20), 3)
    assert (counts.min, counts.desired, counts.max) == (9, 9, 60), "3 to 20 nodes in each of three zones"


def test_amazon_linux_has_one_volume() -> None:
    volume = RootVolume(size_gib=100)
    (device,) = block_devices("AL2023_x86_64_STANDARD", volume)
    assert (device.device, device.volume) == ("/dev/xvda", volume), "the root volume is all there is"


def test_bottlerocket_has_its_system_volume_listed_beside_the_data_volume() -> None:
    volume = RootVolume(size_gib=100)
    system, data = block_devices("BOTTLEROCKET_x86_64", volume)
    assert (system.device, system.volume) == ("/dev/xvda", None), "a volume that is not listed is not encrypted by us"
    assert (data.device, data.volume) == ("/dev/xvdb", volume), "containers live on the data volume"


@given(st.lists(st.integers(10, 95), min_size=1, max_size=10, unique=True).map(sorted))
def test_steps_cover_everything_above_the_threshold_once(marks: list[int]) -> None:
    found = intervals([Step(cpu_percent=mark, add_percent=10) for mark in marks])
    assert found[0].lower == 0, "the first begins where the alarm does"
    assert found[-1].upper is None, "the last has no end"
    assert [one.upper for one in found[:-1]] == [one.lower for one in found[1:]], "no gap, no overlap"


def test_active_counts_take_the_place_of_minimum_and_desired() -> None:
    counts = node_counts(Scaling(per="zone", min=1, desired=1, max=30), 2, active=ActiveCounts(min=5, desired=6))
    assert (counts.min, counts.desired, counts.max) == (10, 12, 60), "per zone, like the others"
