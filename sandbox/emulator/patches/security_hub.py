"""Security Hub keeps whether it is enabled in a region, and its standards, and checks nothing.

https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html (names, defaults; 2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, get_region, now_iso

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, rest_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document, Route

_HUBS = stores.regional("securityhub-hubs")
_SUBSCRIPTIONS = stores.regional("securityhub-subscriptions")
_HUB: Final = "hub"
_DEFAULTS: Final = ("aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/1.2.0")


def _arn(resource: str) -> str:
    return f"arn:aws:securityhub:{get_region()}:{get_account_id()}:{resource}"


def _enable(body: Document) -> Document:
    if _HUB in _HUBS:
        raise RefusedError("ResourceConflictException", "Account is already subscribed to Security Hub", 409)
    _HUBS[_HUB] = {
        "HubArn": _arn("hub/default"),
        "SubscribedAt": now_iso(),
        "AutoEnableControls": True,
        "ControlFindingGenerator": body.get("ControlFindingGenerator") or "SECURITY_CONTROL",
    }
    if body.get("EnableDefaultStandards", True):
        for standard in _DEFAULTS:
            _subscribe(f"arn:aws:securityhub:{get_region()}::standards/{standard}")
    return {}


def _hub() -> Document:
    if _HUB not in _HUBS:
        message = f"Account {get_account_id()} is not subscribed to AWS Security Hub"
        raise RefusedError("InvalidAccessException", message, 401)
    hub: Document = _HUBS[_HUB]
    return hub


def _update(body: Document) -> Document:
    _hub().update({key: body[key] for key in ("AutoEnableControls", "ControlFindingGenerator") if key in body})
    return {}


def _disable(_body: Document) -> Document:
    _hub()
    del _HUBS[_HUB]
    for subscription in list(_SUBSCRIPTIONS):  # of this account and region; `clear` would take every other one's, too
        del _SUBSCRIPTIONS[subscription]
    return {}


def _subscribe(standard: str) -> Document:
    subscription = _arn(f"subscription/{standard.partition('standards/')[2] or standard.partition('ruleset/')[2]}")
    _SUBSCRIPTIONS[subscription] = {
        "StandardsSubscriptionArn": subscription,
        "StandardsArn": standard,
        "StandardsInput": {},
        "StandardsStatus": "READY",
    }
    made: Document = _SUBSCRIPTIONS[subscription]
    return made


def _register(body: Document) -> Document:
    _hub()
    asked = body["StandardsSubscriptionRequests"]
    return {"StandardsSubscriptions": [_subscribe(each["StandardsArn"]) for each in asked]}


def _enabled(body: Document) -> Document:
    _hub()
    asked = body.get("StandardsSubscriptionArns")
    found = [each for arn, each in _SUBSCRIPTIONS.items() if not asked or arn in asked]
    return {"StandardsSubscriptions": found}


def _deregister(body: Document) -> Document:
    _hub()
    gone = [_SUBSCRIPTIONS.pop(arn) for arn in body["StandardsSubscriptionArns"] if arn in _SUBSCRIPTIONS]
    return {"StandardsSubscriptions": [each | {"StandardsStatus": "DELETING"} for each in gone]}


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("POST", "/accounts"): _enable,
    ("GET", "/accounts"): lambda _body: _hub(),
    ("PATCH", "/accounts"): _update,
    ("DELETE", "/accounts"): _disable,
    ("POST", "/standards/register"): _register,
    ("POST", "/standards/get"): _enabled,
    ("POST", "/standards/deregister"): _deregister,
}

PATCH = Patch("security-hub", "Security Hub is no service at all", lambda: rest_service("securityhub", _ROUTES))
