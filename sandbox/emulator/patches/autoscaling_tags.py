"""Application Auto Scaling keeps the tags of scalable targets.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TagResource.html (2026-11)
"""

from __future__ import annotations

from typing import Final

from sandbox.emulator.patches.autoscaling_targets import TARGETS, add
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import Document, RefusedError

_MOST: Final = 50


def _target(body: Document) -> Document:
    arn = body["ResourceARN"]
    found: Document | None = next((one for one in TARGETS.values() if one["ScalableTargetARN"] == arn), None)
    if found is None:
        raise RefusedError("ResourceNotFoundException", f"The scalable target {arn} does not exist")
    return found


def _tag(body: Document) -> Document:
    target = _target(body)
    tags = target["_Tags"] | body["Tags"]
    if len(tags) > _MOST:
        raise RefusedError("TooManyTagsException", f"A resource has {_MOST} tags at most")
    target["_Tags"] = tags
    return {}


def _untag(body: Document) -> Document:
    target = _target(body)
    target["_Tags"] = {key: value for key, value in target["_Tags"].items() if key not in body["TagKeys"]}
    return {}


def _tags(body: Document) -> Document:
    return {"Tags": _target(body)["_Tags"]}


PATCH = Patch(
    "application-autoscaling-tags",
    "a scalable target has no tags",
    lambda: add(TagResource=_tag, UntagResource=_untag, ListTagsForResource=_tags),
)
