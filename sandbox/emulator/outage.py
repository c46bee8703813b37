"""Take a region away from a running emulator and give it back, from another process.

    cut(emulator.url, "us-east-1")
    ...
    status(emulator.url).refused
    heal(emulator.url, "us-east-1")

What that means for a request is said in `cut`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from sandbox.emulator import client


@dataclass(frozen=True)
class Refused:
    """Requests of one kind that were refused.

    Attributes:
        service: Signing name, such as `rds`; empty for a request that was not signed.
        action: The action, or method and path for services without one.
        region: The region it was for.
        count: How many.
    """

    service: str
    action: str
    region: str
    count: int


@dataclass(frozen=True)
class Outage:
    """What is cut off.

    Attributes:
        regions: The regions, in order; empty when all can be reached.
        strict: Whether the global control planes are refused too.
        refused: What was refused since the last cut, most frequent first; healing keeps it.
    """

    regions: tuple[str, ...]
    strict: bool
    refused: tuple[Refused, ...]


def cut(endpoint: str, region: str, *, strict: bool | None = None) -> Outage:
    """Cut a region off; what was counted before is forgotten.

    Args:
        endpoint: Address of the emulator.
        region: The region.
        strict: Whether IAM, Route 53, CloudFront and the other global control planes go with it; None: with us-east-1.

    Raises:
        EmulatorError: No emulator answers there.
    """
    asked = {"region": region} | ({} if strict is None else {"strict": str(strict).lower()})
    return _ask(endpoint, "POST", f"cut?{urlencode(asked)}")


def heal(endpoint: str, region: str) -> Outage:
    """Let a region be reached again; what was waiting to be replicated is then delivered.

    Raises:
        EmulatorError: No emulator answers there.
    """
    return _ask(endpoint, "POST", f"heal?{urlencode({'region': region})}")


def status(endpoint: str) -> Outage:
    """What is cut off now, and what was refused since the last cut.

    Raises:
        EmulatorError: No emulator answers there.
    """
    return _ask(endpoint, "GET", "outage")


def _ask(endpoint: str, method: str, path: str) -> Outage:
    port = urlsplit(endpoint).port
    if port is None:
        raise client.EmulatorError(f"{endpoint}: an address with a port is needed")
    said = cast("dict[str, Any]", client.control(port, method, path))
    refused = tuple(Refused(**item) for item in said["refused"])
    return Outage(tuple(said["regions"]), said["strict"], refused)
