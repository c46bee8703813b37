"""A vault of AWS Backup keeps its policy, lock and notifications, and takes no event that is deprecated.

AWS takes such an event and never sends it (config/facts/deprecated.py); here no world can rest on one.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html (names, errors; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.services import backup

from config.facts.deprecated import DEPRECATED
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.patches.service import Document

_VAULTS = stores.regional("backup-vault-settings")
"""`<vault>/<part>` to what was put."""
_DAY_S: Final = 86400
_NOT_FOUND: Final = "ResourceNotFoundException"


def _refuse(code: str, message: str) -> Response:
    answer: Response = backup._err(code, message, 400)
    return answer


def _put_part(vault: str, part: str, body: Document) -> Document | Response:
    if vault not in backup._vaults:
        return _refuse(_NOT_FOUND, f"Backup vault {vault} does not exist")
    deprecated = [event for event in body.get("BackupVaultEvents", []) if event in DEPRECATED]
    if deprecated:
        return _refuse("InvalidParameterValueException", f"Unsupported backup vault events: {', '.join(deprecated)}")
    record = backup._vaults[vault]
    if part == "vault-lock":
        if "LockDate" in record and record["LockDate"] < time.time():
            return _refuse("InvalidRequestException", "the vault lock can no longer be changed")
        record["Locked"] = True
        record |= {field: body[field] for field in ("MinRetentionDays", "MaxRetentionDays") if body.get(field)}
        if body.get("ChangeableForDays"):
            record["LockDate"] = int(time.time()) + body["ChangeableForDays"] * _DAY_S
    _VAULTS[f"{vault}/{part}"] = body
    return {}


def _get_part(vault: str, part: str, _body: Document) -> Document | Response:
    if f"{vault}/{part}" not in _VAULTS:
        return _refuse(_NOT_FOUND, f"Backup vault {vault} has no {part}")
    return {
        "BackupVaultName": vault,
        "BackupVaultArn": backup._vault_arn(vault),
        **_VAULTS[f"{vault}/{part}"],
    }


def _delete_part(vault: str, part: str, _body: Document) -> Document | Response:
    if part == "vault-lock" and vault in backup._vaults:
        record = backup._vaults[vault]
        record["Locked"] = False
        for field in ("MinRetentionDays", "MaxRetentionDays", "LockDate"):
            record.pop(field, None)
    _VAULTS.pop(f"{vault}/{part}", None)
    return {}


_PART: Final = "(access-policy|vault-lock|notification-configuration)"
_ROUTES: Final[tuple[tuple[str, str, Callable[..., Document | Response]], ...]] = (
    ("PUT", f"/backup-vaults/([^/]+)/{_PART}", _put_part),
    ("GET", f"/backup-vaults/([^/]+)/{_PART}", _get_part),
    ("DELETE", f"/backup-vaults/([^/]+)/{_PART}", _delete_part),
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


def _delete_vault(original: Handler) -> Handler:
    """Forget the parts of a vault with it."""

    def delete(name: str) -> Response:
        for key in [key for key in _VAULTS if key.startswith(f"{name}/")]:
            del _VAULTS[key]
        answer: Response = original(name)
        return answer

    return delete


def _apply() -> None:
    wrap(backup, "handle_request", _handle)
    wrap(backup, "_delete_vault", _delete_vault)


PATCH = Patch("backup-vaults", "a vault has no policy, lock or notifications", _apply)
