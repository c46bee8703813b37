"""Application Auto Scaling keeps scheduled actions.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html (2026-11)
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, get_region

from sandbox.emulator.patches import autoscaling_times, stores
from sandbox.emulator.patches.autoscaling_targets import (
    DEPENDENTS,
    about,
    add,
    check_bounds,
    invalid,
    page,
    target_key,
    target_of,
)
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

SCHEDULED: Final = stores.regional("autoscaling-scheduled-actions")
"""`target_key` and name -> the action as it is described, with `_Since`, when it was put or last ran."""
_MOST: Final = 200


def of_target(target: Document) -> list[Document]:
    """Return the scheduled actions of a target."""
    return list(about(target, SCHEDULED.values()))


def _key(body: Document) -> str:
    return f"{target_key(body)}|{body['ScheduledActionName']}"


def _put(body: Document) -> Document:
    target = target_of(body)
    known: Document = SCHEDULED.get(_key(body)) or {}
    action = {"Timezone": "UTC", **known, **body}
    _check(action)
    if not known and len(of_target(target)) >= _MOST:
        raise RefusedError("LimitExceededException", f"A scalable target has {_MOST} scheduled actions at most")
    owner = f"{get_region()}:{get_account_id()}"
    place = f"resource/{body['ServiceNamespace']}/{body['ResourceId']}"
    name = f"scheduledActionName/{body['ScheduledActionName']}"
    action.setdefault(
        "ScheduledActionARN", f"arn:aws:autoscaling:{owner}:scheduledAction:{uuid.uuid4()}:{place}:{name}"
    )
    action.setdefault("CreationTime", time.time())
    SCHEDULED[_key(body)] = action | {"_Since": time.time()}
    return {}


def _check(action: Document) -> None:
    if not action.get("Schedule"):
        raise invalid("Schedule must be given")
    autoscaling_times.check(action["Schedule"], action["Timezone"])
    bounds = action.get("ScalableTargetAction") or {}
    if not bounds:
        raise invalid("ScalableTargetAction must have MinCapacity, MaxCapacity or both")
    check_bounds(bounds.get("MinCapacity"), bounds.get("MaxCapacity"))
    start, end = action.get("StartTime"), action.get("EndTime")
    if start is not None and end is not None and start >= end:
        raise invalid("EndTime must be after StartTime")


def _delete(body: Document) -> Document:
    if _key(body) not in SCHEDULED:
        raise RefusedError(
            "ObjectNotFoundException",
            f"No scheduled action found for service namespace: {body['ServiceNamespace']}, resource ID: "
            f"{body['ResourceId']}, scalable dimension: {body['ScalableDimension']}, "
            f"scheduled action name: {body['ScheduledActionName']}",
        )
    del SCHEDULED[_key(body)]
    return {}


def _with_target(target: Document) -> None:
    for action in of_target(target):
        _delete(action)


def _describe(body: Document) -> Document:
    wanted = body.get("ScheduledActionNames") or []
    found = (one for one in about(body, SCHEDULED.values()) if not wanted or one["ScheduledActionName"] in wanted)
    return page("ScheduledActions", found, body)


def _apply() -> None:
    add(PutScheduledAction=_put, DeleteScheduledAction=_delete, DescribeScheduledActions=_describe)
    DEPENDENTS.append(_with_target)


PATCH = Patch("application-autoscaling-schedules", "no scheduled action can be put", _apply)
