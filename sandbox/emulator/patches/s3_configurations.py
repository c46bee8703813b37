"""S3 sub-resources with an id (intelligent tiering, inventory, metrics, analytics), and refusal of unknown ones.

ministack lets an unknown sub-resource fall through to the bucket itself: a PUT is answered and forgotten, a GET lists
objects (the provider then crashes), a DELETE deletes the bucket.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html and its siblings
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ministack.services import s3

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_CONFIGURATIONS = stores.of_account("s3-configurations")
"""(bucket, sub-resource, id) to the XML that was put."""

_LISTS = {
    "analytics": "ListBucketAnalyticsConfigurationResult",
    "intelligent-tiering": "ListBucketIntelligentTieringConfigurationsOutput",
    "inventory": "ListInventoryConfigurationsResult",
    "metrics": "ListMetricsConfigurationsResult",
}
"""Sub-resource to the element of its list."""

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
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>\s*")
_XML = {"Content-Type": "application/xml"}


@dataclass(frozen=True)
class _Request:
    """A request on one family of configurations of a bucket."""

    method: str
    bucket: str
    kind: str
    name: str
    body: bytes

    def answer(self) -> Response:
        if self.bucket not in s3._buckets:
            return _error("NoSuchBucket", "The specified bucket does not exist", 404)
        if self.method == "GET" and not self.name:
            return self._list()
        key = (self.bucket, self.kind, self.name)
        if self.method == "PUT":
            _CONFIGURATIONS[key] = self.body
            return 200, {}, b""
        if key not in _CONFIGURATIONS:
            return _error("NoSuchConfiguration", "The specified configuration does not exist.", 404)
        if self.method == "DELETE":
            del _CONFIGURATIONS[key]
            return 204, {}, b""
        return 200, dict(_XML), _CONFIGURATIONS[key]

    def _list(self) -> Response:
        mine = [
            body for (bucket, kind, _), body in _CONFIGURATIONS.items() if (bucket, kind) == (self.bucket, self.kind)
        ]
        items = b"".join(_DECLARATION.sub(b"", body) for body in mine)
        root = _LISTS[self.kind].encode()
        return 200, dict(_XML), b"<%b><IsTruncated>false</IsTruncated>%b</%b>" % (root, items, root)


def _dispatch(original: Handler) -> Handler:
    def dispatch(  # noqa: PLR0913, PLR0917 - the signature it replaces
        method: str, bucket: str, key: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Response:
        if not bucket or key:
            passed: Response = original(method, bucket, key, headers, body, query)
            return passed
        for kind in _LISTS:
            if kind in query:
                return _Request(method, bucket, kind, str(s3._qp(query, "id", "")), body).answer()
        if unknown := _unserved(method, query):
            return _error("NotImplemented", f"The emulator does not serve {method} ?{unknown} of a bucket.", 501)
        if method == "GET" and "requestPayment" in query:
            payer: Response = s3._get_bucket_request_payment(bucket)
            return payer
        answer: Response = original(method, bucket, key, headers, body, query)
        if method == "DELETE" and bucket not in s3._buckets:
            _forget(bucket)
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


def _forget(bucket: str) -> None:
    for key in [key for key in _CONFIGURATIONS if key[0] == bucket]:
        del _CONFIGURATIONS[key]


def _error(code: str, message: str, status: int) -> Response:
    answer: Response = s3._error(code, message, status)
    return answer


PATCHES = (
    Patch(
        "s3-unknown-sub-resources",
        "deleting an intelligent-tiering, inventory, metrics or analytics configuration deletes the bucket",
        lambda: wrap(s3, "_dispatch", _dispatch),
    ),
)
