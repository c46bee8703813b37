"""When a lifecycle rule is due for a version, and what it then becomes: pure, on ministack's parsed rules.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html and
.../intro-lifecycle-rules.html (2026-11): days are counted from when a version was made, or ceased to be the current
one, and end at the next midnight UTC; objects go down the classes only; below 128 KiB they go nowhere by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

Rule: TypeAlias = Mapping[str, Any]

DAY_S: Final = 86_400
_SMALLEST: Final = 128 * 1024
_CLASSES: Final = (
    "STANDARD",
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
)
"""Storage classes, each of which may become a later one."""


@dataclass(frozen=True)
class Version:
    """A version of an object.

    Attributes:
        key: Its key.
        tags: Its tags.
        size: Bytes.
        storage_class: Its storage class.
        since: Seconds of the epoch from which its days are counted.
        newer: How many versions that are not current are newer than it; None for the current one.
    """

    key: str
    tags: Mapping[str, str]
    size: int
    storage_class: str
    since: float
    newer: int | None = None


def seconds(stamp: str) -> float:
    """Return a time of ministack's, or a date of a rule, in seconds of the epoch."""
    found = datetime.fromisoformat(stamp)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def end(since: float, days: int) -> float:
    """Return when a number of days is over: at the midnight UTC after them."""
    return (-(-(since + days * DAY_S) // DAY_S)) * DAY_S


def becomes(rules: list[Rule], version: Version, now: float) -> str | None:
    """Return the storage class that a version is to have by now, None where it keeps its own."""
    field, days = (
        ("Transitions", "Days") if version.newer is None else ("NoncurrentVersionTransitions", "NoncurrentDays")
    )
    found = [
        one["StorageClass"]
        for rule in _taking(rules, version)
        for one in rule.get(field, ())
        if _due(one, days, version, now) and (version.size >= _SMALLEST or _sizes(rule))
    ]
    below = _CLASSES[_CLASSES.index(version.storage_class) + 1 :]
    return max((one for one in found if one in below), key=_CLASSES.index, default=None)


def expires(rules: list[Rule], version: Version, now: float) -> bool:
    """Whether a version is to go by now."""
    field, days = ("Expiration", "Days") if version.newer is None else ("NoncurrentVersionExpiration", "NoncurrentDays")
    taking = (rule[field] for rule in _taking(rules, version) if field in rule)
    return any(_due(one, days, version, now) for one in taking)


def marker_expires(rules: list[Rule], version: Version) -> bool:
    """Whether a delete marker goes once nothing is left that it hides."""
    taking = _taking(rules, version)
    return any(rule.get("Expiration", {}).get("ExpiredObjectDeleteMarker") for rule in taking)


def upload_expires(rules: list[Rule], key: str, since: float, now: float) -> bool:
    """Whether a multipart upload that was never completed is to go by now."""
    taking = _taking(rules, Version(key, {}, 0, _CLASSES[0], since))
    given = (rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation") for rule in taking)
    return any(days is not None and now >= end(since, days) for days in given)


def _due(action: Rule, days: str, version: Version, now: float) -> bool:
    if version.newer is not None and version.newer < int(action.get("NewerNoncurrentVersions", 0)):
        return False
    if "Date" in action:
        return now >= seconds(action["Date"])
    return days in action and now >= end(version.since, int(action[days]))


def _taking(rules: list[Rule], version: Version) -> list[Rule]:
    return [rule for rule in rules if takes(rule, version)]


def _filter(rule: Rule) -> dict[str, Any]:
    given = dict(rule.get("Filter") or {})
    return given | dict(given.pop("And", {}))


def takes(rule: Rule, version: Version) -> bool:
    """Whether a rule is enabled and its filter takes a version."""
    given = _filter(rule)
    tags = [given["Tag"]] if "Tag" in given else given.get("Tags", [])
    return (
        rule.get("Status") == "Enabled"
        and version.key.startswith(given.get("Prefix", ""))
        and all(version.tags.get(tag["Key"]) == tag["Value"] for tag in tags)
        and version.size > given.get("ObjectSizeGreaterThan", -1)
        and version.size < given.get("ObjectSizeLessThan", float("inf"))
    )


def _sizes(rule: Rule) -> bool:
    """Whether a rule says itself which sizes it is for."""
    return bool({"ObjectSizeGreaterThan", "ObjectSizeLessThan"} & _filter(rule).keys())
