"""KMS refuses a key policy that names a role, a user or a service-linked role that the account does not have.

A condition on `aws:PrincipalArn` may name what is not there yet. Principals of other accounts are not looked at.
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html, and the knowledge centre's page on
"invalid principals" (code, message; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id
from ministack.services import iam, kms

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator.patches.service import Document

_NAMED: Final = re.compile(r"arn:aws[a-z-]*:(iam|sts)::(\d{12}):(role|user|assumed-role)/(.+)")


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _principals(policy: str) -> Iterator[str]:
    for statement in _listed(json.loads(policy).get("Statement")):
        for element in ("Principal", "NotPrincipal"):
            named = statement.get(element)
            yield from _listed(named.get("AWS") if isinstance(named, dict) else named)


def _is_missing(principal: str) -> bool:
    """Whether the principal is one of this account, and not there."""
    found = _NAMED.fullmatch(principal)
    if found is None or found[2] != get_account_id():
        return False
    if found[1] == "sts":
        return found[4].split("/")[0] not in iam._roles
    return principal not in {one["Arn"] for one in (*iam._roles.values(), *iam._users.values())}


def _judged(original: Handler) -> Handler:
    def judged(data: Document) -> Response:
        with suppress(json.JSONDecodeError):  # no JSON is refused, or not, by the emulator itself
            if any(_is_missing(str(each)) for each in _principals(data.get("Policy") or "{}")):
                message = "Policy contains a statement with one or more invalid principals."
                refused: Response = kms.error_response_json("MalformedPolicyDocumentException", message, 400)
                return refused
        answer: Response = original(data)
        return answer

    return judged


def _apply() -> None:
    for action in ("_create_key", "_put_key_policy", "_replicate_key"):
        wrap(kms, action, _judged)


PATCH = Patch("kms-principals", "a key stands whose policy names a role that a new account does not have", _apply)
