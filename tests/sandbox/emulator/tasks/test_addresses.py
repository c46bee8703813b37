"""A port of a task is found on loopback from its start to its end, only its own, and nobody else is given it."""

from __future__ import annotations

import socket

import pytest

from sandbox.emulator.tasks import addresses


@pytest.mark.parametrize("port", [80, 8080])
def test_a_port_is_found_while_it_is_served(port: int) -> None:
    ip, other = "10.9.8.7", "10.9.8.70"
    mine, its = addresses.serve(ip, [port, port + 1]), addresses.serve(other, [port])
    assert addresses.local(ip, port) == ("127.0.0.1", mine[port])
    assert addresses.local(ip, port + 2) is None, "a port that the task does not map"
    addresses.forget(ip)
    assert addresses.local(ip, port) is None
    assert addresses.local(other, port) == ("127.0.0.1", its[port]), "the addresses only begin alike"
    addresses.forget(other)


def test_a_port_is_held_for_its_server_alone() -> None:
    held = addresses.serve("10.9.8.7", [8080])[8080]
    try:
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", held))
        with socket.create_server(("127.0.0.1", held)):  # sets SO_REUSEADDR, as servers do
            socket.create_connection(("127.0.0.1", held), timeout=5).close()
    finally:
        addresses.forget("10.9.8.7")
    with socket.create_server(("127.0.0.1", held)):
        assert addresses.local("10.9.8.7", 8080) is None
