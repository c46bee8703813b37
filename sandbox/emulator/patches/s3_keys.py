"""S3 neither takes nor gives objects of a bucket whose key is disabled, or is about to be deleted.

The key is that of the bucket's default encryption; objects under a key of their own, and keys of other accounts, are
not looked at. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html (2026-12-01)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Final

from ministack.services import kms, s3

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_KEY: Final = "x-amz-server-side-encryption-aws-kms-key-id"
_STATES: Final = {"Disabled": ("KMS.DisabledException", "is disabled."),
                  "PendingDeletion": ("KMS.KMSInvalidStateException", "is pending deletion.")}  # fmt: skip
"""State of a key -> what S3 answers: code and end of the message."""


def _unless_away(original: Handler) -> Handler:
    def handle(bucket: str, *given: object) -> Response:
        named = s3._bucket_default_sse_headers(bucket).get(_KEY)
        key = kms._resolve_key(named) if named else None
        state = _STATES.get(key["KeyState"]) if key else None
        answer: Response
        if key and state:
            answer = s3._error(state[0], f"{key['Arn']} {state[1]}", 400)
            return answer
        answer = original(bucket, *given)
        return answer

    return handle


def _apply() -> None:
    wrap(s3, "_put_object", _unless_away)
    wrap(s3, "_get_object", _unless_away)


PATCH = Patch("s3-keys", "objects are read and written whose key is disabled", _apply)
