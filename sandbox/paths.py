"""Where the sandbox keeps things: a run directory inside the checkout.

It holds what belongs to this checkout's world (engine state, emulator state, rendered manifests, logs) and may be
deleted at any time. What is expensive and the same for every checkout stands in the cache of the stand-ins.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from standins import paths

CHECKOUT = Path(__file__).resolve().parent.parent
"""The repository this package lies in; `Pulumi.yaml` stands at its top."""

RUN_DIRECTORY_NAME = ".sandbox"


@dataclass(frozen=True)
class RunDirectory(paths.RunDirectory):
    """The files of one checkout's sandbox; nothing outside of `root` belongs to it."""

    @property
    def emulator(self) -> Path:
        """State of the embedded AWS, written at save and at a clean shutdown."""
        return self.root / "emulator"

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
