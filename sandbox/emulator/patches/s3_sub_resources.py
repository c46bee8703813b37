"""S3 refuses a sub-resource of a bucket that the emulator does not serve.

ministack lets an unknown sub-resource fall through to the bucket itself: a PUT is answered and forgotten, a GET lists
objects, a DELETE deletes the bucket.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import s3

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_SERVED = {
    "PUT": frozenset(
        [
            "accelerate",
            "acl",
            "cors",
            "encryption",
            "lifecycle",
            "logging",
            "notification",
            "object-lock",
            "ownershipControls",
            "policy",
            "publicAccessBlock",
            "replication",
            "requestPayment",
            "tagging",
            "versioning",
            "website",
        ]
    ),
    "DELETE": frozenset(
        [
            "cors",
            "encryption",
            "lifecycle",
            "ownershipControls",
            "policy",
            "publicAccessBlock",
            "replication",
            "tagging",
            "website",
        ]
    ),
}
"""Sub-resources of a bucket the emulator serves, by method."""
_UNSERVED_READS = frozenset(["abac", "metadataConfiguration", "metadataTable", "policyStatus", "session"])
_SIGNING = ("x-id", "x-amz-")


def _dispatch(original: Handler) -> Handler:
    def dispatch(  # noqa: PLR0913, PLR0917 - the signature it replaces
        method: str, bucket: str, key: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Response:
        unknown = _unserved(method, query) if bucket and not key else None
        if unknown is not None:
            return _error("NotImplemented", f"The emulator does not serve {method} ?{unknown} of a bucket.", 501)
        answer: Response = original(method, bucket, key, headers, body, query)
        return answer

    return dispatch


def _unserved(method: str, query: dict[str, Any]) -> str | None:
    """The sub-resource a request names that would otherwise be taken for the bucket itself."""
    if method == "GET":
        return next((name for name in query if name in _UNSERVED_READS), None)
    served = _SERVED.get(method)
    if served is None or any(name in served for name in query):
        return None
    return next((name for name in query if not name.lower().startswith(_SIGNING)), None)


def _error(code: str, message: str, status: int) -> Response:
    answer: Response = s3._error(code, message, status)
    return answer


PATCH = Patch(
    "s3-unknown-sub-resources",
    "a request that is not served deletes the bucket",
    lambda: wrap(s3, "_dispatch", _dispatch),
)
