"""Marker data: written on one side, read on the other; the time between is the measured data loss of an outage."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from sandbox.drill.checks import Check, holds
from sandbox.drill.steady import moved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.drill.sides import Pair, Side

PAUSE_SECONDS: Final = 0.1
FIELD: Final = "drill"
"""Field of a secret's value that carries a marker; what opens the database and the cache stays as it is."""
FIX: Final = "see ReplicationStatus of the object; a role that lacks a right, or a key, fails it for good"


@dataclass(frozen=True)
class Marker:
    """One object or secret value that was written.

    Attributes:
        name: What carries it: `bucket app-data`, `secret redis`.
        written: When, in monotonic seconds.
        read: What the other side has of it now; empty while it has nothing.
        expected: What it should have.
    """

    name: str
    written: float
    read: Callable[[], str]
    expected: str


def objects(source: Side, target: Side, text: str) -> list[Marker]:
    """Write an object into each bucket of a side; returns what must appear on the other."""
    there = target.buckets
    return [written(source, target, short, (name, there[short]), text) for short, name in source.buckets.items()]


def written(source: Side, target: Side, short: str, names: tuple[str, str], text: str) -> Marker:
    """Write an object into one bucket."""
    key = f"drill/{text}"
    source.client("s3").put_object(Bucket=names[0], Key=key, Body=text.encode())
    return Marker(f"bucket {short}", time.monotonic(), lambda: body(target, names[1], key), text)


def body(side: Side, bucket: str, key: str) -> str:
    """Return an object's content; empty while there is none."""
    client = side.client("s3")
    try:
        return str(client.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return ""


def secrets(pair: Pair, text: str) -> list[Marker]:
    """Give each of the primary's secrets a version that carries a marker; returns what must appear in the copies."""
    client, found = pair.primary.client("secretsmanager"), []
    for service, arn in pair.primary.secrets.items():
        value = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
        client.put_secret_value(SecretId=arn, SecretString=json.dumps(value | {FIELD: text}))
        copy = moved(arn, pair)
        found.append(Marker(f"secret {service}", time.monotonic(), reader(pair.standby, copy), text))
    return found


def reader(side: Side, arn: str) -> Callable[[], str]:
    """Return what reads a secret's marker."""
    client = side.client("secretsmanager")

    def read() -> str:
        value = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
        return str(value.get(FIELD, ""))

    return read


def awaited(markers: list[Marker], limit_seconds: float) -> tuple[list[Check], Mapping[str, float]]:
    """Wait until the other side has every marker; returns what was found, and the seconds each one took."""
    waiting, seconds = list(markers), dict[str, float]()
    deadline = time.monotonic() + limit_seconds
    while waiting and time.monotonic() < deadline:
        for marker in list(waiting):
            if marker.read() == marker.expected:
                seconds[marker.name] = round(time.monotonic() - marker.written, 3)
                waiting.remove(marker)
        if waiting:
            time.sleep(PAUSE_SECONDS)
    return [found(marker, seconds.get(marker.name), limit_seconds) for marker in markers], seconds


def found(marker: Marker, seconds: float | None, limit_seconds: float) -> Check:
    """Return what became of a marker."""
    expected = f"the marker within {limit_seconds:.0f} s"
    seen = f"there after {seconds:.1f} s" if seconds is not None else "not there"
    return holds(f"marker {marker.name}", expected, seen, FIX, ok=seconds is not None)


def readable(markers: list[Marker]) -> list[Check]:
    """Return whether every marker can be read now."""
    return [
        holds(f"readable {marker.name}", marker.expected, marker.read() or "nothing", FIX,
              ok=marker.read() == marker.expected)
        for marker in markers
    ]  # fmt: skip
