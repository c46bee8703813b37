"""One task of the controller: its part of the order, and what it needs to be allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from components.iam import Statement


@dataclass(frozen=True, kw_only=True)
class Task:
    """What one step of the function is given."""

    name: str
    """Name of the step in `function/handler.py`."""
    content: Mapping[str, pulumi.Input[Any]]
    """What the step works on; no secret, as the order is kept in the state in the clear."""
    statements: Sequence[Statement]
    """What the step may do, in both regions; the same whether the standby follows or serves."""
