"""Quantities of Kubernetes in numbers: `250m` of CPU, `512Mi` of memory."""

from __future__ import annotations

from typing import Final

_BYTES: Final = {"Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
MILLI: Final = 1000
"""Thousandths of a CPU in one."""


def milli_cpus(text: str) -> int:
    """Return a quantity of CPU in thousandths of one."""
    return int(text[:-1]) if text.endswith("m") else int(text) * MILLI


def size_bytes(text: str) -> int:
    """Return a quantity of memory or storage in bytes."""
    return int(text[:-2]) * _BYTES[text[-2:]]
