"""Where the sandbox keeps things: a run directory inside the checkout, a cache outside of it.

The run directory holds what belongs to this checkout's world (engine state, emulator state, rendered manifests, logs)
and may be deleted at any time. The cache holds what is expensive and the same for every checkout (engine, bridge, shape
tables), keyed by version, so that a second clone starts at once.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
"""The repository this package lies in; `Pulumi.yaml` stands at its top."""

RUN_DIRECTORY_NAME = ".sandbox"


@dataclass(frozen=True)
class RunDirectory:
    """The files of one checkout's sandbox; nothing outside of `root` belongs to it."""

    root: Path

    @property
    def bin(self) -> Path:
        """Launchers, first on PATH of every engine command."""
        return self.root / "bin"

    @property
    def home(self) -> Path:
        """PULUMI_HOME of the sandbox: never the user's own, which may hold credentials."""
        return self.root / "home"

    @property
    def state(self) -> Path:
        """The engine's file backend."""
        return self.root / "state"

    @property
    def emulator(self) -> Path:
        """State of the embedded AWS, written at save and at a clean shutdown."""
        return self.root / "emulator"

    @property
    def rendered(self) -> Path:
        """Kubernetes manifests, one folder per stack."""
        return self.root / "rendered"

    @property
    def held(self) -> Path:
        """Resources the emulator could not serve, one JSON-lines file per stack."""
        return self.root / "held"

    @property
    def logs(self) -> Path:
        """Output of the last engine command of each kind, per stack."""
        return self.root / "logs"

    @property
    def passphrase(self) -> Path:
        """Random passphrase of the engine's secrets provider; mode 0600."""
        return self.root / "passphrase"

    @property
    def checkpoints(self) -> Path:
        """Consistent pairs of engine state and emulator state."""
        return self.root / "checkpoints"

    @property
    def journal(self) -> Path:
        """What is running now; it outlives a killed run and is how the next one knows."""
        return self.root / "journal.json"

    @property
    def lock(self) -> Path:
        """Held (flock) while a command changes the world."""
        return self.root / "lock"


def run_directory(checkout: Path = CHECKOUT) -> RunDirectory:
    """Return the run directory of `checkout`; nothing is created."""
    return RunDirectory(checkout / RUN_DIRECTORY_NAME)


def cache_directory() -> Path:
    """Return the cache outside the repository; nothing is created.

    `PLATFORM_CACHE_DIR` wins and is taken as it is; else `platform-sandbox` under `XDG_CACHE_HOME` or `~/.cache`.
    """
    own = os.environ.get("PLATFORM_CACHE_DIR")
    if own:
        return Path(own).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return (Path(base).expanduser() / "platform-sandbox").resolve()


def machine() -> str:
    """Return operating system and architecture as Go and Terraform name them, such as `linux_amd64`."""
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{platform.system().lower()}_{arch}"
