"""Certificates of the data planes: an authority of this process's own, and one certificate for each name asked for.

Keys are of P-256 (FIPS 186-5) and last as long as the process; a client that verifies trusts the authority, which
GET /_sandbox/traffic names. The arithmetic is Python's and takes its time: nobody but loopback is to be kept out.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from sandbox.emulator.traffic import der

if TYPE_CHECKING:
    from pathlib import Path

    Point: TypeAlias = tuple[int, int] | None
    """A point of the curve; None is the one at infinity."""

_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_CURVE: Final = der.tlv(der.OBJECT, bytes.fromhex("2a8648ce3d030107"))
_KEY: Final = der.tlv(der.OBJECT, bytes.fromhex("2a8648ce3d0201"))
_SIGNED: Final = der.tlv(der.SEQUENCE, der.tlv(der.OBJECT, bytes.fromhex("2a8648ce3d040302")))
_NAME: Final = der.tlv(der.OBJECT, bytes.fromhex("550403"))
_DAYS: Final = 365
_TRUE: Final = der.tlv(0x01, b"\xff")


def _added(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u and (y + v) % _P == 0:
        return None
    slope = (3 * x * x - 3) * pow(2 * y, -1, _P) if one == other else (v - y) * pow(u - x, -1, _P)
    w = (slope * slope - x - u) % _P
    return w, (slope * (x - w) - y) % _P


def _times(number: int, point: Point) -> Point:
    found: Point = None
    while number:
        if number & 1:
            found = _added(found, point)
        point, number = _added(point, point), number >> 1
    return found


@dataclass(frozen=True)
class Key:
    """A private key.

    Attributes:
        number: The secret number.
    """

    number: int

    @classmethod
    def new(cls) -> Key:
        """Return a key that nobody has."""
        return cls(secrets.randbelow(_N - 1) + 1)

    @cached_property
    def public(self) -> bytes:
        """The point of the curve that belongs to it."""
        x, y = _times(self.number, _G) or (0, 0)
        return b"\x04" + x.to_bytes(32) + y.to_bytes(32)

    @property
    def pem(self) -> str:
        """The private key as text (RFC 5915)."""
        return der.pem(
            "EC PRIVATE KEY",
            der.tlv(
                der.SEQUENCE,
                der.integer(1),
                der.tlv(der.OCTETS, self.number.to_bytes(32)),
                der.tlv(0xA0, _CURVE),
                der.tlv(0xA1, der.bits(self.public)),
            ),
        )

    def sign(self, content: bytes) -> bytes:
        """Return the signature of the content's SHA-256."""
        digest = int.from_bytes(hashlib.sha256(content).digest())
        while True:
            once = secrets.randbelow(_N - 1) + 1
            r = (_times(once, _G) or (0, 0))[0] % _N
            s = pow(once, -1, _N) * (digest + r * self.number) % _N
            if r and s:
                return der.tlv(der.SEQUENCE, der.integer(r), der.integer(s))


def certificate(name: str, key: Key, issuer: str, signer: Key) -> str:
    """Return a certificate of a name, as text; of an authority where it signs itself (RFC 5280)."""
    authority = name == issuer
    content = der.tlv(
        der.SEQUENCE,
        der.tlv(0xA0, der.integer(2)),
        der.integer(secrets.randbits(63) | 1),
        _SIGNED,
        _named(issuer),
        der.tlv(der.SEQUENCE, *(der.tlv(der.TIME, _stamp(days)) for days in (-1, _DAYS))),
        _named(name),
        der.tlv(der.SEQUENCE, der.tlv(der.SEQUENCE, _KEY, _CURVE), der.bits(key.public)),
        der.tlv(0xA3, der.tlv(der.SEQUENCE, *(_ca(key) if authority else _leaf(name, key, signer)))),
    )
    return der.pem("CERTIFICATE", der.tlv(der.SEQUENCE, content, _SIGNED, der.bits(signer.sign(content))))


def _stamp(days: int) -> bytes:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ").encode()


def _named(name: str) -> bytes:
    pair = der.tlv(der.SEQUENCE, _NAME, der.tlv(der.TEXT, name.encode()[:64]))
    return der.tlv(der.SEQUENCE, der.tlv(der.SET, pair))


def _id(key: Key) -> bytes:
    return hashlib.sha256(key.public).digest()[:20]


def _extension(number: int, content: bytes, *, critical: bool = False) -> bytes:
    oid = der.tlv(der.OBJECT, bytes([0x55, 0x1D, number]))
    return der.tlv(der.SEQUENCE, oid, _TRUE if critical else b"", der.tlv(der.OCTETS, content))


def _ca(key: Key) -> list[bytes]:
    return [
        _extension(19, der.tlv(der.SEQUENCE, _TRUE), critical=True),
        _extension(15, der.tlv(der.BITS, b"\x02\x04"), critical=True),
        _extension(14, der.tlv(der.OCTETS, _id(key))),
    ]


def _leaf(name: str, key: Key, signer: Key) -> list[bytes]:
    named = der.tlv(0x82, name.encode("idna")), der.tlv(0x82, b"localhost"), der.tlv(0x87, bytes([127, 0, 0, 1]))
    return [
        _extension(17, der.tlv(der.SEQUENCE, *named)),
        _extension(14, der.tlv(der.OCTETS, _id(key))),
        _extension(35, der.tlv(der.SEQUENCE, der.tlv(0x80, _id(signer)))),
    ]


class Authority:
    """Makes certificates for whatever name a client asks for.

    Args:
        directory: Where keys lie while they are read.
    """

    _NAME = "Sandbox load balancers"

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._key = Key.new()
        self._contexts: dict[str, ssl.SSLContext] = {}

    @cached_property
    def certificate(self) -> str:
        """Its own certificate, as text, for clients to trust."""
        return certificate(self._NAME, self._key, self._NAME, self._key)

    def context(self) -> ssl.SSLContext:
        """Return the settings of a server that shows each client the certificate of the name that it asks for."""
        context = self._of("localhost")

        def named(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            if name is not None:
                connection.context = self._of(name)

        context.sni_callback = named
        return context

    def _of(self, name: str) -> ssl.SSLContext:
        if name not in self._contexts:
            key, path = Key.new(), self._directory / f"{secrets.token_hex(8)}.pem"
            path.touch(0o600)
            path.write_text(key.pem + certificate(name, key, self._NAME, self._key), encoding="ascii")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_cert_chain(path)
            path.unlink()
            self._contexts[name] = context
        return self._contexts[name]
