"""S3 replication as AWS does it: later, in order, both ways, and not across a region that is cut off.

ministack copies at once, within the request, under a version id of its own, with the source's key and without looking
at the role. Here a write is queued and answered PENDING; soon after, or once both regions can be reached, it is
delivered and becomes COMPLETED, or FAILED where the role or the destination forbids it. Copies say REPLICA and are not
sent back; changes to their tags are, under rules that sync replica modifications. The queue is saved with the state.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Protocol

from ministack.services import s3

from sandbox.emulator.cut import CUTS, reachable
from sandbox.emulator.patches import s3_rules, stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap
from sandbox.emulator.patches.s3_delivery import Delivery, encrypted, region_of, version_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_DELAY_S = 0.2
_SENT = "_sent"
_REPLICA = "REPLICA"

_QUEUE = stores.of_account("s3-replication-queue")
"""(bucket, key, version, destination) to the rule, its role and when it was queued, oldest first."""

_STATUS = stores.of_account("s3-replication-status")
"""(bucket, key, version) to PENDING, COMPLETED, FAILED or REPLICA."""

Place = tuple[str, str, str]


class Watcher(Protocol):
    """Called with what becomes of the deliveries of one rule of one bucket."""

    def delivered(self, *, seconds: float, waiting: int, failed: bool) -> None:
        """Learn of one delivery: how long it took, what still waits, whether it failed."""

    def waits(self, *, seconds: float, waiting: int) -> None:
        """Learn how long the oldest delivery of the rule has been waiting."""


WATCHERS: list[Callable[[str, s3_rules.Rule], Watcher]] = []
"""What makes a watcher of a source bucket and a rule."""


class _Courier:
    """Delivers what is queued, in the event loop that serves the requests."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def meet(self) -> None:
        """Learn of the running loop; what was saved with the queue is then on its way."""
        self._loop = asyncio.get_running_loop()
        self.wake()

    def wake(self) -> None:
        """See to it that the queue is worked on soon."""
        if self._loop is not None and _QUEUE._data:
            self._loop.call_soon_threadsafe(self._plan)

    def _plan(self) -> None:
        if self._timer is None and self._loop is not None:
            self._timer = self._loop.call_later(_DELAY_S, self._round)

    def _round(self) -> None:
        self._timer = None
        for account in sorted({account for account, _ in _QUEUE._data}):
            with s3._in_account(account):
                _deliver_all()
        self.wake()


_COURIER = _Courier()


def _deliver_all() -> None:
    """Deliver what one account has queued and can be delivered now."""
    for place, job in list(_QUEUE.items()):
        bucket, key, version, destination = place
        seconds, watchers = time.time() - job["since"], [watch(bucket, job["rule"]) for watch in WATCHERS]
        if seconds < _DELAY_S or not reachable(region_of(bucket), region_of(destination)):
            for watcher in watchers:
                watcher.waits(seconds=seconds, waiting=_waiting(bucket, destination))
            continue
        delivery = Delivery(bucket, key, version, job["rule"], job["role"])
        entry = delivery.entry()
        del _QUEUE[place]
        if entry is not None:
            done = delivery.allowed(entry) and delivery.apply(entry)
            _settle((bucket, key, version), destination, done=done)
            for watcher in watchers:
                watcher.delivered(seconds=seconds, waiting=_waiting(bucket, destination), failed=not done)


def _waiting(bucket: str, destination: str) -> int:
    """How many deliveries from one bucket to another are queued."""
    return sum(1 for queued in _QUEUE if (queued[0], queued[3]) == (bucket, destination))


def _settle(place: Place, destination: str, *, done: bool) -> None:
    """Say how a delivery ended: failure stays, success counts once nothing is pending any more."""
    bucket, key, version = place
    owner = s3._bucket_owner_account(destination)
    if done and owner is not None:
        _STATUS.set_scoped(owner, None, (destination, key, version), _REPLICA)
    pending = any(queued[:3] == place for queued in _QUEUE)
    if _STATUS.get(place) == "PENDING" and (not done or not pending):
        _STATUS[bucket, key, version] = "COMPLETED" if done else "FAILED"


