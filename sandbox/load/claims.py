"""Claims of a stack file, held against a system that serves: whom users may ask, how many, and what is judged."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from sandbox.drill.checks import Check, holds
from sandbox.load.figures import Requests
from sandbox.load.profiles import Profile
from sandbox.load.users import Users, headless
from sandbox.paths import CHECKOUT
from sandbox.run.failure import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.claims import Claim
    from config.stack import StackConfig

FILE: Final = CHECKOUT / "sandbox" / "load" / "claimfile.py"
BOUNDED_USERS: Final = 50
"""Users that ask unless all of a claim are wanted: what one machine and one system bear without a word to anybody."""
SPAWN_SECONDS: Final = 10
"""All users have begun after so long, a third of the run at most."""
AGGREGATED: Final = "Aggregated"


@dataclass(frozen=True)
class Judged:
    """A claim, and what was measured of it.

    Attributes:
        name: Its name in the stack file.
        claim: The claim.
        users: How many users asked.
        requests: What they were answered.
        checks: What was judged.
    """

    name: str
    claim: Claim
    users: int
    requests: Requests
    checks: list[Check]

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "name": self.name,
            "claim": self.claim.model_dump(mode="json"),
            "users": self.users,
            "requests": self.requests.document(),
            "checks": [check.document() for check in self.checks],
        }


def host_of(url: str, settings: StackConfig) -> str:
    """Return a URL that users may ask, without its path: of this machine, or by a name that the stack file gives.

    Raises:
        RefusedError: It leads elsewhere, or asks a name without TLS.
    """
    found = urlsplit(url)
    names = {*(settings.edge.names if settings.edge else ()), *_api(settings)}
    allowed = f"https:// and one of {', '.join(sorted(names))}; or http:// and an address of this machine"
    own = _is_own(found.hostname or "")
    if found.scheme not in ("http", "https") or not found.hostname or found.username or found.path not in ("", "/"):
        raise RefusedError(
            "--url", f"{url!r} is no address of a host; allowed: {allowed}", "give scheme and host alone"
        )
    if not own and found.hostname not in names:
        what = f"{found.hostname} is no name in this stack's file, and load on others is an attack; allowed: {allowed}"
        raise RefusedError("--url", what, "name the stack's own host, or add it to edge.hosts first")
    if not own and found.scheme != "https":
        raise RefusedError("--url", f"{url!r} asks in the clear; allowed: {allowed}", "write https://")
    return f"{found.scheme}://{found.netloc}"


def _api(settings: StackConfig) -> tuple[str, ...]:
    """Return the name of the HTTP API, which stands below the domain of the edge."""
    return (settings.api.name_in(settings.edge.domain),) if settings.api and settings.edge else ()


def _is_own(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def measure(asked: tuple[str, Claim], host: str, stem: Path, look: Callable[[float], None], *, full: bool) -> Judged:
    """Let users make the request of a claim, and judge it.

    Args:
        asked: Name of the claim, and the claim.
        host: Whom they ask.
        stem: Beginning of the files that are written.
        look: Is called with the seconds since they began.
        full: All users of the claim, in place of a few.

    Raises:
        SandboxError: Locust failed.
    """
    name, claim = asked
    users = claim.users if full else min(claim.users, BOUNDED_USERS)
    spawn = users / min(SPAWN_SECONDS, claim.seconds / 3)
    profile = Profile(users, max(spawn, 1.0), claim.seconds, claim.pause_seconds, agents=0)
    variables = {"LOAD_METHOD": claim.method, "LOAD_PATH": claim.path}
    entries = headless(Users(FILE, host, profile, variables), stem, look)
    found = [Requests.of(entry) for entry in entries if entry["name"] != AGGREGATED]
    requests = found[0] if found else Requests(f"{claim.method} {claim.path}", 0, 0, 0.0, {"p95": 0.0, "max": 0.0})
    return Judged(name, claim, users, requests, checks(claim, requests))


def checks(claim: Claim, requests: Requests) -> list[Check]:
    """Return what a claim says, each judged; of no request nothing holds."""
    failed = 100 * requests.failures / requests.count if requests.count else 100.0
    p95 = requests.milliseconds["p95"]
    return [
        holds(
            f"{requests.name}: p95",
            f"{claim.p95_milliseconds} ms at most",
            f"{p95:g} ms",
            "see locust's page for the course of it, and the system's own dashboards",
            ok=requests.count > 0 and p95 <= claim.p95_milliseconds,
        ),
        holds(
            f"{requests.name}: failed",
            f"{claim.failed_percent:g} % at most",
            f"{failed:.2f} % of {requests.count}",
            "see the failures on locust's page",
            ok=requests.count > 0 and failed <= claim.failed_percent,
        ),
    ]
