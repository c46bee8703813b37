"""Certificates that strict clients take, for whatever name they ask for."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator.traffic import der
from sandbox.emulator.traffic.certificates import Authority

if TYPE_CHECKING:
    from pathlib import Path

STRICT = ssl.VERIFY_X509_STRICT


def _shaken(authority: Authority, trusting: ssl.SSLContext, name: str) -> dict[str, object] | None:
    """The certificate that a client was shown and has verified."""
    served, asking = socket.socketpair()
    with served, asking:
        thread = threading.Thread(target=_serve, args=(authority.context(), served))
        thread.start()
        try:
            with trusting.wrap_socket(asking, server_hostname=name) as client:
                return client.getpeercert()
        finally:
            asking.close()
            thread.join()


def _serve(context: ssl.SSLContext, sock: socket.socket) -> None:
    try:
        context.wrap_socket(sock, server_side=True).close()
    except OSError:
        sock.close()


@pytest.mark.parametrize("name", ["web-1.us-east-1.elb.amazonaws.com", "d1.cloudfront.net", "a" * 60 + ".example.com"])
def test_a_client_verifies_the_name_that_it_asks_for(tmp_path: Path, name: str) -> None:
    authority = Authority(tmp_path)
    trusting = ssl.create_default_context(cadata=authority.certificate)
    trusting.verify_flags |= STRICT
    found = _shaken(authority, trusting, name)
    assert found is not None
    assert ("DNS", name) in found["subjectAltName"]  # type: ignore[operator]
    assert list(tmp_path.iterdir()) == [], "no key is left on disk"


def test_another_authority_is_not_trusted(tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cadata=Authority(tmp_path).certificate)
    with pytest.raises(ssl.SSLCertVerificationError):
        _shaken(Authority(tmp_path), trusting, "web.example.com")


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 70000])
def test_elements_of_any_length_are_read_as_they_were_written(size: int) -> None:
    content = bytes(size)
    assert der.read(der.tlv(der.OCTETS, content) + der.integer(128)) == [(4, content), (2, b"\0\x80")]


@pytest.mark.parametrize("data", [b"\x04", b"\x04\x02a", b"\x04\x82\x01"])
def test_what_is_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="cut short"):
        der.read(data)
