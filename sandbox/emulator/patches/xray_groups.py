"""X-Ray keeps groups by name, with filters that are expressions, and their tags.

https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html and "AWS X-Ray endpoints and quotas" (2026-11)
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from config.facts.tracing import GROUPS
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import more_routes
from sandbox.emulator.patches.xray_api import NAME, arn, expression, refused, routes, tag, tags, untag

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

STORE = stores.regional("xray-groups")
"""Groups by name."""
_DEFAULT: Final = "Default"
_OFF: Final = {"InsightsEnabled": False, "NotificationsEnabled": False}


def _create(body: Document) -> Document:
    name = body["GroupName"]
    if name in STORE or name == _DEFAULT:
        raise refused(f"Group {name} already exists")
    if len(STORE) >= GROUPS:
        raise refused(f"An account has {GROUPS} groups in a region at most")
    group = {
        "GroupName": name,
        "GroupARN": arn("group", f"{name}/{secrets.token_hex(16).upper()}"),
        **_settings(body, {"InsightsConfiguration": _OFF}),
    }
    tag(group["GroupARN"], body.get("Tags"))
    STORE[name] = group
    return {"Group": group}


def _settings(body: Document, before: Document) -> Document:
    """Return filter and insights of a request, laid over those of before."""
    laid: Document = {key: before[key] for key in ("FilterExpression", "InsightsConfiguration") if key in before}
    if body.get("FilterExpression"):
        expression(body["FilterExpression"])
        laid["FilterExpression"] = body["FilterExpression"]
    laid["InsightsConfiguration"] = laid["InsightsConfiguration"] | (body.get("InsightsConfiguration") or {})
    if laid["InsightsConfiguration"]["NotificationsEnabled"] and not laid["InsightsConfiguration"]["InsightsEnabled"]:
        raise refused("Notifications cannot be enabled without insights")
    return laid


def _found(body: Document) -> Document:
    """Return the group that a request names by name or ARN."""
    if not body.get("GroupName") and not body.get("GroupARN"):
        raise refused("Must specify either group name or group ARN")
    for group in STORE.values():
        if body.get("GroupName", group["GroupName"]) == group["GroupName"] and (
            body.get("GroupARN", group["GroupARN"]) == group["GroupARN"]
        ):
            found: Document = group
            return found
    raise refused("Group not found")


def _update(body: Document) -> Document:
    group = _found(body)
    STORE[group["GroupName"]] = group | _settings(body, group)
    return {"Group": STORE[group["GroupName"]]}


def _delete(body: Document) -> Document:
    group = _found(body)
    untag(group["GroupARN"])
    del STORE[group["GroupName"]]
    return {}


def _tag(body: Document) -> Document:
    tags(body["ResourceARN"])
    tag(body["ResourceARN"], body["Tags"])
    return {}


def _untag(body: Document) -> Document:
    untag(body["ResourceARN"], body["TagKeys"])
    return {}


def _tags(body: Document) -> Document:
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags(body["ResourceARN"]).items()]}


_ACTIONS: Final[dict[str, Action]] = {
    "CreateGroup": _create,
    "GetGroup": lambda body: {"Group": _found(body)},
    "GetGroups": lambda _body: {"Groups": list(STORE.values())},
    "UpdateGroup": _update,
    "DeleteGroup": _delete,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _tags,
}

PATCH = Patch("xray-groups", "Groups of X-Ray cannot be made", lambda: more_routes(NAME, routes(_ACTIONS)))
