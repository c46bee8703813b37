"""An embedded AWS for the tests: ministack as it comes from PyPI, on a loopback port, gone with the test."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import sys
import time
from typing import TYPE_CHECKING

from standins.toolchain import process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
FOREIGN = ("AWS_", "GATEWAY_PORT", "IOT_", "LOCALSTACK_", "MINISTACK_", "S3_", "SERVICES", "SFTP_", "USE_SSL")
"""Beginnings of settings that a user may have exported for an emulator of their own."""


@contextlib.contextmanager
def aws(place: Path) -> Iterator[int]:
    """Serve while the block runs; yields the port. What it writes stays below `place`."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)} | {
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(place),
    }
    with (
        (place / "aws.log").open("w", encoding="utf-8") as log,
        process.start([sys.executable, "-m", "ministack"], env=env, output=log) as running,
    ):
        wait(port, running)
        yield port


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait(port: int, running: process.Guarded) -> None:
    """Wait until it answers."""
    deadline = time.monotonic() + START_SECONDS
    while running.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
        with contextlib.suppress(OSError):
            connection.request("GET", "/_localstack/health")
            connection.getresponse()
            return
        time.sleep(0.1)
    raise AssertionError("the embedded AWS does not answer")
