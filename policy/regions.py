"""The commercial regions, as `make facts` writes them into `regions.txt`; the program's model is made from the same."""

from __future__ import annotations

from pathlib import Path
from typing import Final

COMMERCIAL: Final = tuple((Path(__file__).resolve().parent / "regions.txt").read_text(encoding="utf-8").split())
"""Codes of every region of the partition `aws`. China, GovCloud and the sovereign ones are partitions of their own."""


def shown(allowed: tuple[str, ...]) -> str:
    """Return allowed regions for a message: all of them in words, fewer by name."""
    return "a commercial region (policy/regions.txt)" if set(allowed) == set(COMMERCIAL) else ", ".join(allowed)
