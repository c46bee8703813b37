"""AWS Backup keeps restore testing plans, their selections and their tags.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateRestoreTestingPlan.html (names, errors; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.core.responses import get_account_id, get_region
from ministack.services import backup

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.patches.service import Document

_PLANS = stores.regional("backup-restore-testing")
"""Plan to its record; `<plan>/<selection>` to a selection's."""
_NOT_FOUND: Final = "ResourceNotFoundException"


def _refuse(code: str, message: str) -> Response:
    answer: Response = backup._err(code, message, 400)
    return answer


def _trial_arn(name: str) -> str:
    return f"arn:aws:backup:{get_region()}:{get_account_id()}:restore-testing-plan:{name}"


def _put_plan(body: Document) -> Document:
    plan = body["RestoreTestingPlan"]
    name, now = plan["RestoreTestingPlanName"], int(time.time())
    made = {"CreationTime": now, "RestoreTestingPlanArn": _trial_arn(name), "RestoreTestingPlanName": name}
    _PLANS[name] = {**plan, **made, "_tags": body.get("Tags") or {}}
    return made


def _update_plan(name: str, body: Document) -> Document | Response:
    if name not in _PLANS:
        return _refuse(_NOT_FOUND, f"Restore testing plan {name} does not exist")
    _PLANS[name] = {**_PLANS[name], **body["RestoreTestingPlan"], "UpdateTime": int(time.time())}
    return {**_PLANS[name], "UpdateTime": int(time.time())}


def _get_trial(kind: str, key: str) -> Document | Response:
    if key not in _PLANS:
        return _refuse(_NOT_FOUND, f"Restore testing {key} does not exist")
    return {kind: {field: value for field, value in _PLANS[key].items() if field != "_tags"}}


def _delete_trial(key: str) -> Document:
    _PLANS.pop(key, None)
    return {}


def _put_selection(plan: str, body: Document) -> Document | Response:
    if plan not in _PLANS:
        return _refuse(_NOT_FOUND, f"Restore testing plan {plan} does not exist")
    selection = body["RestoreTestingSelection"]
    name = selection["RestoreTestingSelectionName"]
    made = {
        "CreationTime": int(time.time()),
        "RestoreTestingPlanArn": _trial_arn(plan),
        "RestoreTestingPlanName": plan,
        "RestoreTestingSelectionName": name,
    }
    _PLANS[f"{plan}/{name}"] = {**selection, **made}
    return made


def _update_selection(plan: str, name: str, body: Document) -> Document | Response:
    key = f"{plan}/{name}"
    if key not in _PLANS:
        return _refuse(_NOT_FOUND, f"Restore testing selection {key} does not exist")
    _PLANS[key] = {**_PLANS[key], **body["RestoreTestingSelection"], "UpdateTime": int(time.time())}
    return {**_PLANS[key], "RestoreTestingPlanArn": _trial_arn(plan)}


def _tags(original: Handler) -> Handler:
    """Find the tags of restore testing plans, too."""

    def resolve(arn: str) -> dict[str, str] | None:
        kind, _, name = arn.rpartition(":")
        if kind.endswith(":restore-testing-plan"):
            plan = _PLANS.get(name)
            return plan["_tags"] if plan else None
        found: dict[str, str] | None = original(arn)
        return found

    return resolve


_TRIALS: Final = "/restore-testing/plans"
_ROUTES: Final[tuple[tuple[str, str, Callable[..., Document | Response]], ...]] = (
    ("PUT", _TRIALS, _put_plan),
    ("PUT", f"{_TRIALS}/([^/]+)", _update_plan),
    ("GET", f"{_TRIALS}/([^/]+)", lambda plan, _: _get_trial("RestoreTestingPlan", plan)),
    ("DELETE", f"{_TRIALS}/([^/]+)", lambda plan, _: _delete_trial(plan)),
    ("PUT", f"{_TRIALS}/([^/]+)/selections", _put_selection),
    ("PUT", f"{_TRIALS}/([^/]+)/selections/([^/]+)", _update_selection),
    ("GET", f"{_TRIALS}/([^/]+/)selections/([^/]+)", lambda p, s, _: _get_trial("RestoreTestingSelection", p + s)),
    ("DELETE", f"{_TRIALS}/([^/]+/)selections/([^/]+)", lambda plan, name, _: _delete_trial(plan + name)),
)


def _handle(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        for accepted, pattern, route in _ROUTES:
            found = re.fullmatch(pattern, path) if method == accepted else None
            if found is not None:
                done = route(*map(unquote, found.groups()), json.loads(body or b"{}"))
                answer: Response = backup._ok(done) if isinstance(done, dict) else done
                return answer
        untouched: Response = await original(method, path, headers, body, query)
        return untouched

    return handle


def _apply() -> None:
    wrap(backup, "handle_request", _handle)
    wrap(backup, "_resolve_resource", _tags)


PATCH = Patch("backup-restore-testing", "a restore testing plan cannot be created: an unknown route", _apply)
