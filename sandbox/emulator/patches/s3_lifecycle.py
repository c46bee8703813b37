"""S3 applies the lifecycle rules of its buckets once a day of the emulator's clock.

ministack keeps the rules and never acts on them. Versions change their class or go, delete markers that hide nothing
and uploads that were never completed are taken away; what an object lock holds stays, and nothing of it is replicated.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from ministack.services import s3

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches import s3_ages
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Entry = dict[str, Any]

_PATIENCE_S: Final = 60.0

DAILY: Final[list[Callable[[str, float], None]]] = []
"""What else is done for each bucket of the account of the request once a day, at a time in seconds of the epoch."""


class _Days:
    """Acts once in each day, in the event loop that serves the requests."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last = 0

    def meet(self) -> None:
        """Learn of the running loop."""
        self._loop = asyncio.get_running_loop()

    def tick(self) -> None:
        """Act where a day has begun; called in a thread that is not the loop's, and waits."""
        day = int(CLOCK.now() // s3_ages.DAY_S)
        if self._loop is not None and day != self._last:
            self._last = day
            asyncio.run_coroutine_threadsafe(_sweep(), self._loop).result(_PATIENCE_S)


_DAYS: Final = _Days()


async def _sweep() -> None:
    now = CLOCK.now()
    for account in sorted({account for account, _ in s3._buckets._data}):
        with s3._in_account(account):
            for bucket in list(s3._buckets):
                rules = s3._bucket_lifecycle.get(bucket)
                if isinstance(rules, list):
                    _apply_to(bucket, rules, now)
                for act in DAILY:
                    act(bucket, now)


def _apply_to(bucket: str, rules: list[s3_ages.Rule], now: float) -> None:
    kept = {key for name, key in list(s3._object_versions) if name == bucket}
    for key in sorted(kept | set(s3._buckets[bucket]["objects"])):
        _age_versions(bucket, key, rules, now)
        _age_current(bucket, key, rules, now)
    for upload, one in list(s3._multipart_uploads.items()):
        mine = one["bucket"] == bucket
        if mine and s3_ages.upload_expires(rules, one["key"], s3_ages.seconds(one["created"]), now):
            del s3._multipart_uploads[upload]


def _age_versions(bucket: str, key: str, rules: list[s3_ages.Rule], now: float) -> None:
    """Let those versions age that are not the current one, the oldest first."""
    entries: list[Entry] = list(s3._object_versions.get((bucket, key), ()))
    for place, entry in enumerate(entries[:-1]):
        since = s3_ages.seconds(entries[place + 1]["last_modified"])
        version = _version(bucket, key, entry, since, newer=len(entries) - 2 - place)
        if s3_ages.expires(rules, version, now):
            _erase(bucket, key, entry["version_id"])
        elif not entry.get("is_delete_marker"):
            _reclass(entry, s3_ages.becomes(rules, version, now))
    left = s3._object_versions.get((bucket, key), ())
    if len(left) == 1 and left[0].get("is_delete_marker"):
        version = _version(bucket, key, left[0], s3_ages.seconds(left[0]["last_modified"]))
        if s3_ages.marker_expires(rules, version) or s3_ages.expires(rules, version, now):
            _erase(bucket, key, left[0]["version_id"])


def _age_current(bucket: str, key: str, rules: list[s3_ages.Rule], now: float) -> None:
    record = s3._buckets[bucket]["objects"].get(key)
    if record is None:
        return
    version = _version(bucket, key, record, s3_ages.seconds(record["last_modified"]))
    if s3_ages.expires(rules, version, now):
        if s3._bucket_versioning.get(bucket):
            s3._record_delete_marker(bucket, key, record)
            s3._buckets[bucket]["objects"].pop(key, None)
            s3._persist_version_state(bucket, key, s3._buckets[bucket])
        else:
            _erase(bucket, key, "null")
        return
    changed = _reclass(record, s3_ages.becomes(rules, version, now))
    for entry in s3._object_versions.get((bucket, key), ())[-1:]:
        _reclass(entry, record["storage_class"] if changed else None)
    if changed:
        s3._persist_object(bucket, key, record)


def _version(bucket: str, key: str, entry: Entry, since: float, newer: int | None = None) -> s3_ages.Version:
    kept = entry.get("version_id")
    tags = s3._object_tags.get((bucket, key, None if kept == "null" else kept), {})
    return s3_ages.Version(key, tags, entry.get("size", 0), entry.get("storage_class") or "STANDARD", since, newer)


def _reclass(entry: Entry, storage_class: str | None) -> bool:
    """Change the class of a version; returns whether it did."""
    if storage_class is not None:
        entry["storage_class"] = storage_class
        entry.pop("restore", None)
    return storage_class is not None


def _erase(bucket: str, key: str, version: str) -> None:
    """Delete a version for good, unless a lock holds it."""
    if s3._check_object_lock(bucket, key, {}, None if version == "null" else version) is None:
        s3._delete_object_version(s3._buckets[bucket], bucket, key, version)


def _serve(original: Handler) -> Handler:
    async def handle(*args: Any, **rest: Any) -> Response:  # noqa: ANN401 - as the function it replaces
        _DAYS.meet()
        pending: Awaitable[Response] = original(*args, **rest)
        return await pending

    return handle


def _apply() -> None:
    wrap(s3, "handle_request", _serve)
    CLOCK.at_each_tick(_DAYS.tick)


PATCH = Patch("s3-lifecycle", "no object ever grows old", _apply)
