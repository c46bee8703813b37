"""Cost Explorer keeps anomaly monitors, their subscriptions and cost-allocation tags, and finds no anomaly.

It refuses a tag key that billing has not seen. On AWS it sees one within a day of a charge for what carries it; no day
passes here, so the console's action stands in for it (`sandbox.emulator.console`).
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateAnomalyMonitor.html (names; 2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, new_uuid, now_iso

from sandbox.emulator.console import BILL_TAG_KEYS
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, json_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

_FOUND = stores.of_account("cost-anomalies")
"""ARN to monitor or subscription."""
_TAGS = stores.of_account("cost-anomaly-tags")
"""ARN to tags."""
_KEYS = stores.of_account("cost-allocation-tags")
"""Tag key to status."""
_DAY: Final = len("2026-11-21")


def _create(kind: str) -> Action:
    def create(body: Document) -> Document:
        arn = f"arn:aws:ce::{get_account_id()}:anomaly{kind.lower()}/{new_uuid()}"
        record = dict(body[f"Anomaly{kind}"])
        if kind == "Monitor":
            _one_of_a_kind(record)
            record["CreationDate"] = now_iso()[:_DAY]
        for subscriber in record.get("Subscribers", []):
            subscriber["Status"] = "CONFIRMED"
        _FOUND[arn] = {**record, f"{kind}Arn": arn}
        _TAGS[arn] = {tag["Key"]: tag["Value"] for tag in body.get("ResourceTags") or []}
        return {f"{kind}Arn": arn}

    return create


def _one_of_a_kind(monitor: Document) -> None:
    """Refuse a second monitor of all services: an account has one."""
    if monitor["MonitorType"] != "DIMENSIONAL":
        return
    if any(each.get("MonitorDimension") == monitor.get("MonitorDimension") for each in _FOUND.values()):
        raise RefusedError("LimitExceededException", "Limit exceeded on dimensional spend monitor creation")


def _get(kind: str) -> Action:
    def get(body: Document) -> Document:
        asked = body.get(f"{kind}ArnList") or [arn for arn, each in _FOUND.items() if f"{kind}Arn" in each]
        return {f"Anomaly{kind}s": [_record(kind, arn) for arn in asked]}

    return get


def _record(kind: str, arn: str) -> Document:
    if arn not in _FOUND:
        raise RefusedError(f"Unknown{kind}Exception", f"{arn} does not exist")
    record: Document = _FOUND[arn]
    return record


def _update(kind: str) -> Action:
    def update(body: Document) -> Document:
        arn = body[f"{kind}Arn"]
        _record(kind, arn).update({key: value for key, value in body.items() if value is not None})
        return {f"{kind}Arn": arn}

    return update


def _delete(kind: str) -> Action:
    def delete(body: Document) -> Document:
        _record(kind, body[f"{kind}Arn"])
        del _FOUND[body[f"{kind}Arn"]]
        return {}

    return delete


def _list_keys(body: Document) -> Document:
    asked = body.get("TagKeys")
    found = [
        {"TagKey": key, "Type": "UserDefined", "Status": status}
        for key, status in _KEYS.items()
        if asked is None or key in asked
    ]
    return {"CostAllocationTags": [each for each in found if body.get("Status") in (None, each["Status"])]}


def _bill_keys(body: Document) -> Document:
    for key in body["TagKeys"]:
        _KEYS.setdefault(key, "Inactive")
    return {}


def _set_keys(body: Document) -> Document:
    unseen = [each["TagKey"] for each in body["CostAllocationTagsStatus"] if each["TagKey"] not in _KEYS]
    if unseen:
        message = f"Failed to update Cost Allocation Tag: Tag keys not found: {','.join(unseen)}"
        raise RefusedError("ValidationException", message)
    for each in body["CostAllocationTagsStatus"]:
        _KEYS[each["TagKey"]] = each["Status"]
    return {"Errors": []}


def _tag(body: Document) -> Document:
    _TAGS[body["ResourceArn"]].update({tag["Key"]: tag["Value"] for tag in body["ResourceTags"]})
    return {}


def _untag(body: Document) -> Document:
    for key in body["ResourceTagKeys"]:
        _TAGS[body["ResourceArn"]].pop(key, None)
    return {}


def _list_tags(body: Document) -> Document:
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in _TAGS[body["ResourceArn"]].items()]}


_ACTIONS: Final[dict[str, Action]] = {
    **{f"CreateAnomaly{kind}": _create(kind) for kind in ("Monitor", "Subscription")},
    **{f"GetAnomaly{kind}s": _get(kind) for kind in ("Monitor", "Subscription")},
    **{f"UpdateAnomaly{kind}": _update(kind) for kind in ("Monitor", "Subscription")},
    **{f"DeleteAnomaly{kind}": _delete(kind) for kind in ("Monitor", "Subscription")},
    "ListCostAllocationTags": _list_keys,
    "UpdateCostAllocationTagsStatus": _set_keys,
    BILL_TAG_KEYS: _bill_keys,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _list_tags,
}

PATCH = Patch(
    "cost-explorer",
    "Cost Explorer is no service at all",
    lambda: json_service("ce", "AWSInsightsIndexService", _ACTIONS),
)
