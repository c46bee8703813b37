from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.data.plan import INFREQUENT_ACCESS_DAYS, postgres_family, redis_family, transitions
from config.data import Bucket, Lifecycle, Postgres, Redis

DAYS = st.none() | st.integers(30, 3650)


def _bucket(lifecycle: Lifecycle, storage_class: Literal["STANDARD", "STANDARD_IA"] = "STANDARD") -> Bucket:
    return Bucket(name="some-bucket", purpose="a test", storage_class=storage_class, lifecycle=lifecycle)


@given(DAYS, DAYS, DAYS)
def test_objects_move_to_ever_colder_classes_ever_later(
    infrequent: int | None, glacier: int | None, archive: int | None
) -> None:
    given_days = [day for day in (infrequent, glacier, archive) if day is not None]
    assume(all(warmer < colder for warmer, colder in pairwise(given_days)))
    lifecycle = Lifecycle(infrequent_access_days=infrequent, glacier_days=glacier, deep_archive_days=archive)
    moves = transitions(_bucket(lifecycle))
    assert [move.days for move in moves] == given_days, "each day of the stack file is one move"
    order = ["STANDARD_IA", "GLACIER", "DEEP_ARCHIVE"]
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
    ], "the seed's lifecycle policies"


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
