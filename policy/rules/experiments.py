"""Experiments of AWS FIS: stopped by an alarm, bounded, recorded, and failed where they find nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Level, Severity
from policy.table import Must, be, be_set, check, only
from policy.tokens import EXPERIMENTS
from policy.values import Mark

if TYPE_CHECKING:
    from policy.resources import Resource
    from policy.rule import Rule

_GUIDE: Final = "https://docs.aws.amazon.com/fis/latest/userguide"
_FEW: Final = re.compile(r"COUNT\(\d+\)|PERCENT\([1-9]\d?\)")
_BOUNDED: Final = Must(
    "COUNT(n), or PERCENT(n) below 100", lambda found: _FEW.fullmatch(str(found).upper()) is not None
)


def _takes(experiment: Resource) -> bool:
    """Whether an experiment has targets; a runbook of Automation names itself what it is done to."""
    return experiment.get("targets") not in (Mark.ABSENT, None, (), [])


RULES: Final[tuple[Rule, ...]] = (
    check(
        "fis-stop-alarm", "Experiments are stopped by an alarm", "stopConditions.source", be("aws:cloudwatch:alarm"),
        why="What nobody stops goes on while people are not served.",
        on=EXPERIMENTS, severity=Severity.HIGH, controls=("NIST-CP-4",), url=f"{_GUIDE}/stop-conditions.html",
        remediation="name an alarm of CloudWatch in stop_conditions, with source aws:cloudwatch:alarm",
    ),
    only(_takes, check(
        "fis-targets-bounded", "Experiments in production take no more than they say", "targets.selectionMode",
        _BOUNDED, why="ALL is whatever carries the tag on that day.",
        on=EXPERIMENTS, severity=Severity.HIGH, level=Level.PRODUCTION, controls=("NIST-CP-4",),
        url=f"{_GUIDE}/targets.html",
        remediation="set selection_mode to COUNT(n), or to PERCENT(n) below 100",
    )),
    check(
        "fis-empty-fails", "Experiments that find nothing fail", "experimentOptions.emptyTargetResolutionMode",
        be("fail", by_default=True), why="One that skips what it does not find looks like a success.",
        on=EXPERIMENTS, severity=Severity.MEDIUM, controls=("NIST-CP-4",), url=f"{_GUIDE}/experiment-options.html",
        remediation="set empty_target_resolution_mode to fail",
    ),
    check(
        "fis-logged", "Experiments are recorded", "logConfiguration", be_set(),
        on=EXPERIMENTS, severity=Severity.MEDIUM, controls=("NIST-AU-12",), url=f"{_GUIDE}/monitoring-logging.html",
        remediation="set log_configuration to a log group or a bucket of the stack",
    ),
)  # fmt: skip
