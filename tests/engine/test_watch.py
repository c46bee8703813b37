"""The watch over a world's processes sees what it is there to see."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from tests.engine.processes import Watch, command_line, marked, socket_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PARENT = """
import os, socket, subprocess, sys
server = socket.create_server(("127.0.0.1", 0))
caller = socket.create_connection(server.getsockname())
child = subprocess.Popen(
    [sys.executable, "-c", "print('up', flush=True); input()"],
    env={}, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
)
child.wait()
"""
"""Listens, is connected, and has a child without the mark."""


@pytest.fixture
def mark() -> str:
    return f"PLATFORM_TEST_WATCH={uuid.uuid4().hex}"


@pytest.fixture
def family(mark: str) -> Iterator[subprocess.Popen[str]]:
    """A marked process with an unmarked child, both at work."""
    name, _, value = mark.partition("=")
    with subprocess.Popen(  # noqa: S603 our own interpreter
        [sys.executable, "-c", PARENT], env=os.environ | {name: value}, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        yield parent
        for pid in marked(mark):
            os.kill(pid, 9)


def test_a_marked_process_is_found_with_its_children(family: subprocess.Popen[str], mark: str) -> None:
    found = marked(mark)
    assert family.pid in found
    assert len(found) == 2, "the child lost the mark, and is ours nevertheless"
    assert os.getpid() not in found


def test_a_process_that_ended_is_found_no_more(mark: str) -> None:
    name, _, value = mark.partition("=")
    with subprocess.Popen(
        [sys.executable, "-c", "print('up', flush=True)"], env={name: value}, stdout=subprocess.PIPE, text=True
    ) as process:
        process.communicate()
        assert marked(mark) == set()


def test_a_look_sees_listeners_connections_commands_and_memory(family: subprocess.Popen[str], mark: str) -> None:
    watch = Watch(mark)
    watch.look()
    reported = {(found.table, found.listening, found.address) for _, found in watch.sockets}
    assert reported == {("tcp", True, "127.0.0.1"), ("tcp", False, "127.0.0.1")}
    assert command_line(family.pid) in watch.commands
    assert 2**20 < watch.peak_bytes < 2**30, "two interpreters"


@pytest.mark.parametrize(
    ("table", "local", "remote", "state", "address", "port", "loopback"),
    [
        ("tcp", "0100007F:1F90", "00000000:0000", "0A", "127.0.0.1", 8080, True),
        ("tcp", "00000000:1F90", "00000000:0000", "0A", "0.0.0.0", 8080, False),  # noqa: S104 nothing is bound
        ("tcp", "0100007F:A000", "0100007F:01BB", "01", "127.0.0.1", 443, True),
        ("tcp", "0500000A:A000", "010200C0:01BB", "02", "192.0.2.1", 443, False),
        ("udp", "0500000A:A000", "35000A0A:0035", "01", "10.10.0.53", 53, False),
        ("tcp6", f"{'0' * 32}:0050", f"{'0' * 32}:0000", "0A", "::", 80, False),
        ("tcp6", f"{'0' * 24}01000000:0050", f"{'0' * 32}:0000", "0A", "::1", 80, True),
        ("tcp6", f"{'0' * 32}:0050", "0000000000000000FFFF00000100007F:01BB", "01", "::ffff:127.0.0.1", 443, True),
        ("tcp6", f"{'0' * 32}:0050", "0000000000000000FFFF0000010200C0:01BB", "01", "::ffff:192.0.2.1", 443, False),
    ],
)
def test_a_socket_is_judged_by_the_end_that_matters(  # noqa: PLR0913, PLR0917 a row of the kernel's table
    table: str, local: str, remote: str, state: str, address: str, port: int, *, loopback: bool
) -> None:
    found = socket_of(table, local, remote, state)
    assert found.listening == (remote.endswith(":0000"))
    assert (ip_address(found.address), found.port) == (ip_address(address), port)
    assert found.is_loopback is loopback
