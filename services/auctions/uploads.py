"""Which uploads a message names: an event notification of S3, or a message of one's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import unquote_plus


@dataclass(frozen=True)
class Upload:
    """An object that was uploaded.

    Attributes:
        bucket: Its bucket.
        key: Its key.
        version: Its version; empty = the newest.
    """

    bucket: str
    key: str
    version: str = ""


def read(body: str) -> list[Upload]:
    """Return the uploads that a message names; none for the test event that S3 sends when a notification is set up.

    `{"bucket": ..., "key": ...}` names one, with `"version"` where an older one is meant.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html (2026-11)

    Raises:
        ValueError: The message says none of these.
    """
    try:
        said = json.loads(body)
        if said.get("Event") == "s3:TestEvent":
            return []
        if "Records" in said:
            return [_of_event(record["s3"]) for record in said["Records"]]
        return [Upload(_text(said["bucket"]), _text(said["key"]), _text(said.get("version", "")))]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"neither an event of S3 nor {{bucket, key}}: {body[:200]!r} ({error!r})") from error


def _of_event(record: dict[str, dict[str, str]]) -> Upload:
    said = record["object"]
    return Upload(_text(record["bucket"]["name"]), unquote_plus(_text(said["key"])), _text(said.get("versionId", "")))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text is expected: {value!r}")
    return value
