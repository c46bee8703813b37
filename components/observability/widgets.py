"""Widgets of a CloudWatch dashboard, and the body that they make. Pure.

Structure: "Dashboard body structure and syntax" of the CloudWatch API reference (2026-11). Values may be outputs that
are not known yet; nothing here looks into them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from config.facts.metrics import GIB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from components.observability.metric import Series

GRID: Final = 24
"""Columns of a dashboard."""
LINES: Final = 500
"""Most metrics in one graph."""
HEIGHT: Final = 6
"""Rows of a graph."""
_EXPRESSIONS: Final[Mapping[str, str]] = {"gib": f"/{GIB}"}

Body = dict[str, Any]
Width = Literal[6, 8, 12, 24]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Lines over time."""

    title: str
    """What it shows, with the unit."""
    lines: Mapping[str, Series]
    """Label -> what the line follows."""
    width: Width = 8
    """Columns."""
    stacked: bool = False
    """Whether the lines stand upon one another."""
    region: str | None = None
    """Region of the metrics; None = that of the dashboard."""

    def render(self, region: str, period_seconds: int) -> Body:
        """Return the widget, without its place."""
        metrics: list[list[Any]] = []
        for at, (label, series) in enumerate(self.lines.items()):
            metrics += _line(f"s{at}", label, series)
        if len(metrics) > LINES:
            raise ValueError(f"graph {self.title!r}: {len(metrics)} metrics; a graph has {LINES} at most")
        return {
            "type": "metric",
            "width": self.width,
            "height": HEIGHT,
            "properties": {
                "title": self.title,
                "region": self.region or region,
                "view": "timeSeries",
                "stacked": self.stacked,
                "period": period_seconds,
                "metrics": metrics,
                "yAxis": {"left": {"min": 0}},
            },
        }


@dataclass(frozen=True, kw_only=True)
class States:
    """States of alarms."""

    title: str
    """What they say together."""
    alarms: Sequence[pulumi.Input[str]]
    """ARNs; 100 are shown at most."""

    def render(self, _region: str, _period_seconds: int) -> Body:
        """Return the widget, without its place."""
        return {
            "type": "alarm",
            "width": GRID,
            "height": 2 + -(-len(self.alarms) // 6),
            "properties": {"title": self.title, "alarms": list(self.alarms)},
        }


@dataclass(frozen=True, kw_only=True)
class Note:
    """A line of text, in Markdown."""

    markdown: str
    """The text."""

    def render(self, _region: str, _period_seconds: int) -> Body:
        """Return the widget, without its place."""
        return {"type": "text", "width": GRID, "height": 2, "properties": {"markdown": self.markdown}}


Widget = Graph | States | Note


def body(widgets: Sequence[Widget], *, region: str, period_seconds: int) -> Body:
    """Return the body of a dashboard: its widgets from left to right, and from the top."""
    return {"widgets": place([widget.render(region, period_seconds) for widget in widgets])}


def place(widgets: Sequence[Body]) -> list[Body]:
    """Give widgets their places: beside one another while the row has room, the next row below the highest."""
    placed: list[Body] = []
    x = y = row_height = 0
    for widget in widgets:
        if x + widget["width"] > GRID:
            x, y, row_height = 0, y + row_height, 0
        placed.append({**widget, "x": x, "y": y})
        x += widget["width"]
        row_height = max(row_height, widget["height"])
    return placed


def _line(identifier: str, label: str, series: Series) -> list[list[Any]]:
    """Return the metrics of one line; those that only feed an expression are hidden."""
    conversion = _EXPRESSIONS.get(series.unit, "")
    if not series.expression and not conversion:
        return [_metric(series, 0, {"label": label, "stat": series.statistic})]
    # Ids are the dashboard's own: m1 of the second line must not be m1 of the first.
    parts = [
        _metric(series, at, {"id": f"{identifier}m{at + 1}", "stat": series.statistic, "visible": False})
        for at in range(len(series.metrics))
    ]
    ids = [f"{identifier}m{at + 1}" for at in range(len(series.metrics))]
    expression = series.expression.replace("METRICS()", f"[{','.join(ids)}]") or "m1"
    for at in range(len(ids), 0, -1):
        expression = _renamed(expression, f"m{at}", ids[at - 1])
    return [[{"expression": f"{expression}{conversion}", "label": label, "id": identifier}], *parts]


def _renamed(expression: str, old: str, new: str) -> str:
    """Replace an id that stands by itself."""
    return re.sub(rf"(?<![A-Za-z0-9_]){old}(?![A-Za-z0-9_])", new, expression)


def _metric(series: Series, at: int, options: Body) -> list[Any]:
    metric = series.metrics[at]
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, options]
