"""Application Auto Scaling tells what it did, why, and what it did not do because a target is at its bounds.

https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scaling-activities.html (2026-11)
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.autoscaling_targets import about, add, page, target_key
from sandbox.emulator.patches.base import Patch

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_ACTIVITIES: Final = stores.regional("autoscaling-activities")
"""`target_key` -> its activities, the newest first."""
_KEPT: Final = 200
_OF: Final = ("ServiceNamespace", "ResourceId", "ScalableDimension")


def tell(target: Document, description: str, cause: str, **more: object) -> None:
    """Record what was done with a target.

    Args:
        target: The target.
        description: What was done.
        cause: Why.
        more: Other members of the activity; without any, it was done.
    """
    now = time.time()
    activity = {
        "ActivityId": str(uuid.uuid4()),
        **{name: target[name] for name in _OF},
        "Description": description,
        "Cause": cause,
        "StartTime": now,
        "EndTime": now,
        "StatusCode": "Successful",
        **more,
    }
    earlier = _ACTIVITIES.get(target_key(target)) or []
    _ACTIVITIES[target_key(target)] = [activity, *earlier][:_KEPT]


def _describe(body: Document) -> Document:
    found = [one for each in _ACTIVITIES.values() for one in about(body, each)]
    if not body.get("IncludeNotScaledActivities"):
        found = [one for one in found if not one.get("NotScaledReasons")]
    return page("ScalingActivities", sorted(found, key=lambda one: -float(one["StartTime"])), body)


PATCH = Patch(
    "application-autoscaling-activities",
    "nobody learns why a service was scaled",
    lambda: add(DescribeScalingActivities=_describe),
)
