"""CloudTrail refuses a trail whose key does not let it encrypt, or, under a bucket key, decrypt.

Keys that this account does not have here, and statements' conditions, are not looked at.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from ministack.services import cloudtrail, kms, s3

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_SERVICE: Final = "cloudtrail.amazonaws.com"
_BUCKET_KEY: Final = re.compile(r"<BucketKeyEnabled>\s*true\s*</BucketKeyEnabled>", re.IGNORECASE)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_admitted(statement: Document, action: str) -> bool:
    principal = statement.get("Principal")
    named = _listed(principal.get("Service")) + _listed(principal.get("AWS")) if isinstance(principal, dict) else []
    return (
        statement.get("Effect") == "Allow"
        and (principal == "*" or _SERVICE in named or "*" in named)
        and any(fnmatchcase(action.lower(), pattern.lower()) for pattern in _listed(statement.get("Action")))
    )


def _missing(trail: Document) -> list[str]:
    """Return what the key of a trail does not let CloudTrail do."""
    found = kms.key_policy_for_arn(trail["KmsKeyId"]) if trail.get("KmsKeyId") else None
    if found is None:
        return []
    needed = ["kms:GenerateDataKey", "kms:DescribeKey"]
    if _BUCKET_KEY.search(s3._bucket_encryption.get(trail.get("S3BucketName", "")) or ""):
        needed.append("kms:Decrypt")
    statements = _listed(json.loads(found[0] or "{}").get("Statement"))
    return [action for action in needed if not any(_is_admitted(each, action) for each in statements)]


def _judged(original: Handler) -> Handler:
    def judged(body: Document) -> Response:
        _, _, stands, _ = cloudtrail._find_mutable_trail(body.get("Name", "").strip())
        missing = _missing({**(stands or {}), **body})
        if missing:
            message = f"Insufficient permissions to access S3 bucket or KMS key: {', '.join(missing)} by {_SERVICE}"
            refused: Response = cloudtrail._err("InsufficientEncryptionPolicyException", message)
            return refused
        answer: Response = original(body)
        return answer

    return judged


def _apply() -> None:
    wrap_action(cloudtrail._DISPATCH, "CreateTrail", _judged)
    wrap_action(cloudtrail._DISPATCH, "UpdateTrail", _judged)


PATCH = Patch("cloudtrail-keys", "a trail stands under a key by which it can write nothing", _apply)
