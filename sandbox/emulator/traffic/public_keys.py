"""Signatures of public keys as CloudFront takes them: RSA and ECDSA on P-256, of a SHA-1 or a SHA-256."""

from __future__ import annotations

import hashlib
from typing import Final

from sandbox.emulator.traffic import curve, der

HASHES: Final = {
    "SHA1": ("sha1", bytes.fromhex("3021300906052b0e03021a05000414")),
    "SHA256": ("sha256", bytes.fromhex("3031300d060960864801650304020105000420")),
}
"""Hash-Algorithm of a signed address -> the hash, and what says in a signature of RSA that one follows (RFC 8017, 9.2).

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
(2026-11); SHA1 where an address names none.
"""
_EC: Final = bytes.fromhex("2a8648ce3d0201")
_COORDINATE: Final = 32


def signed(content: bytes, signature: bytes, public_key: str, hash_: str) -> bool:
    """Whether the owner of a key signed the hash of a content.

    Args:
        content: What is to be signed.
        signature: As `openssl dgst -sign` makes it.
        public_key: PEM of a SubjectPublicKeyInfo (RFC 5280, section 4.1).
        hash_: One of `HASHES`.

    Raises:
        ValueError: The key is none.
    """
    name, prefix = HASHES[hash_]
    digest = hashlib.new(name, content).digest()
    ((_, whole),) = der.read(der.unwrapped(public_key))
    (_, kind), (_, bits) = der.read(whole)
    if der.read(kind)[0][1] == _EC:
        x, y = bits[2 : 2 + _COORDINATE], bits[2 + _COORDINATE :]
        return _by_curve(digest, signature, (int.from_bytes(x), int.from_bytes(y)))
    ((_, pair),) = der.read(bits[1:])
    (_, modulus), (_, exponent) = der.read(pair)
    return _by_rsa(prefix + digest, signature, int.from_bytes(modulus), int.from_bytes(exponent))


def _by_curve(digest: bytes, signature: bytes, public: curve.Point) -> bool:
    try:
        ((_, pair),) = der.read(signature)
        (_, r), (_, s) = der.read(pair)
    except ValueError:
        return False
    first, second = int.from_bytes(r), int.from_bytes(s)
    written = der.tlv(der.SEQUENCE, der.integer(first), der.integer(second))
    return written == signature and curve.signed(digest, first, second, public)


def _by_rsa(digest: bytes, signature: bytes, modulus: int, exponent: int) -> bool:
    """Compare with the one padded text that the digest has (RFC 8017, section 8.2.2)."""
    size = (modulus.bit_length() + 7) // 8
    found = pow(int.from_bytes(signature), exponent, modulus).to_bytes(size)
    return len(signature) == size and found == b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
