"""Arithmetic on the curve P-256 (FIPS 186-5), in Python's time: nobody but loopback is to be kept out."""

from __future__ import annotations

from typing import Final, TypeAlias

Point: TypeAlias = "tuple[int, int] | None"
"""A point of the curve; None is the one at infinity."""

P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
N: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def added(one: Point, other: Point) -> Point:
    """Return the sum of two points."""
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u and (y + v) % P == 0:
        return None
    slope = (3 * x * x - 3) * pow(2 * y, -1, P) if one == other else (v - y) * pow(u - x, -1, P)
    w = (slope * slope - x - u) % P
    return w, (slope * (x - w) - y) % P


def times(number: int, point: Point) -> Point:
    """Return a point added to itself a number of times."""
    found: Point = None
    while number:
        if number & 1:
            found = added(found, point)
        point, number = added(point, point), number >> 1
    return found


def signed(digest: bytes, r: int, s: int, public: Point) -> bool:
    """Whether the owner of a key signed a digest (section 6.4.2)."""
    if not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    found = added(times(int.from_bytes(digest) * inverse % N, G), times(r * inverse % N, public))
    return found is not None and found[0] % N == r
