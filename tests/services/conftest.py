"""An emulator, and processes that reach it."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from services.worker import log
from tests.sandbox.emulator.conftest import Aws, account_of, session
from tests.services.running import Programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def quiet_afterwards() -> Iterator[None]:
    """What a program under test does to the logging of this process ends with the test."""
    root = logging.getLogger()
    level, hook = root.level, sys.excepthook
    yield
    root.setLevel(level)
    sys.excepthook = hook
    for handler in [one for one in root.handlers if isinstance(one.formatter, log._Lines)]:
        root.removeHandler(handler)


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
