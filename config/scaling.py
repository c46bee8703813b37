"""What moves the size of a node group between its minimum and maximum (docs/adr/0012-scaling.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.facts.limits import EKS_NODES_PER_GROUP

CpuPercent = Annotated[int, Field(ge=10, le=95)]
WarmupSeconds = Annotated[int, Field(ge=30, le=3600)]


class TargetTracking(Section):
    """Adds and removes nodes so that their mean CPU utilisation stays at a target."""

    cpu_percent: CpuPercent
    """Mean CPU utilisation that is held."""
    warmup_seconds: WarmupSeconds
    """Time until a new node counts: what a node takes to start and to get pods."""


class Prediction(Section):
    """Forecasts the load of the next two days from up to fourteen past ones, and has nodes ready for it."""

    mode: Literal["ForecastAndScale", "ForecastOnly"]
    """`ForecastOnly` shows what it would do, and does nothing; it never removes nodes."""
    cpu_percent: CpuPercent
    """Mean CPU utilisation that the nodes are counted for."""
    launch_ahead_seconds: Annotated[int, Field(ge=0, le=3600)]
    """Time before the forecast hour at which nodes are started."""


class Step(Section):
    """One answer to a spike."""

    compared_by = ("cpu_percent",)

    cpu_percent: CpuPercent
    """CPU utilisation at which this step begins; it ends where the next one begins."""
    add_percent: Annotated[int, Field(ge=1, le=200)]
    """Nodes to add, in per cent of those that run."""


class Steps(Section):
    """Answers to spikes: the further above, the more nodes at once. Adds nodes only; target tracking removes them."""

    period_seconds: Literal[60, 300]
    """Length of a period in which utilisation is averaged."""
    periods: Annotated[int, Field(ge=1, le=10)]
    """Periods in a row above the first step until nodes are added."""
    least_nodes: Annotated[int, Field(ge=1, le=50)]
    """Fewest nodes that a step adds."""
    warmup_seconds: WarmupSeconds
    """Time until a new node counts."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=10)]
    """The steps, lowest first."""


class ScheduledMinimum(Section):
    """A planned change of capacity: from a time on, at least so many nodes."""

    recurrence: Annotated[str, Field(pattern=r"^[\d*/,-]+ [\d*/,-]+ [\d*/,-]+ [\dA-Z*/,-]+ [\dA-Z*/,-]+$")]
    """Cron expression: minute, hour, day of month, month, day of week."""
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$")] = "Etc/UTC"
    """IANA time zone of the expression."""
    min: Annotated[int, Field(ge=0, le=EKS_NODES_PER_GROUP)]
    """Fewest nodes from then on, per zone or group as `scaling.per` says; the next scheduled minimum takes over."""


class Policies(Section):
    """EC2 Auto Scaling owns the size: policies on the group that EKS manages. The highest answer of all wins."""

    target_tracking: TargetTracking | None = None
    """Holds CPU utilisation; the only one that removes nodes."""
    prediction: Prediction | None = None
    """Has nodes ready before the load comes."""
    steps: Steps | None = None
    """Answers spikes at once."""
    scheduled: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], ScheduledMinimum] = Field(
        default_factory=dict
    )
    """Planned changes of the minimum by name; a change of `scaling` sets the minimum back until the next one."""


class ActiveCounts(Section):
    """Counts of a standby's group while the standby serves in its primary's place; the maximum stays."""

    min: Annotated[int, Field(ge=0, le=EKS_NODES_PER_GROUP)]
    """Fewest nodes, per zone or group as `scaling.per` says."""
    desired: Annotated[int, Field(ge=0, le=EKS_NODES_PER_GROUP)]
    """Nodes to begin with; EKS refuses a minimum above what is desired, so both rise in one call."""
