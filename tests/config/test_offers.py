"""What is sold where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.facts.instances import alternatives, table
from config.facts.offers import UNKNOWN_ZONES
from config.facts.regions import regions
from config.rules.offers import CACHE, EC2, RDS
from tests.config.stackfile import accepted, refused

GPU = "[g6.2xlarge, g5.2xlarge]"
DUBAI = (("region: us-east-1", "region: me-central-1"),)


def test_every_type_of_prod_is_known_and_sold_in_its_region() -> None:
    wanted = {one for group in accepted().cluster.node_groups.values() for one in group.instance_types}
    assert wanted <= table().keys() & (EC2.sold("us-east-1") or {}).keys()


def test_in_a_region_without_them_families_are_refused_one_by_one() -> None:
    """me-central-1 has no t3, and g5 and g6 in zones a and b only (offerings of 2026-03-16)."""
    found = refused(*DUBAI)
    assert {path: problem.what for path, problem in found.items() if path.startswith("cluster.")} == {
        "cluster.node_groups.gpu.instance_types[0]": "offered only in zones a, b of me-central-1",
        "cluster.node_groups.gpu.instance_types[1]": "offered only in zones a, b of me-central-1",
        "cluster.node_groups.monitoring.instance_types[0]": "not offered in me-central-1",
    }


def test_a_type_that_one_zone_lacks_serves_beside_another_that_it_has() -> None:
    """Zone d of ca-central-1 has g6 and no g5: EC2 Auto Scaling takes what the zone has."""
    canada = (("region: us-east-1", "region: ca-central-1"), ("      zones: [a, b, c]", "      zones: [a, b, d]"))
    assert not [path for path in refused(*canada) if path.startswith("cluster.node_groups.gpu")]
    alone = refused(*canada, (GPU, "[g5.2xlarge]"))["cluster.node_groups.gpu.instance_types[0]"]
    assert alone.what == "offered only in zones a, b of ca-central-1"
    assert alone.allowed.startswith("g6.2xlarge")


def test_where_letters_differ_by_account_more_zones_than_sell_a_type_are_refused() -> None:
    """sae1-az3 has no GPUs; whichever letter that is, three zones of three include it."""
    problem = refused(("region: us-east-1", "region: sa-east-1"))["cluster.node_groups.gpu.instance_types[0]"]
    assert problem.what == "offered only in 2 zones (sae1-az1, sae1-az2) of sa-east-1"


def test_g6_is_not_sold_in_ireland_and_another_gpu_is_named_instead() -> None:
    problem = refused(("region: us-east-1", "region: eu-west-1"))["cluster.node_groups.gpu.instance_types[0]"]
    assert problem.what == "not offered in eu-west-1"
    assert "1 GPU" in problem.allowed


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        ((GPU, "[p3.8xlarge]"), "cluster.node_groups.gpu.instance_types[0]", "offered in no region since 2026-05-01"),
        ((GPU, "[g6.2xlarg]"), "cluster.node_groups.gpu.instance_types[0]", "unknown instance type"),
        ((GPU, "[g2.2xlarge]"), "cluster.node_groups.gpu.instance_types[0]", "unknown instance type"),
        ((GPU, "[g6.2xlarge, g6.2xlarge]"), "cluster.node_groups.gpu.instance_types[1]", "stands in the list already"),
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


@pytest.mark.parametrize(
    ("types", "image"),
    [
        ("[m8g.xlarge]", "AL2023_ARM_64_STANDARD"),
        ("[c8g.large, c8g.xlarge]", "AL2023_ARM_64_STANDARD"),
        ("[i4i.xlarge]", "AL2023_x86_64_STANDARD"),
        ("[c7i-flex.large]", "AL2023_x86_64_STANDARD"),
        ("[m8i.xlarge, m7a.xlarge]", "AL2023_x86_64_STANDARD"),
    ],
)
def test_every_family_that_the_region_sells_may_be_used(types: str, image: str) -> None:
    assert refused(("[t3.medium]", f"{types}\n          ami_type: {image}")) == {}


def test_any_gpu_that_the_region_sells_may_be_used() -> None:
    assert refused((GPU, "[p5.48xlarge]")) == {}


@pytest.mark.parametrize("name", ["db.r8g.2xlarge", "db.m7i.4xlarge", "db.x2g.4xlarge"])
def test_every_class_that_rds_sells_may_be_used(name: str) -> None:
    assert refused(("class: db.r5.2xlarge", f"class: {name}")) == {}


def test_an_image_that_suits_is_named() -> None:
    assert refused(("[t3.medium]", "[t4g.medium]"))["cluster.node_groups.monitoring.ami_type"].allowed == (
        "AL2023_ARM_64_STANDARD, BOTTLEROCKET_ARM_64"
    )
    accepted(("[t3.medium]", "[t4g.medium]\n          ami_type: AL2023_ARM_64_STANDARD"))


def test_a_class_is_refused_where_the_region_has_none_of_it() -> None:
    elsewhere = min(RDS.everywhere() - (RDS.sold("me-central-1") or {}).keys())
    found = refused(*DUBAI, ("reader-b: {instance_class: db.r5.xlarge", f"reader-b: {{instance_class: {elsewhere}"))
    assert found["data.postgres.replicas.reader-b.instance_class"].what == "not offered in me-central-1"


def test_the_table_agrees_with_itself() -> None:
    assert len(table()) > 1000, "every type that EC2 describes"
    for one in table().values():
        assert one.architecture in ("x86_64", "arm64"), one
        assert 0 <= one.iops <= one.iops_burst, one
        assert (one.gpus > 0) == (one.gpu_memory_mib > 0), one
        assert one.name in EC2.everywhere(), f"{one.name} is sold somewhere, or retired"
    assert table()["c5.large"].max_pods == 29, "3 interfaces of 10 addresses (EKS User Guide)"
    assert table()["t3.medium"].max_pods == 17
    assert table()["p5.48xlarge"].max_pods == 100, "the CNI uses the default network card only"


@pytest.mark.parametrize("catalogue", [EC2, RDS, CACHE], ids=["ec2", "rds", "cache"])
@given(data=st.data())
def test_what_is_named_instead_is_sold_there_and_does_the_same_work(catalogue: object, data: st.DataObject) -> None:
    assert catalogue in (EC2, RDS, CACHE)
    prefix = {id(EC2): "", id(RDS): "db.", id(CACHE): "cache."}[id(catalogue)]
    region = data.draw(st.sampled_from(sorted(regions())))
    sold = (EC2 if catalogue is EC2 else RDS if catalogue is RDS else CACHE).sold(region) or {}
    wanted = table()[data.draw(st.sampled_from(sorted(table())))]
    found = alternatives(
        [table()[name.removeprefix(prefix)] for name in sold if name.removeprefix(prefix) in table()], wanted
    )
    assert len(found) <= 3
    for one in found:
        assert one.name != wanted.name
        assert prefix + one.name in sold
        assert (one.architecture, one.gpus) == (wanted.architecture, wanted.gpus)


def test_zones_of_offers_are_zones_of_the_region() -> None:
    for code, region in regions().items():
        sold = EC2.sold(code)
        assert sold, f"{code}: nothing is known of EC2 there"
        numbers = set("".join(sold.values()))
        assert numbers <= set(region.numbers), f"{code}: offers in zones that it does not have"
        assert numbers or set(sold.values()) == {UNKNOWN_ZONES}
