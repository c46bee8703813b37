"""S3 keeps the configurations of a bucket that have an id: intelligent tiering, inventory, metrics, analytics.

ministack takes their sub-resources for the bucket itself: a PUT is answered and forgotten, a GET lists objects (the
provider then crashes), a DELETE deletes the bucket.
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


def put() -> list[tuple[tuple[str, str, str], bytes]]:
    """Return (bucket, sub-resource, id) and the XML of the configurations of the account of the request."""
    return list(_CONFIGURATIONS.items())


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
        answer: Response = original(method, bucket, key, headers, body, query)
        if method == "DELETE" and bucket not in s3._buckets:
            _forget(bucket)
        return answer

    return dispatch


def _forget(bucket: str) -> None:
    for key in [key for key in _CONFIGURATIONS if key[0] == bucket]:
        del _CONFIGURATIONS[key]


def _error(code: str, message: str, status: int) -> Response:
    answer: Response = s3._error(code, message, status)
    return answer


PATCH = Patch(
    "s3-configurations",
    "deleting an intelligent-tiering, inventory, metrics or analytics configuration deletes the bucket",
    lambda: wrap(s3, "_dispatch", _dispatch),
)
