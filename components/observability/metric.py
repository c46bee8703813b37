"""A metric of CloudWatch, and what is made of several. Pure: alarms and dashboards are made from the same values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from config.facts.metric import Unit


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric with its dimensions."""

    namespace: str
    """Namespace, such as `AWS/RDS`."""
    name: str
    """Name, such as `CPUUtilization`."""
    dimensions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Dimension -> value; all that the metric is published with, and no others."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """What an alarm or a line of a graph follows."""

    metrics: tuple[Metric, ...]
    """One metric, or those that `expression` puts together."""
    statistic: str
    """Statistic over a period, such as `Average` or `p99`."""
    expression: str = ""
    """Metric math over m1, m2 and so on; empty = there is one metric."""
    low: bool = False
    """Whether low values are bad."""
    unit: Unit = "count"
    """Unit of the values, as thresholds give them."""
    whole: float = 0
    """What 100 per cent are, of a share that CloudWatch counts in absolute numbers; 0 = it is no share."""

    def __post_init__(self) -> None:
        """Refuse what CloudWatch could not draw as one line."""
        if not self.metrics:
            raise ValueError("a series needs a metric")
        if len(self.metrics) > 1 and not self.expression:
            raise ValueError(f"{len(self.metrics)} metrics need an expression that makes one series of them")
