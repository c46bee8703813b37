"""RSA keys for signatures in tests, made anew in each run, and what one signs."""

from __future__ import annotations

import hashlib
import random
from functools import cache

from sandbox.emulator.traffic import der

BITS = 2048
EXPONENT = 65537
DIGESTS = {
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
}


def _prime(source: random.Random) -> int:
    while True:
        found = source.getrandbits(BITS // 2) | (3 << (BITS // 2 - 2)) | 1
        if (
            found % EXPONENT != 1
            and all(found % small for small in range(3, 2000, 2))
            and pow(2, found - 1, found) == 1
        ):
            return found


@cache
def _numbers(number: int) -> tuple[int, int]:
    """Modulus and private exponent."""
    source = random.Random(number)  # noqa: S311 - keys that protect nothing
    one, other = _prime(source), _prime(source)
    return one * other, pow(EXPONENT, -1, (one - 1) * (other - 1))


def public(number: int) -> str:
    """PEM of a public key."""
    pair = der.tlv(der.SEQUENCE, der.integer(_numbers(number)[0]), der.integer(EXPONENT))
    kind = der.tlv(der.SEQUENCE, der.tlv(der.OBJECT, bytes.fromhex("2a864886f70d010101")), bytes([5, 0]))
    return der.pem("PUBLIC KEY", der.tlv(der.SEQUENCE, kind, der.bits(pair)))


def sign(message: bytes, number: int, name: str = "sha1") -> bytes:
    """Signature of the message's hash, as `openssl dgst -sha1 -sign` makes it."""
    modulus, secret = _numbers(number)
    digest = DIGESTS[name] + hashlib.new(name, message).digest()
    padded = b"\0\1" + b"\xff" * (BITS // 8 - len(digest) - 3) + b"\0" + digest
    return pow(int.from_bytes(padded), secret, modulus).to_bytes(BITS // 8)
