from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.data.plan import (
    INFREQUENT_ACCESS_DAYS,
    copied_iops,
    generations,
    postgres_family,
    redis_family,
    regional_copy,
    transitions,
)
from config.bucket import Bucket, Lifecycle
from config.data import Postgres, PostgresStorage, Redis

DAYS = st.none() | st.integers(30, 3650)


def _bucket(lifecycle: Lifecycle, storage_class: Literal["STANDARD", "STANDARD_IA"] = "STANDARD") -> Bucket:
    return Bucket(name="some-bucket", purpose="a test", storage_class=storage_class, lifecycle=lifecycle)


@given(DAYS, DAYS, DAYS, DAYS)
def test_objects_move_to_ever_colder_classes_ever_later(
    infrequent: int | None, instant: int | None, glacier: int | None, archive: int | None
) -> None:
    given_days = [day for day in (infrequent, instant, glacier, archive) if day is not None]
    assume(all(warmer < colder for warmer, colder in pairwise(given_days)))
    lifecycle = Lifecycle(
        infrequent_access_days=infrequent,
        glacier_instant_days=instant,
        glacier_days=glacier,
        deep_archive_days=archive,
    )
    moves = transitions(_bucket(lifecycle))
    assert [move.days for move in moves] == given_days, "each day of the stack file is one move"
    order = ["STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]
    places = [order.index(move.storage_class) for move in moves]
    assert places == sorted(places), "warmest first"


@given(st.integers(30, 3650), st.integers(1, 3650))
def test_a_colder_class_that_comes_no_later_is_refused(glacier: int, earlier: int) -> None:
    assume(earlier <= glacier)
    lifecycle = Lifecycle(glacier_days=glacier, deep_archive_days=earlier)
    with pytest.raises(ValueError, match="a colder class comes later"):
        transitions(_bucket(lifecycle))


def test_the_seeds_buckets_move_after_30_90_and_365_days() -> None:
    lifecycle = Lifecycle(infrequent_access_days=30, glacier_days=90, deep_archive_days=365)
    assert [(move.days, move.storage_class) for move in transitions(_bucket(lifecycle))] == [
        (30, "STANDARD_IA"),
        (90, "GLACIER"),
        (365, "DEEP_ARCHIVE"),
    ], "reference 004's lifecycle policies"


def test_a_bucket_of_class_standard_ia_moves_objects_as_soon_as_s3_allows() -> None:
    (first, *_) = transitions(_bucket(Lifecycle(), "STANDARD_IA"))
    assert (first.days, first.storage_class) == (INFREQUENT_ACCESS_DAYS, "STANDARD_IA"), (
        "S3 has no default class, so objects that were written to another are moved"
    )


def test_a_bucket_without_a_lifecycle_moves_nothing() -> None:
    assert transitions(_bucket(Lifecycle())) == (), "nothing was asked for"


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("redis", "7.1", "redis7"),
        ("redis", "6.2", "redis6.x"),
        ("valkey", "7.2", "valkey7"),
        ("valkey", "8.0", "valkey8"),
    ],
)
def test_the_cache_family_follows_engine_and_major_version(engine: str, version: str, family: str) -> None:
    redis = Redis.model_construct(engine=engine, engine_version=version)
    assert redis_family(redis) == family, "ElastiCache's own spelling"


@pytest.mark.parametrize(("version", "family"), [("17.7", "postgres17"), ("16.10", "postgres16")])
def test_the_database_family_is_the_major_version(version: str, family: str) -> None:
    assert postgres_family(Postgres.model_construct(engine_version=version)) == family, "RDS's own spelling"


@given(st.sets(st.integers(1, 98)), st.integers(1, 99))
def test_the_generations_are_the_former_in_order_and_then_the_current(previous: set[int], number: int) -> None:
    assume(number not in previous)
    found = generations(Postgres.model_construct(generation=number, previous_generations=tuple(previous)))
    assert [one.number for one in found] == [*sorted(previous), number], "each once"
    assert [one.current for one in found] == [False] * len(previous) + [True], "the last is the one in use"
    names = [one.thing("primary") for one in found]
    assert len(set(names)) == len(names), "no two have a name in common"


def test_the_first_generation_keeps_the_names_it_always_had() -> None:
    (first,) = generations(Postgres.model_construct(generation=1, previous_generations=()))
    assert (first.thing("primary"), first.parts) == ("primary", ()), "another name would replace the database"


def test_a_regional_copy_differs_in_the_region_alone() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:100000000004:secret:data-redis-token-1a2b3c"
    assert regional_copy(arn, "us-west-2") == arn.replace("us-east-1", "us-west-2")


@pytest.mark.parametrize("arn", ["data-redis-token", "arn:aws:iam::100000000004:role/x", "arn:aws:rds"])
def test_what_is_in_no_region_has_no_regional_copy(arn: str) -> None:
    with pytest.raises(ValueError, match="not the ARN of a regional resource"):
        regional_copy(arn, "us-west-2")


@pytest.mark.parametrize(
    ("storage", "iops"),
    [
        (PostgresStorage(type="gp3", allocated_gib=1024), 12000),
        (PostgresStorage(type="gp3", allocated_gib=400), 12000),
        (PostgresStorage(type="gp3", allocated_gib=399), None),
        (PostgresStorage(type="gp3", allocated_gib=1024, iops=16000), 16000),
        (PostgresStorage(type="io2", allocated_gib=1024, iops=5000), 5000),
    ],
)
def test_a_replica_names_its_iops_wherever_rds_takes_a_number(storage: PostgresStorage, iops: int | None) -> None:
    assert copied_iops(storage) == iops, "CreateDBInstanceReadReplica asks for it with gp3"
