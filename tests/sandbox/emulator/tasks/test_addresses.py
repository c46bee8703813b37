"""A port of a task is found on loopback from its start to its end, and only its own."""

from __future__ import annotations

import pytest

from sandbox.emulator.tasks import addresses


@pytest.mark.parametrize("port", [80, 8080])
def test_a_port_is_found_while_it_is_served(port: int) -> None:
    ip, other = "10.9.8.7", "10.9.8.70"
    addresses.serve(ip, {port: 50_001, port + 1: 50_002})
    addresses.serve(other, {port: 50_003})
    assert addresses.local(ip, port) == ("127.0.0.1", 50_001)
    assert addresses.local(ip, port + 2) is None, "a port that the task does not map"
    addresses.forget(ip)
    assert addresses.local(ip, port) is None
    assert addresses.local(other, port) == ("127.0.0.1", 50_003), "the addresses only begin alike"
    addresses.forget(other)
