"""Volumes of the database and of nodes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.facts.limits import EBS_GP3, EBS_IO2, RDS_GP3, RDS_IO2, VolumeLimits
from config.rules.storage import iops_range, least_headroom, most_throughput
from tests.config.stackfile import accepted, judged, refused

DATABASE = "{type: gp3, allocated_gib: 1024, max_allocated_gib: 4096}"
ROOT = "{size_gib: 200, iops: 6000, throughput_mibps: 500}"
STORAGE = "data.postgres.storage"
VOLUME = "cluster.node_groups.gpu.root_volume"


@pytest.mark.parametrize(
    ("storage", "expected"),
    [
        ("{type: gp3, allocated_gib: 400, iops: 11999}", {"iops": "below the gp3 baseline"}),
        ("{type: gp3, allocated_gib: 399, iops: 12000}", {"iops": "gp3 below 400 GiB has 3000 IOPS"}),
        ("{type: gp3, allocated_gib: 399, throughput_mibps: 500}", {"throughput_mibps": "gp3 below 400 GiB"}),
        ("{type: gp3, allocated_gib: 1024, iops: 64001}", {"iops": "more than 1024 GiB give"}),
        ("{type: gp3, allocated_gib: 1024, throughput_mibps: 3001}", {"throughput_mibps": "not to be had at 12000"}),
        ("{type: io2, allocated_gib: 1024}", {"iops": "io2 needs IOPS"}),
        ("{type: io2, allocated_gib: 99, iops: 1000}", {"allocated_gib": "too small for io2"}),
        ("{type: io2, allocated_gib: 4000, iops: 1999}", {"iops": "half an IOPS for each of 4000 GiB"}),
        ("{type: io2, allocated_gib: 100, iops: 4000, throughput_mibps: 500}", {"throughput_mibps": "io2 takes no"}),
        ("{type: gp2, allocated_gib: 1024}", {"type": "not one of the allowed values"}),
        ("{type: gp3, allocated_gib: -1024}", {"allocated_gib": "below the minimum"}),
        ("{type: gp3, allocated_gib: 1000, max_allocated_gib: 1099}", {"max_allocated_gib": "less than a tenth above"}),
    ],
)
def test_a_database_volume_that_rds_does_not_give_is_refused(storage: str, expected: dict[str, str]) -> None:
    large = ("class: db.r5.2xlarge", "class: db.r6i.32xlarge")  # fast enough for every IOPS above
    low = ("rds_free_storage_gib, threshold: 102", "rds_free_storage_gib, threshold: 30")  # below every volume above
    found = refused((DATABASE, storage), large, low)
    assert {path.removeprefix(f"{STORAGE}.") for path in found} == set(expected)
    assert all(what in found[f"{STORAGE}.{name}"].what for name, what in expected.items())


@pytest.mark.parametrize(
    "storage",
    [
        "{type: gp3, allocated_gib: 399}",
        "{type: gp3, allocated_gib: 400, iops: 12000, throughput_mibps: 500}",
        "{type: gp3, allocated_gib: 1024, iops: 16000, throughput_mibps: 4000}",
        "{type: io2, allocated_gib: 1024, iops: 18750}",
        "{type: gp3, allocated_gib: 1000, max_allocated_gib: 1100}",
    ],
)
def test_a_database_volume_that_rds_gives_is_accepted(storage: str) -> None:
    assert accepted((DATABASE, storage)).data.postgres.storage.allocated_gib


def test_iops_that_the_class_cannot_reach_even_in_a_burst_are_refused_as_waste() -> None:
    """db.r5.2xlarge: 12,000 IOPS at length, 18,750 for half an hour a day."""
    found = refused((DATABASE, "{type: gp3, allocated_gib: 1024, iops: 18751}"))
    assert found[f"{STORAGE}.iops"].what == "db.r5.2xlarge does 12000 at length and 18750 for half an hour a day"


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("{size_gib: 200, iops: 2999}", {"iops": "below the 3000 of gp3"}),
        ("{size_gib: 20, iops: 10001}", {"iops": "more than 20 GiB give"}),
        ("{size_gib: 200, throughput_mibps: 751}", {"throughput_mibps": "not to be had at 3000 IOPS"}),
        ("{size_gib: 200, iops: 80000}", {"iops": "no instance type of these nodes is that fast"}),
        ("{type: io2, size_gib: 200}", {"iops": "io2 needs IOPS"}),
        ("{type: io2, size_gib: 200, iops: 5000, throughput_mibps: 200}", {"throughput_mibps": "io2 takes no"}),
        ("{size_gib: 19}", {"size_gib": "below the minimum"}),
        ("{size_gib: 200, throughput_mibps: 124}", {"throughput_mibps": "below the minimum"}),
    ],
)
def test_a_root_volume_that_ebs_does_not_give_is_refused(volume: str, expected: dict[str, str]) -> None:
    found = refused((ROOT, volume))
    assert {path.removeprefix(f"{VOLUME}.") for path in found} == set(expected)
    assert all(what in found[f"{VOLUME}.{name}"].what for name, what in expected.items())


LIMITS = st.sampled_from([EBS_GP3, EBS_IO2, RDS_GP3, RDS_IO2])
GP3 = st.sampled_from([EBS_GP3, RDS_GP3])
SIZES = st.integers(1, 65536)


@given(LIMITS, SIZES, SIZES)
def test_a_larger_volume_never_gives_fewer_iops(limits: VolumeLimits, one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert iops_range(limits, small)[1] <= iops_range(limits, large)[1] <= limits.iops[1]


@given(GP3, st.integers(1, 300_000))
def test_throughput_passes_neither_a_quarter_of_the_iops_nor_the_limit(limits: VolumeLimits, iops: int) -> None:
    assert limits.throughput is not None
    low, high = limits.throughput
    most = most_throughput(limits, iops)
    assert low <= most <= high
    assert most == low or most * 4 <= iops, "the included throughput comes without provisioned IOPS"


@given(SIZES)
def test_autoscaling_gets_a_tenth_more_and_not_a_gibibyte_beyond_need(size: int) -> None:
    least = least_headroom(size)
    assert least * 10 >= size * 11
    assert (least - 1) * 10 < size * 11


def volume(size: int, iops: int) -> dict[str, object]:
    return {STORAGE: {"type": "gp3", "allocated_gib": size, "iops": iops}}


@given(st.integers(400, 65536), st.integers(12000, 18750))
def test_every_iops_from_the_baseline_to_what_the_class_does_is_accepted(size: int, iops: int) -> None:
    assert judged(volume(size, iops)) == set()


@given(st.integers(400, 65536), st.integers(1000, 11999))
def test_no_iops_below_the_baseline_is_accepted(size: int, iops: int) -> None:
    assert judged(volume(size, iops)) == {f"{STORAGE}.iops"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"type": "gp3", "iops": 100}, "iops"),
        ({"type": "gp3", "iops": 2999}, "iops"),
        ({"type": "gp3", "iops": 80001}, "iops"),
        ({"type": "gp3", "throughput_mibps": 751}, "throughput_mibps"),
        ({"type": "gp3", "iops": 4000, "throughput_mibps": 1001}, "throughput_mibps"),
        ({"type": "io2"}, "iops"),
        ({"type": "io2", "iops": 3000, "throughput_mibps": 125}, "throughput_mibps"),
        ({"type": "gp3", "iops": 3000}, None),
        ({"type": "gp3", "iops": 8000, "throughput_mibps": 2000}, None),
        ({"type": "io2", "iops": 100}, None),
    ],
)
def test_a_storage_class_is_of_volumes_that_ebs_gives(fields: dict[str, object], wrong: str | None) -> None:
    path = "kubernetes.storage_classes.extra"
    assert judged({path: fields}) == ({f"{path}.{wrong}"} if wrong else set())
