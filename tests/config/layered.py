"""Projects of a stack file and its bases, made from the text of a whole stack file."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

from config import ConfigError, load_file
from tests.config.stackfile import NAME, PROD, changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config import Problem

HOUSE = "bases/house.yaml"
SYSTEM = "bases/system.yaml"
SECTIONS: Mapping[str, Sequence[str]] = {
    HOUSE: ("keys", "registry", "audit", "cost"),
    SYSTEM: ("cluster", "edge", "kubernetes", "observability"),
}
"""What each base takes of prod's sections."""
FIRST_LINE = "    # Day on which"


def section(text: str, name: str) -> str:
    """Return the lines of a section of the settings."""
    found = re.search(rf"^    {name}:.*\n(?:(?:      .*)?\n)*", text, re.MULTILINE)
    assert found is not None, f"no section {name}"
    return found.group()


def divided(
    *swaps: tuple[str, str], text: str = PROD, name: str = NAME, bases: Mapping[str, Sequence[str]] = SECTIONS
) -> dict[str, str]:
    """Return a stack file as one with bases, by name, after texts are exchanged that stand in it once."""
    rest, files = changed(*swaps, text=text), dict[str, str]()
    for base, names in bases.items():
        parts = [section(rest, one) for one in names]
        for part in parts:
            rest = rest.replace(part, "")
        files[base] = dedent("".join(parts))
    listed = f"    extends: [{', '.join(bases)}]\n"
    return {**files, name: changed((FIRST_LINE, f"{listed}{FIRST_LINE}"), text=rest)}


def write(directory: Path, files: Mapping[str, str]) -> Path:
    """Write a project of these files; return its stack file."""
    for name, text in {"Pulumi.yaml": "name: trial\nruntime: python\n", **files}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return directory / NAME


WHOLE = divided()
"""Prod as a stack file and two bases."""


def problems(directory: Path, files: dict[str, str]) -> list[Problem]:
    """Return what is wrong with a project of these files."""
    try:
        load_file(write(directory, files))
    except ConfigError as error:
        return list(error.problems)
    return []


def edited(name: str, *swaps: tuple[str, str]) -> dict[str, str]:
    """Return the divided prod with texts exchanged in one of its files."""
    return {**WHOLE, name: changed(*swaps, text=WHOLE[name])}
