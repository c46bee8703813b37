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
from typing import TYPE_CHECKING, Final

from sandbox.emulator.traffic import curve, der

if TYPE_CHECKING:
    from pathlib import Path

_CURVE: Final = der.tlv(der.OBJECT, bytes.fromhex("2a8648ce3d030107"))
_KEY: Final = der.tlv(der.OBJECT, bytes.fromhex("2a8648ce3d0201"))
_SIGNED: Final = der.tlv(der.SEQUENCE, der.tlv(der.OBJECT, bytes.fromhex("2a8648ce3d040302")))
_NAME: Final = der.tlv(der.OBJECT, bytes.fromhex("550403"))
_DAYS: Final = 365
_TRUE: Final = der.tlv(0x01, b"\xff")


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
        return cls(secrets.randbelow(curve.N - 1) + 1)

    @cached_property
    def public(self) -> bytes:
        """The point of the curve that belongs to it."""
        x, y = curve.times(self.number, curve.G) or (0, 0)
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
            once = secrets.randbelow(curve.N - 1) + 1
            r = (curve.times(once, curve.G) or (0, 0))[0] % curve.N
            s = pow(once, -1, curve.N) * (digest + r * self.number) % curve.N
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
