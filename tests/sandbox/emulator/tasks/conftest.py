"""An emulator whose tasks run as processes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.tasks.fleet import Fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = f"processes=6&speed=20&spot=true&table={Path(__file__).parent / 'images.yaml'}"
IMAGE = "registry.example/shop/test/probe:1.0"


@pytest.fixture(scope="module")
def runner() -> Iterator[client.Emulator]:
    """An emulator that runs the probe, at twenty times the speed of ECS."""
    emulator = client.start(None)
    yield emulator
    emulator.stop()


@pytest.fixture
def fleet(runner: client.Emulator, request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """A cluster in an account of the test's own; its services are deleted afterwards."""
    client.control(runner.port, "POST", f"tasks?{SETTINGS}")
    made = Fleet(session(runner, account_of(request)))
    yield made
    made.clear()
