"""The agents' part of an account, a test's own."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import boto3
import pytest

from services.agents import authorizer, changes, http, sockets
from tests.sandbox.emulator.conftest import account_of
from tests.services.agents.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws
    from tests.services.running import Programs

_KEPT = (http.places, sockets.connections, changes.sockets, authorizer.verifier)


@pytest.fixture
def place(
    aws: Aws,
    emulator: Emulator,
    programs: Programs,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    """It stands, and the environment of this process says where."""
    made = Place(aws, programs, f"agents-{abs(hash(request.node.nodeid))}").open()
    reach = {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": account_of(request),
        "AWS_SECRET_ACCESS_KEY": "sandbox",
    }
    for name, value in {**reach, **made.environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the credentials of the test before
    for one in _KEPT:
        one.cache_clear()
    yield made
    for one in _KEPT:
        one.cache_clear()


@pytest.fixture
def slow() -> Iterator[str]:
    """An address that takes calls and does not answer them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
