"""Locust as a process of its own: its packages lie beside those of the checkout, and nobody else sees them."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from sandbox.paths import CHECKOUT
from sandbox.run.failure import RefusedError, SandboxError
from standins.toolchain import process

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sandbox.load.profiles import Profile

PACKAGES: Final = Path(sys.prefix) / "load"
"""Where `make load` installs requirements-load.lock."""
FILE: Final = CHECKOUT / "sandbox" / "load" / "locustfile.py"
STOP_SECONDS: Final = 20
"""How long requests under way may take at the end."""
LOOK_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 60.0
"""How long locust may take beyond its run."""


@dataclass(frozen=True)
class Target:
    """What users ask.

    Attributes:
        endpoint: Address of the embedded AWS.
        api: Name of the HTTP API.
        token: Whose users they are.
    """

    endpoint: str
    api: str
    token: str


@dataclass(frozen=True)
class Said:
    """What locust said.

    Attributes:
        entries: Its statistics, one a kind of request.
        ids: Ids that users got.
    """

    entries: list[dict[str, Any]]
    ids: list[str]


def installed() -> None:
    """Refuse to go on without locust.

    Raises:
        RefusedError: It is not there.
    """
    if not (PACKAGES / "locust").is_dir():
        raise RefusedError(
            str(PACKAGES), "locust is not installed there", "run `make load STACK=agents`, which does it"
        )


def _watched(
    command: Sequence[str | Path], env: Mapping[str, str], output: IO[str], seconds: int, look: Callable[[float], None]
) -> int:
    """Run locust to its end, which it has no longer than a minute beyond its run for; returns its exit status."""
    begun = time.monotonic()
    last = -LOOK_SECONDS

    def tick() -> None:
        nonlocal last
        now = time.monotonic() - begun
        if now - last >= LOOK_SECONDS:
            last = now
            look(now)

    with process.start(command, env=env, cwd=CHECKOUT, output=output) as running:
        return running.wait(tick, limit_seconds=seconds + STOP_SECONDS + GRACE_SECONDS)


def run(profile: Profile, target: Target, stem: Path, look: Callable[[float], None]) -> Said:
    """Let users of a system of agents ask; `look` is called with the seconds since they began, every two seconds.

    Args:
        profile: How many, how long.
        target: Whom they ask.
        stem: Files that are written begin with it: those of `headless`, and `.ids.json`.
        look: What is looked at meanwhile.

    Raises:
        SandboxError: Locust failed.
    """
    ids = stem.with_suffix(".ids.json")
    variables = {"LOAD_TOKEN": target.token, "LOAD_API": target.api, "LOAD_IDS": str(ids)}
    entries = headless(Users(FILE, target.endpoint, profile, variables), stem, look)
    return Said(entries, json.loads(ids.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Users:
    """Users as locust runs them.

    Attributes:
        file: What they do.
        host: Whom they ask.
        profile: How many, how long.
        variables: What the file reads of its environment, its pause apart.
    """

    file: Path
    host: str
    profile: Profile
    variables: Mapping[str, str]


def headless(users: Users, stem: Path, look: Callable[[float], None]) -> list[dict[str, Any]]:
    """Let users ask; returns locust's statistics, one a kind of request.

    Args:
        users: Who.
        stem: Files that are written begin with it: `.html`, `.locust.json`, `.log`.
        look: Is called with the seconds since they began, every two seconds.

    Raises:
        SandboxError: Locust failed.
    """
    installed()
    profile = users.profile
    page, figures, log = (stem.with_suffix(end) for end in (".html", ".locust.json", ".log"))
    command: list[str | Path] = [
        sys.executable, "-m", "locust", "--locustfile", users.file, "--headless", "--host", users.host,
        "--users", str(profile.users), "--spawn-rate", str(profile.spawn_rate), "--run-time", f"{profile.seconds}s",
        "--stop-timeout", str(STOP_SECONDS), "--exit-code-on-error", "0", "--only-summary",
        "--html", page, "--json-file", figures.with_suffix(""),
    ]  # fmt: skip
    own = {"PYTHONPATH": str(PACKAGES), "NO_PROXY": "*", "LOAD_PAUSE_SECONDS": str(profile.pause_seconds)}
    stem.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        status = _watched(command, {**os.environ, **own, **users.variables}, output, profile.seconds, look)
    if status != 0 or not figures.is_file():
        last = log.read_text(encoding="utf-8").strip()[-2000:]
        raise SandboxError("locust", f"it ended with status {status}: {last}", f"see {log}")
    entries: list[dict[str, Any]] = json.loads(figures.read_text(encoding="utf-8"))
    return entries
