"""CloudTrail keeps the log group, the role and the tags that a trail is created with.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (names; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.services import cloudtrail

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_OK: Final = 200
_DROPPED: Final = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")


def _create(original: Handler) -> Handler:
    def create(body: Document) -> Response:
        answer: Response = original(body)
        if answer[0] != _OK:
            return answer
        trail = cloudtrail._trails[body["Name"].strip()]
        kept = {field: body[field] for field in _DROPPED if body.get(field)}
        trail.update(kept)
        cloudtrail._trail_tags[trail["TrailARN"]] = {tag["Key"]: tag["Value"] for tag in body.get("TagsList") or []}
        made: Response = cloudtrail._ok(cloudtrail._trail_view(trail))
        return made

    return create


def _delete(original: Handler) -> Handler:
    def delete(body: Document) -> Response:
        _, _, trail, error = cloudtrail._find_mutable_trail(body["Name"].strip())
        answer: Response = original(body)
        if error is None and answer[0] == _OK:
            cloudtrail._trail_tags.pop(trail["TrailARN"], None)
        return answer

    return delete


def _apply() -> None:
    wrap_action(cloudtrail._DISPATCH, "CreateTrail", _create)
    wrap_action(cloudtrail._DISPATCH, "DeleteTrail", _delete)


PATCH = Patch("cloudtrail-settings", "a new trail has no tags and no log group", _apply)
