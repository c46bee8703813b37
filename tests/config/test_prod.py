"""prod's stack file says what reference 004 says (docs/architecture.md), or what a decision record says."""

from __future__ import annotations

import re

import pytest

from config import load_file, stack_file
from config.files import ROOT
from tests.config.stackfile import PROD

STACK = load_file(stack_file("prod"))


def test_the_network_is_the_documents() -> None:
    network = STACK.network
    assert (str(network.cidr), network.zones, network.nat) == ("10.0.0.0/16", ("a", "b", "c"), "per_zone")
    plan = {name: ([str(cidr) for cidr in tier.cidrs], tier.internet) for name, tier in network.tiers.items()}
    assert plan == {
        "public": (["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"], "direct"),
        "private": (["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"], "nat"),
        "database": (["10.0.21.0/24", "10.0.22.0/24", "10.0.23.0/24"], "none"),
        "blockchain": (["10.0.31.0/24", "10.0.32.0/24", "10.0.33.0/24"], "nat"),
    }
    assert STACK.identity.region == "us-east-1"


@pytest.mark.parametrize(
    ("group", "types", "counts"),
    [
        ("general", ("c5.large", "c5.xlarge", "c5.2xlarge", "c5.4xlarge"), ("zone", 3, 20)),
        ("gpu", ("g6.2xlarge", "g5.2xlarge"), ("group", 2, 10)),
        ("blockchain", ("c5.2xlarge", "c5.4xlarge"), ("group", 5, 15)),
        ("monitoring", ("t3.medium",), ("group", 2, 4)),
    ],
)
def test_the_node_groups_are_the_documents_with_gpus_of_today(
    group: str, types: tuple[str, ...], counts: tuple[str, int, int]
) -> None:
    settings = STACK.cluster.node_groups[group]
    assert settings.instance_types == types
    assert (settings.scaling.per, settings.scaling.min, settings.scaling.max) == counts


def test_the_database_is_the_documents_without_its_iops() -> None:
    postgres = STACK.data.postgres
    assert (postgres.instance_class, postgres.multi_az, postgres.backup_retention_days) == ("db.r5.2xlarge", True, 30)
    assert [replica.instance_class for replica in postgres.replicas.values()] == ["db.r5.xlarge"] * 2
    assert len({replica.zone for replica in postgres.replicas.values()}) == 2, "2 replicas in different AZs"
    assert (postgres.storage.type, postgres.storage.allocated_gib, postgres.storage.iops) == ("gp3", 1024, None)


def test_the_cache_is_the_documents() -> None:
    redis = STACK.data.redis
    assert (redis.node_type, redis.shards, redis.replicas_per_shard) == ("cache.r6g.large", 3, 2)
    assert redis.snapshot_retention_days == 7


def test_the_buckets_are_the_documents_with_one_lifecycle_but_where_cloudfront_reads() -> None:
    buckets = {bucket.name: bucket.storage_class for bucket in STACK.data.buckets.values()}
    assert buckets == {
        "phoenix-app-data-prod": "STANDARD",
        "phoenix-blockchain-backups": "STANDARD_IA",
        "phoenix-ai-models": "STANDARD",
        "phoenix-logs-prod": "STANDARD_IA",
        "phoenix-static-assets": "STANDARD",
    }
    for bucket in STACK.data.buckets.values():
        steps = bucket.lifecycle
        cold = (None, None) if bucket.read_by_cloudfront else (90, 365)
        days = (steps.infrequent_access_days, steps.glacier_instant_days, steps.deep_archive_days)
        assert (*days, steps.glacier_days) == (30, *cold, None), "decisions 0011 and 0029"


def test_every_decision_that_the_file_names_is_on_record() -> None:
    named = set(re.findall(r"ADR (\d{4})", PROD))
    on_record = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")}
    assert named
    assert named <= on_record


def test_editors_find_the_schema_from_the_first_line() -> None:
    reference = PROD.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (ROOT / reference).is_file()