def _send(bucket: str, key: str, version: str, rules: dict[str, s3_rules.Rule]) -> None:
    role = s3._bucket_replication[bucket]["Role"] if rules else ""
    for destination, rule in rules.items():
        _QUEUE[bucket, key, version, destination] = {"rule": dict(rule), "role": role, "since": time.time()}
        if _STATUS.get((bucket, key, version)) != _REPLICA:
            _STATUS[bucket, key, version] = "PENDING"
    _COURIER.wake()


def _rules(bucket: str, subject: s3_rules.Subject) -> dict[str, s3_rules.Rule]:
    """Where a bucket of the account sends a subject; nowhere while its versioning is not on."""
    if s3._bucket_versioning.get(bucket) != "Enabled":
        return {}
    return s3_rules.destinations(s3._bucket_replication.get(bucket), subject)


def _mark(_: Handler) -> Handler:
    """Remember at a write where it goes: its tags are known here, its version is not yet."""

    def mark(bucket: str, key: str, obj: dict[str, Any], _: object, tags: dict[str, str] | None = None) -> None:
        obj[_SENT] = _rules(bucket, s3_rules.Subject(key, tags or {}, encrypted=encrypted(obj)))

    return mark


def _record(original: Handler) -> Handler:
    def record(bucket: str, key: str, prior: object, obj: dict[str, Any], data: object) -> str | None:
        rules = obj.pop(_SENT, {})
        version: str | None = original(bucket, key, prior, obj, data)
        if version is not None:
            _send(bucket, key, version, rules)
        return version

    return record


def _send_marker(_: Handler) -> Handler:
    def send(bucket: str, key: str) -> None:
        version = s3._object_versions[bucket, key][-1]["version_id"]
        _send(bucket, key, version, _rules(bucket, s3_rules.Subject(key, {}, marker=True)))

    return send


def _retagged(original: Handler) -> Handler:
    """Send changed tags after the object they belong to."""

    def change(bucket: str, key: str, *rest: Any) -> Response:  # noqa: ANN401 - as the function it replaces
        answer: Response = original(bucket, key, *rest)
        version = answer[1].get("x-amz-version-id", "")
        entry = version_of(bucket, key, version)
        if entry is not None:
            tags = s3._object_tags.get((bucket, key, version), {})
            replica = _STATUS.get((bucket, key, version)) == _REPLICA
            subject = s3_rules.Subject(key, tags, encrypted=encrypted(entry), replica=replica)
            _send(bucket, key, version, _rules(bucket, subject))
        return answer

    return change


def _say_status(original: Handler) -> Handler:
    def headers(obj: dict[str, Any], bucket: str = "", key: str = "", **rest: Any) -> dict[str, str]:  # noqa: ANN401
        said: dict[str, str] = original(obj, bucket, key, **rest)
        if status := _STATUS.get((bucket, key, obj.get("version_id"))):
            said["x-amz-replication-status"] = status
        return said

    return headers


def _forget(original: Handler) -> Handler:
    def delete(bucket: dict[str, Any], name: str, key: str, version: str) -> tuple[bool, bool]:
        _STATUS.pop((name, key, version), None)
        deleted: tuple[bool, bool] = original(bucket, name, key, version)
        return deleted

    return delete


def _serve(original: Handler) -> Handler:
    async def handle(*args: Any, **rest: Any) -> Response:  # noqa: ANN401 - as the function it replaces
        _COURIER.meet()
        pending: Awaitable[Response] = original(*args, **rest)
        return await pending

    return handle


def _apply() -> None:
    wrap(s3, "_maybe_replicate", _mark)
    wrap(s3, "_record_object_version", _record)
    wrap(s3, "_maybe_replicate_delete_marker", _send_marker)
    wrap(s3, "_put_object_tagging", _retagged)
    wrap(s3, "_delete_object_tagging", _retagged)
    wrap(s3, "_object_response_headers", _say_status)
    wrap(s3, "_delete_object_version", _forget)
    wrap(s3, "handle_request", _serve)
    CUTS.on_heal.append(_COURIER.wake)


PATCH = Patch("s3-replication", "objects are copied at once, unasked whether their regions can be reached", _apply)
