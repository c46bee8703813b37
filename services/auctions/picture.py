"""A PNG image that follows from bytes: the same bytes, the same image. No codec is needed for it."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Final

WIDTH: Final = 160
HEIGHT: Final = 90
_COLUMNS: Final = 16
_ROWS: Final = 9
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(seed: bytes) -> bytes:
    """Return an image of 160 by 90 pixels: 16 by 9 squares, whose colours follow from the seed."""
    colours = [hashlib.sha256(seed + bytes([square])).digest()[:3] for square in range(_COLUMNS * _ROWS)]
    side = WIDTH // _COLUMNS
    rows = bytearray()
    for row in range(_ROWS):
        line = b"".join(colour * side for colour in colours[row * _COLUMNS : (row + 1) * _COLUMNS])
        rows += (b"\x00" + line) * (HEIGHT // _ROWS)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits each of red, green and blue
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
