"""Buckets: names that S3 takes, and storage classes in an order and at distances that S3 takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.limits import BUCKET_NAME_LENGTH
from config.facts.services import BUCKET_PREFIXES
from config.problems import Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.data import Bucket
    from config.problems import Problem
    from config.stack import StackConfig

BUCKETS: Final[Path] = ("data", "buckets")
ACCOUNT_SUFFIX: Final = len("-123456789012")
"""Characters that the account id and its hyphen add to each name."""
STEPS: Final = {"infrequent_access_days": 30, "glacier_instant_days": 90, "glacier_days": 90, "deep_archive_days": 180}
"""Steps of a lifecycle, the warmest first, with the days for which each class is billed at least; S3 refuses to move an
object out of Standard-IA earlier. S3 User Guide, "Transitioning objects" and "Storage classes", 2026-11."""
FIRST: Final = "infrequent_access_days"
"""The first step."""
FIRST_DAY: Final = 30
"""The day before which S3 refuses it; the field's own minimum."""
LONGEST_NAME: Final = BUCKET_NAME_LENGTH - ACCOUNT_SUFFIX
"""Characters left for `name`."""


def bucket_names(config: StackConfig) -> Iterator[Problem]:
    """Names are unique, short enough for the account id behind them, and not S3's own."""
    seen: dict[str, str] = {}

    def of_bucket(key: str, bucket: Bucket) -> Iterator[Problem]:
        path, name = (*BUCKETS, key, "name"), bucket.name
        if name in seen:
            what = f"name of data.buckets.{seen[name]} too"
            yield refuse(path, what, got=name, allowed="each name once", fix="choose another name")
        seen.setdefault(name, key)
        if len(name) > LONGEST_NAME:
            what = f"too long with the account id behind it: {len(name) + ACCOUNT_SUFFIX} characters"
            yield refuse(path, what, got=name, allowed=f"{LONGEST_NAME} characters at most", fix="shorten it")
        if name.startswith(BUCKET_PREFIXES):
            allowed = f"any prefix but {', '.join(BUCKET_PREFIXES)}"
            yield refuse(path, "prefix that S3 keeps for itself", got=name, allowed=allowed, fix="choose another name")

    for key, bucket in config.buckets.items():
        yield from until_incomplete(of_bucket(key, bucket))


def lifecycles(config: StackConfig) -> Iterator[Problem]:
    """Steps of a lifecycle come in order, far enough apart, and before the end."""

    def of_bucket(key: str, bucket: Bucket) -> Iterator[Problem]:
        path, days = (*BUCKETS, key, "lifecycle"), _days(bucket)
        yield from _steps(path, days, bucket.lifecycle.expire_days)
        if bucket.storage_class == "STANDARD_IA" and days[FIRST] != FIRST_DAY:
            what = f"storage_class STANDARD_IA moves objects at day {FIRST_DAY}"
            fix = f"write `{FIRST}: {FIRST_DAY}`, or leave it out"
            yield refuse((*path, FIRST), what, got=days[FIRST], allowed=f"{FIRST_DAY}, or nothing", fix=fix)

    for key, bucket in config.buckets.items():
        yield from until_incomplete(of_bucket(key, bucket))


def _days(bucket: Bucket) -> dict[str, int]:
    """Return the days of the steps that a bucket takes, the warmest first."""
    given = {name: getattr(bucket.lifecycle, name) for name in STEPS}
    if given[FIRST] is None and bucket.storage_class == "STANDARD_IA":
        given[FIRST] = FIRST_DAY
    return {name: days for name, days in given.items() if days is not None}


def _steps(path: Path, days: dict[str, int], end: int | None) -> Iterator[Problem]:
    last, before = 0, ""
    for name, day in days.items():
        least = last + STEPS[before] if before else 1
        if day < least:
            what = f"less than {STEPS[before]} days after {before}"
            yield refuse((*path, name), what, got=day, allowed=f"{least} or more", fix="put the steps further apart")
        last, before = day, name
    if end is not None and before and end <= last:
        what = f"deletes objects before {before} at day {last}"
        allowed = f"{last + 1} or more"
        yield refuse((*path, "expire_days"), what, got=end, allowed=allowed, fix="delete later, or drop the step")


RULES: Final = (bucket_names, lifecycles)
