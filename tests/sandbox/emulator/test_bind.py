"""Sockets of the emulator."""

from __future__ import annotations

import socket

from sandbox.emulator.bind import listen


def test_connections_send_at_once() -> None:
    with listen(0) as sock, socket.create_connection(sock.getsockname()), sock.accept()[0] as taken:
        assert taken.getsockname()[0] == "127.0.0.1", "and on loopback only"
        assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
