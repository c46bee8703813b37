"""S3 answers who pays for the requests on a bucket.

ministack waits for the query `request-payment`; clients ask for `requestPayment`.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import s3

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap


def _dispatch(original: Handler) -> Handler:
    def dispatch(  # noqa: PLR0913, PLR0917 - the signature it replaces
        method: str, bucket: str, key: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Response:
        if method == "GET" and bucket and not key and "requestPayment" in query:
            payer: Response = s3._get_bucket_request_payment(bucket)
            return payer
        answer: Response = original(method, bucket, key, headers, body, query)
        return answer

    return dispatch


PATCH = Patch(
    "s3-request-payment", "who pays is read back as the list of objects", lambda: wrap(s3, "_dispatch", _dispatch)
)
