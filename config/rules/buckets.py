"""Buckets: names that S3 takes, and storage classes in an order and at distances that S3 takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.limits import BUCKET_NAME_LENGTH
from config.facts.services import BUCKET_PREFIXES
from config.problems import NOTHING, Path, dotted, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.bucket import Bucket
    from config.problems import Problem
    from config.stack import StackConfig

BUCKETS: Final[Path] = ("data", "buckets")
ACCOUNT_SUFFIX: Final = len("-123456789012")
"""Characters that the account id and its hyphen add to each name."""
STEPS: Final = {
    "infrequent_access_days": 30,
    "intelligent_tiering_days": 1,
    "glacier_instant_days": 90,
    "glacier_days": 90,
    "deep_archive_days": 180,
}
"""Steps of a lifecycle, the warmest first, with the days for which each class is billed at least; S3 refuses to move an
object out of Standard-IA earlier. Intelligent-Tiering has no such time: the next step is a day later. S3 User Guide,
"Transitioning objects" and "Storage classes", 2026-11."""
ARCHIVES: Final = ("glacier_days", "deep_archive_days")
"""Steps of a lifecycle after which an object must be restored before it can be read."""
FIRST: Final = "infrequent_access_days"
"""The first step."""
FIRST_DAY: Final = 30
"""The day before which S3 refuses it; the field's own minimum."""
LONGEST_NAME: Final = BUCKET_NAME_LENGTH - ACCOUNT_SUFFIX
"""Characters left for `name`."""


def bucket_names(config: StackConfig) -> Iterator[Problem]:
    """Names are unique, short enough for the account id behind them, and not S3's own."""
    seen: dict[str, str] = {}

    def of_name(path: Path, name: str) -> Iterator[Problem]:
        if name in seen:
            what = f"name of {seen[name]} too"
            yield refuse(path, what, got=name, allowed="each name once", fix="choose another name")
        seen.setdefault(name, dotted(path[:-1]))
        if len(name) > LONGEST_NAME:
            what = f"too long with the account id behind it: {len(name) + ACCOUNT_SUFFIX} characters"
            yield refuse(path, what, got=name, allowed=f"{LONGEST_NAME} characters at most", fix="shorten it")
        if name.startswith(BUCKET_PREFIXES):
            allowed = f"any prefix but {', '.join(BUCKET_PREFIXES)}"
            yield refuse(path, "prefix that S3 keeps for itself", got=name, allowed=allowed, fix="choose another name")

    def of_replica(path: Path, bucket: Bucket) -> Iterator[Problem]:
        if bucket.replica is not None and bucket.replica_name is not None:
            yield from of_name((*path, "name"), bucket.replica_name)

    for key, bucket in config.buckets.items():
        yield from until_incomplete(of_name((*BUCKETS, key, "name"), bucket.name))
    for key, bucket in config.buckets.items():
        yield from until_incomplete(of_replica((*BUCKETS, key, "replica"), bucket))


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


def unreadable(bucket: Bucket) -> dict[Path, int]:
    """Return the steps after which an object must be restored before it can be read: path below the bucket -> days."""
    steps: dict[Path, int | None] = {("lifecycle", step): getattr(bucket.lifecycle, step) for step in ARCHIVES}
    if (tiers := bucket.intelligent_tiering) is not None:
        steps["intelligent_tiering", "archive_days"] = tiers.archive_days
        steps["intelligent_tiering", "deep_archive_days"] = tiers.deep_archive_days
    return {path: days for path, days in steps.items() if days is not None}


def _days(bucket: Bucket) -> dict[str, int]:
    """Return the days of the steps that a bucket takes, the warmest first."""
    given = {name: getattr(bucket.lifecycle, name) for name in STEPS}
    if given[FIRST] is None and bucket.storage_class == "STANDARD_IA":
        given[FIRST] = FIRST_DAY
    return {name: days for name, days in given.items() if days is not None}


def _steps(path: Path, days: dict[str, int], end: int | None) -> Iterator[Problem]:
    last, before = 0, ""
    for name, day in days.items():
        least = last + STEPS[before] if before else 0
        if day < least:
            what = f"less than {STEPS[before]} day{'s' * (STEPS[before] > 1)} after {before}"
            yield refuse((*path, name), what, got=day, allowed=f"{least} or more", fix="put the steps further apart")
        last, before = day, name
    if end is not None and before and end <= last:
        what = f"deletes objects before {before} at day {last}"
        allowed = f"{last + 1} or more"
        yield refuse((*path, "expire_days"), what, got=end, allowed=allowed, fix="delete later, or drop the step")


def archive_tiers(config: StackConfig) -> Iterator[Problem]:
    """Archive tiers come in order, and objects come to them by way of Intelligent-Tiering."""

    def of_bucket(key: str, bucket: Bucket) -> Iterator[Problem]:
        path, tiers = (*BUCKETS, key, "intelligent_tiering"), bucket.intelligent_tiering
        if tiers is None:
            return
        days = {"archive_days": tiers.archive_days, "deep_archive_days": tiers.deep_archive_days}
        named = [day for day in days.values() if day is not None]
        if not named:
            what, fix = "archives nothing", "give one of them, or leave intelligent_tiering out"
            yield refuse(path, what, got=NOTHING, allowed=" or ".join(days), fix=fix)
        elif named != sorted(set(named)):
            what, fix = "not after archive_days", "archive deeper later, or leave one of them out"
            allowed = f"{tiers.archive_days} days or more, and not the same"
            yield refuse((*path, "deep_archive_days"), what, got=tiers.deep_archive_days, allowed=allowed, fix=fix)
        if bucket.lifecycle.intelligent_tiering_days is None:
            what, fix = "no object comes to Intelligent-Tiering", "write the day, such as 0"
            step = (*BUCKETS, key, "lifecycle", "intelligent_tiering_days")
            yield refuse(step, what, got=NOTHING, allowed="a day, beside intelligent_tiering", fix=fix)

    for key, bucket in config.buckets.items():
        yield from until_incomplete(of_bucket(key, bucket))


def replicas(config: StackConfig) -> Iterator[Problem]:
    """A replica stands in another region, and is the only copy of its bucket.

    S3 keeps one replication configuration for a bucket, so a second one would take the first one's place.
    """
    standby = config.recovery.standby if config.recovery else None

    def of_bucket(key: str, bucket: Bucket) -> Iterator[Problem]:
        path, replica = (*BUCKETS, key, "replica"), bucket.replica
        if replica is None:
            return
        if replica.region == config.identity.region:
            what, fix = "lost together with the bucket", "choose another region"
            allowed = f"a region other than {config.identity.region}"
            yield refuse((*path, "region"), what, got=replica.region, allowed=allowed, fix=fix)
        if standby is not None and standby.buckets is not None:
            what, fix = "recovery.standby.buckets replicates the bucket already", "leave one of the two out"
            yield refuse(path, what, got=replica.region, allowed="nothing beside recovery.standby.buckets", fix=fix)

    for key, bucket in config.buckets.items():
        yield from until_incomplete(of_bucket(key, bucket))


RULES: Final = (bucket_names, lifecycles, archive_tiers, replicas)
