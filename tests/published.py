"""One deployment for every process of a test run: who makes it publishes its last checkpoint, others take copies."""

from __future__ import annotations

import json
import os
import shutil
import time
from typing import TYPE_CHECKING

from sandbox.paths import RunDirectory, run_directory

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NOTE = "deployed.json"
TURN_SECONDS = 2.0


def place(factory: pytest.TempPathFactory) -> Path:
    """Return the directory that all processes of this test run share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def publish(factory: pytest.TempPathFactory, run: RunDirectory, failure: str = "") -> None:
    """Keep the last checkpoint of a world for others, or say that there is none."""
    shared = place(factory)
    if not failure:
        kept = run_directory(shared / "deployed")
        kept.root.mkdir(parents=True)
        shutil.copytree(run.checkpoints, kept.checkpoints)
        shutil.copy(run.passphrase, kept.passphrase)
    note = shared / f"{NOTE}.new"
    note.write_text(json.dumps({"failure": failure}), encoding="utf-8")
    note.rename(shared / NOTE)


def published(factory: pytest.TempPathFactory, patience_seconds: float) -> RunDirectory | None:
    """Return the run directory that another process publishes; None where no other process is at work.

    Raises:
        AssertionError: It failed to deploy, or is not through in time.
    """
    note = place(factory) / NOTE
    if "PYTEST_XDIST_WORKER" not in os.environ and not note.exists():
        return None
    deadline = time.monotonic() + patience_seconds
    while not note.exists():
        assert time.monotonic() < deadline, "the deployment of another process is not through"
        time.sleep(TURN_SECONDS)
    failure = json.loads(note.read_text(encoding="utf-8"))["failure"]
    assert not failure, f"the deployment of another process failed: {failure}"
    return run_directory(place(factory) / "deployed")
