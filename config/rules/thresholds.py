"""Thresholds of alarms that can be passed, and are not passed from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.ceilings import CEILINGS, connections
from config.facts.metrics import METRICS
from config.problems import refuse
from config.rules.observability import alarms
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.facts.metric import MetricFact
    from config.observability import Alarm
    from config.problems import Path, Problem
    from config.stack import StackConfig

_WHOLE: Final = 100


def alarm_thresholds(config: StackConfig) -> Iterator[Problem]:
    """An alarm can go off, and does not go off at once, on each thing that it watches."""
    for path, alarm in alarms(config):
        fact = _fact(config, alarm)
        if fact is not None:
            where = (*path, "threshold")
            yield from until_incomplete(_by_unit(where, alarm, fact))
            yield from until_incomplete(_by_ceiling(config, where, alarm, low=fact.low))
            yield from until_incomplete(_by_share(config, path, alarm, fact))


def _fact(config: StackConfig, alarm: Alarm) -> MetricFact | None:
    """Return what an alarm watches; events of the trail have no fact and no bound."""
    if alarm.source is not None:
        return METRICS.get(alarm.source)
    return config.observability.custom().get(alarm.metric) if config.observability and alarm.metric else None


def _by_unit(where: Path, alarm: Alarm, fact: MetricFact) -> Iterator[Problem]:
    if fact.unit == "percent" and alarm.threshold >= _WHOLE:
        what, fix = "per cent never pass 100: it could never go off", "lower it"
        yield refuse(where, what, got=alarm.threshold, allowed="0 to 99", fix=fix)
    if fact.low and alarm.threshold == 0:
        what, fix = "nothing is below 0: it could never go off", "raise it"
        yield refuse(where, what, got=alarm.threshold, allowed="more than 0", fix=fix)


def _by_ceiling(config: StackConfig, where: Path, alarm: Alarm, *, low: bool) -> Iterator[Problem]:
    """Judge by the thing with the lowest bound: the alarm of each has the one threshold."""
    found = CEILINGS.get(alarm.source) if alarm.source else None
    ceilings = sorted(found(config) if found else (), key=lambda one: one.value)
    if not ceilings:
        return
    lowest = ceilings[0]
    end = "it would go off at once" if low else "it could never go off"
    fits = alarm.threshold <= lowest.value if low and lowest.reached else alarm.threshold < lowest.value
    if not fits:
        allowed = f"{lowest.value:g} at most" if low and lowest.reached else f"below {lowest.value:g}"
        yield refuse(where, f"{lowest.of}: {end}", got=alarm.threshold, allowed=allowed, fix="lower it")


def _by_share(config: StackConfig, path: Path, alarm: Alarm, fact: MetricFact) -> Iterator[Problem]:
    if fact.of != "database":
        return
    postgres = present(config.postgres)
    if fact.share and not connections(postgres) and "max_connections" in postgres.parameters:
        what = "a share of what data.postgres.parameters.max_connections gives as a formula"
        fix = "give max_connections as a number, or watch rds_connections"
        where = (*path, "source")
        yield refuse(where, what, got=alarm.source, allowed="a source with a threshold of its own", fix=fix)


RULES: Final = (alarm_thresholds,)
