"""Resources of stacks by type and logical name; `python -m tests.components.standing` writes the lists anew.

A name that goes out of the list is a resource that the next update deletes, or makes anew under another name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.load import load_file, stack_file
from review.recording import record_stack

if TYPE_CHECKING:
    from review.graph import Graph

STACKS: Final = ("prod", "dr", "auctions", "agents", "records", "records-dr", "realestate")
LISTS: Final = Path(__file__).parent / "lists"


def names(graph: Graph) -> list[str]:
    """Return what the engine knows each resource by in a stack: its parents' types and its own, and its name."""
    return sorted(one.urn.split("::", 2)[2] for one in graph.custom())


def listed(stack: str) -> list[str]:
    """Return the names as they were written down."""
    return (LISTS / f"{stack}.txt").read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    for stack in STACKS:
        made = names(record_stack(stack, load_file(stack_file(stack))))
        (LISTS / f"{stack}.txt").write_text("\n".join(made) + "\n", encoding="utf-8")
