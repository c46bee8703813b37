"""Buckets: names that S3 takes, and storage classes in an order and at distances that S3 takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.limits import BUCKET_NAME_LENGTH
from config.facts.services import BUCKET_PREFIXES
from config.problems import NOTHING, Path, refuse
from config.rules.sound import sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.data import Bucket, Lifecycle
    from config.problems import Problem
    from config.stack import StackConfig

BUCKETS: Final[Path] = ("data", "buckets")
ACCOUNT_SUFFIX: Final = len("-123456789012")
"""Characters that the account id and its hyphen add to each name."""
STEPS: Final = (("infrequent_access_days", 30), ("glacier_days", 30), ("deep_archive_days", 90))
"""Steps of a lifecycle with the days before each. S3 refuses Standard-IA before day 30, and the next class less than 30
days after it; Glacier Flexible Retrieval bills 90 days at least. S3 User Guide, "Transitioning objects", 2026-11."""
LONGEST_NAME: Final = BUCKET_NAME_LENGTH - ACCOUNT_SUFFIX
"""Characters left for `name`."""


def bucket_names(config: StackConfig) -> Iterator[Problem]:
    """Names are unique, short enough for the account id behind them, and not S3's own."""
    seen: dict[str, str] = {}

    def of_bucket(key: str, bucket: Bucket) -> Iterator[Problem]:
        path, name = (*BUCKETS, key, "name"), bucket.name
        if name in seen:
            what = f"name of data.buckets.{seen[name]} too"
            yield refuse(path, what, got=name, allowed="each name once", cure="choose another name")
        seen.setdefault(name, key)
        if len(name) > LONGEST_NAME:
            what = f"too long with the account id behind it: {len(name) + ACCOUNT_SUFFIX} characters"
            yield refuse(path, what, got=name, allowed=f"{LONGEST_NAME} characters at most", cure="shorten it")
        if name.startswith(BUCKET_PREFIXES):
            allowed = f"any prefix but {', '.join(BUCKET_PREFIXES)}"
            yield refuse(path, "prefix that S3 keeps for itself", got=name, allowed=allowed, cure="choose another name")

    for key, bucket in config.data.buckets.items():
        yield from sound(of_bucket(key, bucket))


def lifecycles(config: StackConfig) -> Iterator[Problem]:
    """Steps of a lifecycle come in order, far enough apart, and before the end."""

    def of_bucket(key: str, bucket: Bucket) -> Iterator[Problem]:
        path = (*BUCKETS, key, "lifecycle")
        yield from _steps(path, bucket.lifecycle)
        if bucket.storage_class == "STANDARD_IA" and bucket.lifecycle.infrequent_access_days != STEPS[0][1]:
            days = bucket.lifecycle.infrequent_access_days
            what = "storage_class STANDARD_IA moves objects at day 30"
            cure = "write `infrequent_access_days: 30`"
            got = NOTHING if days is None else days
            yield refuse((*path, STEPS[0][0]), what, got=got, allowed="30", cure=cure)

    for key, bucket in config.data.buckets.items():
        yield from sound(of_bucket(key, bucket))


def _steps(path: Path, lifecycle: Lifecycle) -> Iterator[Problem]:
    last, before = 0, "creation"
    for name, distance in STEPS:
        days: int | None = getattr(lifecycle, name)
        if days is None:
            continue
        least = last + distance if before != "creation" or name == STEPS[0][0] else 1
        if days < least:
            what = f"less than {distance} days after {before}"
            cure = "put the steps further apart"
            yield refuse((*path, name), what, got=days, allowed=f"{least} or more", cure=cure)
        last, before = days, name
    end = lifecycle.expire_days
    if end is not None and end <= last:
        what = f"deletes objects before {before} at day {last}"
        cure = "delete later, or drop the step"
        yield refuse((*path, "expire_days"), what, got=end, allowed=f"{last + 1} or more", cure=cure)


RULES: Final = (bucket_names, lifecycles)
