"""Public keys of signers as CloudFront takes them, which it tells at deployment only.

CloudFront takes RSA 2048 and ECDSA P-256 (CloudFront API, `PublicKey`, 2026-11-30). Of either there is one encoding as
SubjectPublicKeyInfo but for the numbers of the key itself (RFC 3279, 2.3.1; RFC 5480, 2), as `openssl pkey -pubout`
writes it.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

_BEGIN: Final = "-----BEGIN PUBLIC KEY-----"
_END: Final = "-----END PUBLIC KEY-----"
_LINE: Final = 64
_RSA: Final = bytes.fromhex("30820122300d06092a864886f70d01010105000382010f003082010a0282010100")
"""Before the modulus of RSA 2048."""
_EXPONENT: Final = bytes.fromhex("0203010001")
"""65537, behind it."""
_MODULUS: Final = 256
_HIGHEST_BIT: Final = 0x80
_EC: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""Before a point of P-256, uncompressed."""
_COORDINATE: Final = 32
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
"""y^2 = x^3 - 3x + b modulo p (FIPS 186-4, D.1.2.3)."""


def public_key(pem: str) -> str | None:
    """Return a public key as CloudFront gives it back: lines of 64 characters, a line's end behind the last.

    None = it is no key of a kind that CloudFront takes.
    """
    try:
        der = base64.b64decode("".join(pem.strip().removeprefix(_BEGIN).removesuffix(_END).split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not (_is_rsa(der) or _is_p256(der)):
        return None
    text = base64.b64encode(der).decode()
    return "\n".join((_BEGIN, *(text[at : at + _LINE] for at in range(0, len(text), _LINE)), _END, ""))


def _is_rsa(der: bytes) -> bool:
    """Tell an odd modulus of 2048 bits with the exponent 65537."""
    modulus = der[len(_RSA) : -len(_EXPONENT)]
    framed = der.startswith(_RSA) and der.endswith(_EXPONENT) and len(modulus) == _MODULUS
    return framed and modulus[0] >= _HIGHEST_BIT and modulus[-1] % 2 == 1


def _is_p256(der: bytes) -> bool:
    """Tell a point of the curve."""
    point = der[len(_EC) :]
    if not der.startswith(_EC) or len(point) != 2 * _COORDINATE:
        return False
    x, y = int.from_bytes(point[:_COORDINATE], "big"), int.from_bytes(point[_COORDINATE:], "big")
    return max(x, y) < _P and (y * y - (x**3 - 3 * x + _B)) % _P == 0
