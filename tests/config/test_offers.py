"""What is sold where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.facts.instances import CACHE_SIZES, RDS_SIZES, alternatives, table
from config.facts.regions import ZONES
from tests.config.stackfile import accepted, refused

GPU = "[g6.2xlarge, g5.2xlarge]"
DUBAI = (("region: us-east-1", "region: me-central-1"),)


def test_every_type_of_prod_is_known_and_sold_in_its_zones() -> None:
    stack = accepted()
    wanted = {one for group in stack.cluster.node_groups.values() for one in group.instance_types}
    assert all(set(stack.network.zones) <= set(table()[one].zones["us-east-1"]) for one in wanted)


def test_in_a_region_without_them_families_are_refused_one_by_one() -> None:
    """me-central-1 has no t3, and g5 and g6 in zones a and b only (offerings of 2026-03-16)."""
    found = refused(*DUBAI)
    assert {path: problem.what for path, problem in found.items() if path.startswith("cluster.")} == {
        "cluster.node_groups.gpu.instance_types[0]": "offered only in zones a, b of me-central-1",
        "cluster.node_groups.gpu.instance_types[1]": "offered only in zones a, b of me-central-1",
        "cluster.node_groups.monitoring.instance_types[0]": "not offered in me-central-1",
    }


def test_g6_is_not_sold_in_ireland_and_g5_is_named_instead() -> None:
    problem = refused(("region: us-east-1", "region: eu-west-1"))["cluster.node_groups.gpu.instance_types[0]"]
    assert problem.what == "not offered in eu-west-1"
    assert problem.allowed.startswith("g5.2xlarge")


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        ((GPU, "[p3.8xlarge]"), "cluster.node_groups.gpu.instance_types[0]", "offered in no region since 2026-05-01"),
        ((GPU, "[g6.2xlarg]"), "cluster.node_groups.gpu.instance_types[0]", "unknown instance type"),
        ((GPU, "[g6.2xlarge, g6.2xlarge]"), "cluster.node_groups.gpu.instance_types[1]", "type named twice"),
        ((GPU, "[g6.2xlarge, g6.12xlarge]"), "cluster.node_groups.gpu.instance_types", "mixed GPU counts"),
        (
            ("[t3.medium]", "[t3.medium, t4g.medium]"),
            "cluster.node_groups.monitoring.instance_types",
            "mixed architectures",
        ),
        (("[t3.medium]", "[t4g.medium]"), "cluster.node_groups.monitoring.ami_type", "does not run on t4g.medium"),
        (("AL2023_x86_64_NVIDIA", "AL2023_x86_64_STANDARD"), "cluster.node_groups.gpu.ami_type", "does not run on g6"),
        (("class: db.r5.2xlarge", "class: r5.2xlarge"), "data.postgres.instance_class", "unknown instance type"),
        (("class: db.r5.2xlarge", "class: db.c5.2xlarge"), "data.postgres.instance_class", "unknown instance type"),
        (("cache.r6g.large", "cache.r6g.24xlarge"), "data.redis.node_type", "unknown instance type"),
        (("cache.r6g.large", "db.r6g.large"), "data.redis.node_type", "unknown instance type"),
        (
            ("reader-b: {instance_class: db.r5.xlarge", "reader-b: {instance_class: db.r5.xxl"),
            "data.postgres.replicas.reader-b.instance_class",
            "unknown instance type",
        ),
    ],
)
def test_a_type_is_refused(swap: tuple[str, str], path: str, what: str) -> None:
    found = refused(swap)
    assert found.keys() == {path}
    assert what in found[path].what


def test_an_image_that_suits_is_named() -> None:
    assert refused(("[t3.medium]", "[t4g.medium]"))["cluster.node_groups.monitoring.ami_type"].allowed == (
        "AL2023_ARM_64_STANDARD, BOTTLEROCKET_ARM_64"
    )
    accepted(("[t3.medium]", "[t4g.medium]\n          ami_type: AL2023_ARM_64_STANDARD"))


def test_a_replica_needs_its_class_in_its_own_zone_only() -> None:
    found = refused(
        *DUBAI,
        (GPU, "[c5.2xlarge]"),
        ("AL2023_x86_64_NVIDIA", "AL2023_x86_64_STANDARD"),
        ("[t3.medium]", "[c5.large]"),
        ("reader-b: {instance_class: db.r5.xlarge", "reader-b: {instance_class: db.t3.medium"),
    )
    named = {path for path in found if path.startswith("data.")}
    assert named == {"data.postgres.replicas.reader-b.instance_class"}


def test_the_table_agrees_with_itself() -> None:
    for one in table().values():
        assert one.architecture in ("x86_64", "arm64"), one
        assert 0 < one.iops <= one.iops_burst, one
        assert (one.gpus > 0) == (one.gpu_memory_mib > 0), one
        assert bool(one.zones) != (one.retired is not None), f"{one.name} is sold somewhere, or retired"
        assert all(set(letters) <= set(ZONES[region]) for region, letters in one.zones.items()), one
    assert table()["c5.large"].max_pods == 29, "3 interfaces of 10 addresses (EKS User Guide)"
    assert table()["t3.medium"].max_pods == 17


@pytest.mark.parametrize(("sizes", "prefix"), [(RDS_SIZES, "db."), (CACHE_SIZES, "cache.")])
def test_every_class_has_an_ec2_twin(sizes: dict[str, str], prefix: str) -> None:
    missing = [
        f"{prefix}{family}.{size}"
        for family, all_ in sizes.items()
        for size in all_.split()
        if f"{family}.{size}" not in table()
    ]
    assert missing == []


@given(st.sampled_from(sorted(table())), st.sampled_from(sorted(ZONES)), st.sampled_from(["", "a", "ab", "abc"]))
def test_alternatives_are_sold_where_they_are_wanted_and_do_the_same_work(name: str, region: str, zones: str) -> None:
    wanted = table()[name]
    found = alternatives(table().values(), wanted, region, zones)
    assert len(found) <= 3
    for one in found:
        assert one.name != name
        assert set(zones) <= set(one.zones[region])
        assert (one.architecture, one.gpus) == (wanted.architecture, wanted.gpus)
