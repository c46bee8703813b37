"""What later areas may know of observability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from config.observability import Severity


@dataclass(frozen=True, kw_only=True)
class ObservabilityOutputs:
    """Observability as other areas see it."""

    topic_arns: Mapping[Severity, pulumi.Output[str]]
    """Severity -> topic; who makes alarms of its own tells them there."""
