"""What others may know of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class AuditOutputs(Outputs):
    """The audit as other areas see it."""

    records_bucket: pulumi.Output[str]
    """Bucket of the records, known once CloudTrail and Config may write to it."""
    trail_log_group: pulumi.Output[str] | None
    """Log group with the trail's events, for metric filters; None where another stack has the trail."""
    detector_id: pulumi.Output[str]
    """GuardDuty detector of the region."""
