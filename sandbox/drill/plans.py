"""What a preview may do in a failover: nothing that holds data is replaced or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from review.engine_json import LOSES
from sandbox.drill.checks import Check, holds
from sandbox.run.events import label
from sandbox.run.inventory import entries_of

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOKS: Final = ("read", "refresh")
"""Operations that change nothing, such as reading another stack's outputs."""

FIX: Final = "do not run the update; `pulumi preview --diff` shows which input forces it"


def holding(exported: dict[str, Any]) -> set[str]:
    """Return the URNs of what holds data in a stack: what its program protects, or retains when it is deleted."""
    return {entry["urn"] for entry in entries_of(exported) if entry.get("protect") or entry.get("retainOnDelete")}


def keeps_data(stack: str, changes: Mapping[str, str], held: set[str]) -> Check:
    """Judge a plan.

    Args:
        stack: The stack.
        changes: URN -> operation, of what is not left as it is.
        held: URNs of what holds data, as the stack stands before.
    """
    there = sorted(urn for urn in changes if urn in held)
    lost = [f"{changes[urn]} {label(urn)}" for urn in there if changes[urn] in LOSES]
    found = "; ".join(lost) or f"{len(changes)} changes, {len(held)} resources that hold data kept"
    return holds(f"plan-keeps-data {stack}", "nothing that holds data replaced or deleted", found, FIX, ok=not lost)


def empty(stack: str, changes: Mapping[str, str]) -> Check:
    """Judge a plan that should have nothing to do."""
    made = {urn: operation for urn, operation in changes.items() if operation not in LOOKS}
    listed = "; ".join(f"{operation} {label(urn)}" for urn, operation in sorted(made.items()))
    fix = "deploy it first; if it comes back each time, a component's inputs are not what AWS keeps"
    return holds(f"no-changes {stack}", "no changes", listed or "no changes", fix, ok=not made)
