"""Files are short enough to be read: modules, stack files and their bases."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PARTS: Final = ("config", "components", "facts", "policy", "review", "preflight", "sandbox", "standins", "tests")
MOST: Final = 400
"""Lines of a module."""
OWN: Final = {
    "components/stack.py": 150,
    "Pulumi.prod.yaml": 300,
    "Pulumi.dr.yaml": 150,
    "Pulumi.small.yaml": 40,
}
"""File -> lines that it has at most: what it says is little, and stays so."""


def lengths() -> dict[str, int]:
    """Return the lines of every module and of what settings are written in."""
    modules = (one for part in PARTS for one in (ROOT / part).rglob("*.py"))
    found = [*modules, *ROOT.glob("*.py"), *ROOT.glob("Pulumi.*.yaml"), *(ROOT / "bases").glob("*.yaml")]
    return {str(one.relative_to(ROOT)): len(one.read_text(encoding="utf-8").splitlines()) for one in found}


def test_no_file_is_longer_than_can_be_read() -> None:
    found = lengths()
    assert found.keys() >= OWN.keys()
    assert {part for part in PARTS if any(name.startswith(f"{part}/") for name in found)} == set(PARTS)
    assert {name: count for name, count in found.items() if count > OWN.get(name, MOST)} == {}
