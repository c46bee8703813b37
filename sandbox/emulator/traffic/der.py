"""The few kinds of DER that keys and a certificate are made of (X.690), and nothing else."""

from __future__ import annotations

import base64
from typing import Final

INTEGER: Final = 0x02
BITS: Final = 0x03
OCTETS: Final = 0x04
OBJECT: Final = 0x06
TEXT: Final = 0x0C
TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

_LONG: Final = 0x80


def tlv(tag: int, *parts: bytes) -> bytes:
    """Return an element of what is inside."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, _LONG | len(length)]) + length + content


def integer(value: int) -> bytes:
    """Return a number that is not negative."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def bits(content: bytes) -> bytes:
    """Return whole bytes as a bit string."""
    return tlv(BITS, b"\0", content)


def read(data: bytes) -> list[tuple[int, bytes]]:
    """Return tag and content of the elements that follow one another.

    Raises:
        ValueError: It is no DER.
    """
    found = []
    while data:
        if len(data) < 2:  # noqa: PLR2004 - a tag and a length
            raise ValueError("an element is cut short")
        start, size = 2, data[1]
        if size & _LONG:
            start += size & ~_LONG
            size = int.from_bytes(data[2:start])
        if len(data) < start + size:
            raise ValueError("an element is cut short")
        found.append((data[0], data[start : start + size]))
        data = data[start + size :]
    return found


def pem(label: str, content: bytes) -> str:
    """Return DER as text."""
    text = base64.encodebytes(content).decode("ascii")
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n"


def unwrapped(text: str) -> bytes:
    """Return the DER of a text of one key or certificate.

    Raises:
        ValueError: It is no such text.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    return base64.b64decode("".join(line for line in lines if not line.startswith("-----")), validate=True)
