"""GuardDuty keeps a detector for each region with its features and tags, which finds nothing.

https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html (names, defaults; 2026-11)
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.core.responses import get_account_id, now_iso

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, rest_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document, Route

_DETECTORS = stores.regional("guardduty-detectors")
_BASE: Final = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS")
_BY_DEFAULT: Final = (
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "LAMBDA_NETWORK_LOGS",
)
"""Features that a new detector has on; RUNTIME_MONITORING is off."""


def _create(body: Document) -> Document:
    if _DETECTORS:
        raise RefusedError("BadRequestException", "a detector already exists for the current account")
    detector = secrets.token_hex(16)
    record = {
        "createdAt": now_iso(),
        "findingPublishingFrequency": "SIX_HOURS",
        "serviceRole": f"arn:aws:iam::{get_account_id()}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRole",
        "tags": body.get("tags") or {},
        "features": [_feature(name, "ENABLED") for name in (*_BASE, *_BY_DEFAULT)]
        + [_feature("RUNTIME_MONITORING", "DISABLED")],
    }
    _DETECTORS[detector] = record
    _change(record, body)
    return {"detectorId": detector}


def _feature(name: str, status: str, more: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    feature: dict[str, Any] = {"name": name, "status": status, "updatedAt": 0}
    if more:
        feature["additionalConfiguration"] = [_feature(each["name"], each["status"]) for each in more]
    return feature


def _change(record: Document, body: Document) -> Document:
    record["updatedAt"] = now_iso()
    if "enable" in body:
        record["status"] = "ENABLED" if body["enable"] else "DISABLED"
    if body.get("findingPublishingFrequency"):
        record["findingPublishingFrequency"] = body["findingPublishingFrequency"]
    for asked in body.get("features") or []:
        features = [each for each in record["features"] if each["name"] != asked["name"]]
        record["features"] = [
            *features,
            _feature(asked["name"], asked["status"], asked.get("additionalConfiguration")),
        ]
    return {}


def _found(detector: str) -> Document:
    if detector not in _DETECTORS:
        raise RefusedError(
            "BadRequestException",
            "The request is rejected because the input detectorId is not owned by the current account.",
        )
    record: Document = _DETECTORS[detector]
    return record


def _delete(detector: str, _body: Document) -> Document:
    _found(detector)
    del _DETECTORS[detector]
    return {}


def _tags(arn: str) -> Document:
    tags: Document = _found(unquote(arn).rpartition("/")[2])["tags"]
    return tags


def _untag(arn: str, body: Document) -> Document:
    for key in body["tagKeys"]:
        _tags(arn).pop(key, None)
    return {}


def _tag(arn: str, body: Document) -> Document:
    _tags(arn).update(body["tags"])
    return {}


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("POST", "/detector"): _create,
    ("GET", "/detector"): lambda _body: {"detectorIds": list(_DETECTORS)},
    ("GET", "/detector/([^/]+)"): lambda detector, _body: _found(detector),
    ("POST", "/detector/([^/]+)"): lambda detector, body: _change(_found(detector), body),
    ("DELETE", "/detector/([^/]+)"): _delete,
    ("GET", "/tags/(.+)"): lambda arn, _body: {"tags": _tags(arn)},
    ("POST", "/tags/(.+)"): _tag,
    ("DELETE", "/tags/(.+)"): _untag,
}

PATCH = Patch("guardduty", "GuardDuty is no service at all", lambda: rest_service("guardduty", _ROUTES))
