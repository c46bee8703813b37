"""What a standby's keys take of its primary's. A primary has none of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from config.keys import KeyDomain


@dataclass(frozen=True, kw_only=True)
class PrimaryKeys(Outputs):
    """The primary's keys, as a standby follows them."""

    arns: Mapping[KeyDomain, pulumi.Output[str]]
    """Domain -> ARN; those of multi-Region domains are replicated."""
