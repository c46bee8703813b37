"""What later areas may know of observability."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from config.observability import Severity


@dataclass(frozen=True, kw_only=True)
class ObservabilityOutputs(Outputs):
    """Observability as other areas see it."""

    topic_arns: Mapping[Severity, pulumi.Output[str]]
    """Severity -> topic; an area's own alarms are published there."""
    alarm_names: Mapping[str, Mapping[str, pulumi.Output[str]]] = field(default_factory=dict)
    """Row of the alarm table -> subject, such as a service -> name of its alarm."""

    def exports(self) -> Mapping[str, pulumi.Output[dict[str, str]]]:
        """Return `topic_arns`: severity -> topic of the region's alarms."""
        return {"topic_arns": gathered(self.topic_arns)}
