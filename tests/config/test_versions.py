"""Versions and the ends of their support."""

from __future__ import annotations

import pytest

from config.facts.versions import EKS, POSTGRES
from tests.config.stackfile import accepted, refused

DAY = 'as_of: "2026-11-21"'
VERSION, PROXY = 'version: "1.35"', "v1.35.3-eksbuild.21"
AUTOSCALER = "cluster-autoscaler:v1.35.2@"


def kubernetes(minor: str) -> tuple[tuple[str, str], ...]:
    """The version with what must fit it."""
    fitting = ((PROXY, f"v{minor}.0-eksbuild.1"), (AUTOSCALER, f"cluster-autoscaler:v{minor}.0@"))
    return ((VERSION, f'version: "{minor}"'), *fitting)


@pytest.mark.parametrize("minor", ["1.28", "1.31", "1.33", "1.37", "1.99"])
def test_kubernetes_outside_standard_support_is_refused(minor: str) -> None:
    found = refused(*kubernetes(minor))
    assert found.keys() == {"cluster.version"}
    assert found["cluster.version"].allowed == "1.34, 1.35, 1.36"


@pytest.mark.parametrize("minor", ["1.34", "1.35", "1.36"])
def test_kubernetes_in_standard_support_is_accepted(minor: str) -> None:
    assert accepted(*kubernetes(minor)).cluster.version == minor


def test_the_last_day_of_support_is_in_it_and_the_next_is_not() -> None:
    accepted(*kubernetes("1.34"), (DAY, 'as_of: "2026-12-02"'))
    assert "cluster.version" in refused(*kubernetes("1.34"), (DAY, 'as_of: "2026-12-03"'))


def test_extended_support_has_to_be_asked_for_and_ends_too() -> None:
    extended = (
        "      log_retention_days: 90\n      node_groups:",
        "      support: EXTENDED\n      log_retention_days: 90\n      node_groups:",
    )
    accepted(*kubernetes("1.32"), extended)
    found = refused(*kubernetes("1.30"), extended)
    assert found["cluster.version"].what == "extended support of EKS ended on 2026-07-23"


@pytest.mark.parametrize("day", ["2020-01-01", "2026-11-20", "2027-05-21"])
def test_the_day_of_the_check_cannot_be_dated_away(day: str) -> None:
    """An old date would bring back every version that has ended since."""
    assert "as_of" in refused((DAY, f'as_of: "{day}"'))


def test_a_date_outside_quotes_is_refused_with_the_right_form() -> None:
    """The engine turns it into a text that is no date."""
    assert refused((DAY, "as_of: 2026-11-21"))["as_of"].fix == 'write it in quotes: "2026-11-21"'


@pytest.mark.parametrize("addon", ["vpc-cni", "coredns", "eks-pod-identity-agent"])
def test_a_required_add_on_cannot_be_left_out(addon: str) -> None:
    found = refused((f"        {addon}: {{", "        metrics-server: {"))
    assert found[f"cluster.addons.{addon}"].what == "required add-on is missing"


@pytest.mark.parametrize(
    ("proxy", "fits"), [("v1.36.0", False), ("v1.35.0", True), ("v1.32.9", True), ("v1.31.0", False)]
)
def test_kube_proxy_is_not_newer_than_the_cluster_nor_four_minors_older(proxy: str, fits: bool) -> None:  # noqa: FBT001 - a column
    found = refused((PROXY, f"{proxy}-eksbuild.1"))
    assert ("cluster.addons.kube-proxy.version" not in found) is fits


@pytest.mark.parametrize(
    ("version", "what"),
    [
        ("14.20", "support of PostgreSQL 14 ended on 2026-11-12"),
        ("15.4", "RDS no longer creates this minor"),
        ("17.4", "RDS no longer creates this minor"),
        ("17.99", "not known to exist on RDS on 2026-11-21"),
        ("13.1", "no major of PostgreSQL on RDS known on 2026-11-21"),
    ],
)
def test_postgres_that_rds_does_not_create_is_refused(version: str, what: str) -> None:
    problem = refused(('"17.10"', f'"{version}"'))["data.postgres.engine_version"]
    assert problem.what == what
    assert problem.allowed == "15.13 to 15.19, 16.9 to 16.15, 17.5 to 17.11, 18.1 to 18.6"


def test_a_version_outside_quotes_is_refused_with_quotes() -> None:
    """17.10 would be read as 17.1, an older version."""
    problem = refused(('"17.10"', "17.10"))["data.postgres.engine_version"]
    assert (problem.got, problem.fix) == ("17.10 (read as 17.1)", "write it in quotes, as it is meant to be read")


@pytest.mark.parametrize(
    ("engine", "version", "what"),
    [
        ("redis", "5.0", "standard support ended on 2026-01-31"),
        ("redis", "8.0", "no version of redis on ElastiCache known on 2026-11-21"),
        ("valkey", "7.1", "no version of valkey on ElastiCache known on 2026-11-21"),
    ],
)
def test_a_cache_engine_out_of_support_is_refused(engine: str, version: str, what: str) -> None:
    found = refused(("engine: redis", f"engine: {engine}"), ('"7.1"', f'"{version}"'))
    assert found["data.redis.engine_version"].what == what


def test_support_ends_in_the_order_of_the_versions() -> None:
    standard = [support.standard for support in EKS.values() if support.standard]
    assert standard == sorted(standard)
    assert all(support.extended > support.standard for support in EKS.values() if support.extended and support.standard)
    assert [major.until for major in POSTGRES.values()] == sorted(major.until for major in POSTGRES.values())
    assert all(major.ended < major.newest for major in POSTGRES.values()), "each major has a minor left to create"
