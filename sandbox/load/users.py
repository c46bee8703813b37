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
    """Let users ask; `look` is called with the seconds since they began, every two seconds.

    Args:
        profile: How many, how long.
        target: Whom they ask.
        stem: Files that are written begin with it: `.locust.html`, `.locust.json`, `.ids.json`, `.locust.log`.
        look: What is looked at meanwhile.

    Raises:
        SandboxError: Locust failed.
    """
    installed()
    page, figures, ids, log = (stem.with_suffix(end) for end in (".html", ".locust.json", ".ids.json", ".log"))
    command: list[str | Path] = [
        sys.executable, "-m", "locust", "--locustfile", FILE, "--headless", "--host", target.endpoint,
        "--users", str(profile.users), "--spawn-rate", str(profile.spawn_rate), "--run-time", f"{profile.seconds}s",
        "--stop-timeout", str(STOP_SECONDS), "--exit-code-on-error", "0", "--only-summary",
        "--html", page, "--json-file", figures.with_suffix(""),
    ]  # fmt: skip
    env = os.environ | {
        "PYTHONPATH": str(PACKAGES),
        "NO_PROXY": "*",
        "LOAD_TOKEN": target.token,
        "LOAD_API": target.api,
        "LOAD_PAUSE_SECONDS": str(profile.pause_seconds),
        "LOAD_IDS": str(ids),
    }
    stem.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        status = _watched(command, env, output, profile.seconds, look)
    if status != 0 or not (figures.is_file() and ids.is_file()):
        last = log.read_text(encoding="utf-8").strip()[-2000:]
        raise SandboxError("locust", f"it ended with status {status}: {last}", f"see {log}")
    entries: list[dict[str, Any]] = json.loads(figures.read_text(encoding="utf-8"))
    return Said(entries, json.loads(ids.read_text(encoding="utf-8")))
