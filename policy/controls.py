"""Reads `controls.txt`: the catalogue of controls that the pack answers, and the rules that hold each.

    python -m policy.controls    how many are held, and why the others are not

A line is a control, two spaces, and either rules that hold it or, after a dash, the reason why none does.
"""

from __future__ import annotations

import signal
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIST: Final = Path(__file__).resolve().parent / "controls.txt"


@cache
def held() -> Mapping[str, Sequence[str]]:
    """Return the rules that hold each control that is held."""
    return {name: rest.split(", ") for name, rest in _lines().items() if not rest.startswith("- ")}


@cache
def open_() -> Mapping[str, str]:
    """Return why no rule holds each of the others."""
    return {name: rest.removeprefix("- ") for name, rest in _lines().items() if rest.startswith("- ")}


@cache
def _lines() -> Mapping[str, str]:
    lines = (line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return {name: rest.strip() for name, _, rest in (line.partition("  ") for line in lines)}


def main() -> None:
    """Print the count, and each control that is open."""
    sys.stdout.write(f"{len(held())} of {len(held()) + len(open_())} controls are held\n")
    sys.stdout.writelines(f"{name}: {reason}\n" for name, reason in open_().items())


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    main()
