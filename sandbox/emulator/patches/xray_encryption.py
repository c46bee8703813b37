"""X-Ray keeps the key of an account's traces in a region, and takes symmetric keys that are there.

https://docs.aws.amazon.com/xray/latest/api/API_PutEncryptionConfig.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.services import kms

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import more_routes
from sandbox.emulator.patches.xray_api import NAME, refused, routes

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

_CONFIG = stores.regional("xray-encryption")
_KEY: Final = "key"


def _put(body: Document) -> Document:
    key = body.get("KeyId")
    if body["Type"] == "NONE":
        if key is not None:
            raise refused("KeyId cannot be specified when the encryption type is NONE")
        _CONFIG.pop(_KEY, None)
        return {"EncryptionConfig": {"Type": "NONE", "Status": "ACTIVE"}}
    if key is None:
        raise refused("KeyId has to be specified when the encryption type is KMS")
    record = kms._resolve_key(key)
    if record is None or record.get("KeyState") != "Enabled":
        raise refused(f"The KMS key {key} does not exist, or is not enabled")
    if record.get("KeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        raise refused("X-Ray does not support asymmetric KMS keys")
    _CONFIG[_KEY] = record["Arn"]
    return {"EncryptionConfig": {"KeyId": record["Arn"], "Type": "KMS", "Status": "UPDATING"}}


def _get(_body: Document) -> Document:
    key = _CONFIG.get(_KEY)
    named = {"Type": "NONE"} if key is None else {"KeyId": key, "Type": "KMS"}
    return {"EncryptionConfig": {**named, "Status": "ACTIVE"}}


_ACTIONS: Final[dict[str, Action]] = {"PutEncryptionConfig": _put, "GetEncryptionConfig": _get}

PATCH = Patch(
    "xray-encryption",
    "The key of X-Ray cannot be set or read",
    lambda: more_routes(NAME, routes(_ACTIONS)),
)
