"""An emulator, and processes that reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import Aws, account_of, session
from tests.services.running import Programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def emulator() -> Iterator[client.Emulator]:
    """An emulator without a state directory."""
    running = client.start(None)
    yield running
    running.stop()


@pytest.fixture
def aws(emulator: client.Emulator, request: pytest.FixtureRequest) -> Aws:
    """A maker of boto3 clients in an account of the test's own."""
    return session(emulator, account_of(request))


@pytest.fixture
def programs(emulator: client.Emulator, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Programs]:
    """Processes that reach the emulator in the test's account."""
    reach = {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": account_of(request),
        "AWS_SECRET_ACCESS_KEY": "sandbox",
    }
    made = Programs(tmp_path, reach)
    yield made
    made.end()
