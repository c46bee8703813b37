"""Compute Optimizer keeps whether the account is enrolled, and advises nothing.

https://docs.aws.amazon.com/compute-optimizer/latest/APIReference/API_UpdateEnrollmentStatus.html (2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import json_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

_ENROLMENT = stores.of_account("compute-optimizer")


def _update(body: Document) -> Document:
    _ENROLMENT["status"] = body["status"]
    _ENROLMENT["members"] = bool(body.get("includeMemberAccounts"))
    return {"status": body["status"]}


def _get(_body: Document) -> Document:
    status = _ENROLMENT.get("status", "Inactive")
    return {"status": status, "memberAccountsEnrolled": _ENROLMENT.get("members", False)}


_ACTIONS: Final[dict[str, Action]] = {"UpdateEnrollmentStatus": _update, "GetEnrollmentStatus": _get}

PATCH = Patch(
    "compute-optimizer",
    "Compute Optimizer is no service at all",
    lambda: json_service("compute-optimizer", "ComputeOptimizerService", _ACTIONS),
)
