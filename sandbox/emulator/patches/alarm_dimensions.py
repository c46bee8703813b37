"""CloudWatch alarms follow the metric with their dimensions; ministack looks at its name alone.

A metric is its namespace, name and dimensions together
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html, read 2026-11-21).
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ministack.services import cloudwatch

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKED: ContextVar[dict[str, str] | None] = ContextVar("asked", default=None)
"""Dimensions of the alarm that is being evaluated."""


def _evaluate(original: Handler) -> Handler:
    def evaluate(alarm: dict[str, Any]) -> None:
        given = alarm.get("Dimensions") or {}
        asked = given if isinstance(given, dict) else {one["Name"]: one["Value"] for one in given}
        token = _ASKED.set(asked)
        try:
            original(alarm)
        finally:
            _ASKED.reset(token)

    return evaluate


def _value(original: Handler) -> Handler:
    """Take the statistic of the points that the alarm follows; None where there are none."""

    def value(stats: Any, name: str, points: Sequence[dict[str, Any]] | None = None) -> Any:  # noqa: ANN401 - as theirs
        asked = _ASKED.get()
        if asked is None or points is None:
            return original(stats, name, points)
        mine = [point for point in points if point["Dimensions"] == asked]
        return original(cloudwatch._calc_stats(mine), name, mine) if mine else None

    return value


def _apply() -> None:
    wrap(cloudwatch, "_evaluate_alarm", _evaluate)
    wrap(cloudwatch, "_stat_value", _value)


PATCH = Patch("cloudwatch-alarm-dimensions", "an alarm goes off for what another resource measures", _apply)
