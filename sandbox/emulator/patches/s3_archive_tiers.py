"""Objects of S3 Intelligent-Tiering that nobody has read for long move to its archive tiers, and must be restored.

ministack keeps the configurations that ask for it and never acts on them. HEAD says the tier, GET is refused until the
object is restored, which makes it a frequently accessed one again. The tiers that need no restoring are not shown by
S3 either. Filters by tag count as they do for lifecycle rules.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from typing import Any, Final

from ministack.services import s3

from sandbox.emulator.patches import s3_ages, s3_configurations, s3_lifecycle, stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_CLASS: Final = "INTELLIGENT_TIERING"
_KIND: Final = "intelligent-tiering"
_HEADER: Final = "x-amz-archive-status"

_READ = stores.of_account("s3-last-read")
"""(bucket, key) of a read object to when that was last, in seconds of the epoch."""
_TIERS = stores.of_account("s3-archive-tiers")
"""(bucket, key, version id or None) to ARCHIVE_ACCESS or DEEP_ARCHIVE_ACCESS."""

Entry = dict[str, Any]


def _place(bucket: str, key: str, record: Entry) -> tuple[str, str, str | None]:
    return bucket, key, record.get("version_id")


def _age(bucket: str, now: float) -> None:
    """Move a bucket's objects to the deepest tier whose days without access are over."""
    configurations = [
        _plain(body) for (name, kind, _), body in s3_configurations.put() if (name, kind) == (bucket, _KIND)
    ]
    for key, record in list(s3._buckets[bucket]["objects"].items()) if configurations else ():
        if record.get("storage_class") != _CLASS:
            continue
        since = max(s3_ages.seconds(record["last_modified"]), _READ.get((bucket, key), 0.0))
        tags = s3._object_tags.get(_place(bucket, key, record), {})
        version = s3_ages.Version(key, tags, record["size"], _CLASS, since)
        tiers = [tier for one in configurations if s3_ages.takes(one, version) for tier in one["Tierings"].items()]
        due = [tier for tier, days in sorted(tiers) if now >= s3_ages.end(since, days)]
        if due:
            _TIERS[_place(bucket, key, record)] = due[-1]  # DEEP_ARCHIVE_ACCESS is after ARCHIVE_ACCESS


def _plain(body: bytes) -> Entry:
    """Return a configuration as lifecycle rules are kept: its status, its filter, and tier -> days."""
    root = ET.fromstring(body)  # noqa: S314 - the emulator has taken it
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    tags = [{"Key": one.findtext("Key"), "Value": one.findtext("Value")} for one in root.iterfind("Filter//Tag")]
    prefix = root.findtext("Filter/Prefix") or root.findtext("Filter/And/Prefix") or ""
    tierings = {one.findtext("AccessTier"): int(one.findtext("Days") or 0) for one in root.iterfind("Tiering")}
    return {"Status": root.findtext("Status"), "Filter": {"Prefix": prefix, "Tags": tags}, "Tierings": tierings}


def _headers(original: Handler) -> Handler:
    def headers(obj: Entry, bucket: str = "", key: str = "", **rest: Any) -> dict[str, str]:  # noqa: ANN401
        said: dict[str, str] = original(obj, bucket, key, **rest)
        tier = _TIERS.get(_place(bucket, key, obj)) if obj.get("storage_class") == _CLASS else None
        return said | ({_HEADER: tier} if tier else {})

    return headers


def _get(original: Handler) -> Handler:
    def get(bucket: str, key: str, *args: Any) -> Response:  # noqa: ANN401 - as the function it replaces
        record = s3._buckets.get(bucket, {}).get("objects", {}).get(key)
        if record is not None and record.get("storage_class") == _CLASS:
            tier = _TIERS.get(_place(bucket, key, record))
            if tier is not None:
                refused: Response = s3._invalid_object_state(bucket, key, _CLASS)
                status, given, body = refused
                return (
                    status,
                    given,
                    body.replace(b"</StorageClass>", f"</StorageClass><AccessTier>{tier}</AccessTier>".encode()),
                )
            _READ[bucket, key] = time.time()
        answer: Response = original(bucket, key, *args)
        return answer

    return get


def _restore(original: Handler) -> Handler:
    def restore(bucket: str, key: str, body: bytes) -> Response:
        record = s3._buckets.get(bucket, {}).get("objects", {}).get(key)
        if record is not None and _TIERS.pop(_place(bucket, key, record), None) is not None:
            _READ[bucket, key] = time.time()
            return 202, {}, b""
        answer: Response = original(bucket, key, body)
        return answer

    return restore


def _forget(original: Handler) -> Handler:
    """Forget an object that is written anew: it begins in the tier of frequent access."""

    def record(bucket: str, key: str, *args: Any) -> Any:  # noqa: ANN401 - as the function it replaces
        _READ.pop((bucket, key), None)
        _TIERS.pop((bucket, key, None), None)
        return original(bucket, key, *args)

    return record


def _apply() -> None:
    wrap(s3, "_object_response_headers", _headers)
    wrap(s3, "_get_object", _get)
    wrap(s3, "_restore_object", _restore)
    wrap(s3, "_record_object_version", _forget)
    s3_lifecycle.DAILY.append(_age)


PATCH = Patch("s3-archive-tiers", "no object is ever archived by its lack of readers", _apply)
