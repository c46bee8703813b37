"""One experiment, run: steady before, started by its template, watched, and judged by its objective.

Seconds are those of the embedded AWS's clock. It goes at the machine's pace while something moves, and is put forward
by a minute at a time when all is well, or when nothing has changed for a while: then an upper bound is measured.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.chaos.steady import Steady
from sandbox.chaos.subject import MINUTE
from sandbox.drill.checks import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.chaos.subject import Place, Subject
    from sandbox.drill.checks import Check

Verdict = Literal["held", "failed", "stopped"]
SETTLE_SECONDS: Final = 120.0
"""Longest wait for the steady state before an experiment, by the machine's clock."""
NOTICE_SECONDS: Final = 5.0
"""How long is looked at least after the start, by the machine's clock: what was taken is not noticed at once."""
PATIENCE_SECONDS: Final = 20.0
"""How long nothing has to change until the clock is put forward, by the machine's clock."""
PAUSE_SECONDS: Final = 0.25
_OVER: Final = ("completed", "stopped", "failed")


@dataclass
class Trial:
    """What came of an experiment.

    Attributes:
        subject: The experiment.
        before: The steady state before.
        after: The steady state at the end.
        timeline: Seconds since the start, and what happened.
        injected: What was taken: target -> ARNs.
        became: What became of it, where AWS says so: ARN -> state.
        experiment: What FIS says of it at the end.
        samples: How often was looked.
        wanting: How often the steady state did not hold.
        recovery_seconds: Seconds from the start until it held for good; None = it never did, or nothing was taken.
        verdict: `held`, `failed`, or `stopped` by an alarm.
        why: What decided.
    """

    subject: Subject
    before: list[Check] = field(default_factory=list)
    after: list[Check] = field(default_factory=list)
    timeline: list[tuple[float, str]] = field(default_factory=list)
    injected: dict[str, list[str]] = field(default_factory=dict)
    became: dict[str, str] = field(default_factory=dict)
    experiment: dict[str, Any] = field(default_factory=dict)
    samples: int = 0
    wanting: int = 0
    recovery_seconds: float | None = None
    verdict: Verdict = "failed"
    why: str = ""

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        asked, said = self.subject.experiment, self.experiment
        return {
            "name": self.subject.name,
            "hypothesis": asked.hypothesis,
            "verdict": self.verdict,
            "why": self.why,
            "objective": {"name": asked.objective, "seconds": self.subject.allowed_seconds},
            "action": asked.action,
            "injected": self.injected,
            "became": self.became,
            "recovery_seconds": None if self.recovery_seconds is None else round(self.recovery_seconds, 1),
            "steady_state": {
                "throughout": asked.steady_state.throughout,
                "before": [check.document() for check in self.before],
                "during": {"looks": self.samples, "did_not_hold": self.wanting},
                "after": [check.document() for check in self.after],
            },
            "stop_condition": {
                "alarms": [one.get("value", one["source"]) for one in said.get("stopConditions", [])],
                "stopped_it": self.verdict == "stopped",
            },
            "experiment": {
                "id": said.get("id"),
                "template": self.subject.template_id,
                **said.get("state", {}),
                "actions": {name: one["state"]["status"] for name, one in said.get("actions", {}).items()},
            },
            "timeline": [{"seconds": round(at, 1), "what": what} for at, what in self.timeline],
        }

    def judge(self) -> None:
        """Say what came of it."""
        asked, allowed = self.subject.experiment, self.subject.allowed_seconds
        state = self.experiment.get("state", {})
        if state.get("status") == "stopped":
            self.verdict, self.why = "stopped", str(state.get("reason"))
        elif state.get("status") != "completed":
            self.verdict, self.why = "failed", str(state.get("reason") or "it did not end")
        elif self.wanting and asked.steady_state.throughout:
            self.verdict, self.why = "failed", f"the steady state did not hold throughout ({self.wanting} looks)"
        elif self.recovery_seconds is None:
            self.verdict, self.why = "failed", f"the steady state did not hold again within {allowed} s"
        elif self.recovery_seconds > allowed:
            self.verdict = "failed"
            self.why = f"it held again after {self.recovery_seconds:.0f} s; {asked.objective} allows {allowed}"
        else:
            self.verdict = "held"
            self.why = f"it held again after {self.recovery_seconds:.0f} s of {allowed} that {asked.objective} allows"


def run(place: Place, subject: Subject, note: Callable[[str], None]) -> Trial:
    """Run an experiment; what it took is given back whatever happens."""
    trial, steady = Trial(subject), Steady(place, subject)
    trial.before = _settled(steady)
    if wrong := failed(trial.before):
        trial.why = f"the steady state does not hold before: {'; '.join(map(str, wrong))}"
        return trial
    fis = place.client("fis")
    with _started(fis, subject) as name:
        watch = _Watch(place, trial, steady, name, note)
        watch.run(fis)
    trial.became = _became(place, trial)
    trial.judge()
    return trial


def _became(place: Place, trial: Trial) -> dict[str, str]:
    """Return what became of the tasks that were stopped, the database that failed over, and what a runbook did."""
    arns = [arn for each in trial.injected.values() for arn in each]
    tasks, found = [arn for arn in arns if ":task/" in arn], dict[str, str]()
    if tasks:
        cluster = place.outputs["ecs_cluster_name"]
        for one in place.client("ecs").describe_tasks(cluster=cluster, tasks=tasks)["tasks"]:
            found[one["taskArn"]] = f"{one['lastStatus']}: {one.get('stoppedReason', 'it runs')}"
    for arn in (arn for arn in arns if ":db:" in arn):
        (one,) = place.client("rds").describe_db_instances(DBInstanceIdentifier=arn)["DBInstances"]
        found[arn] = f"{one['DBInstanceStatus']} in {one['AvailabilityZone']}"
    for arn in (arn for arn in arns if ":document/" in arn):
        found[arn] = _runbook(place, arn)
    return found


def _runbook(place: Place, arn: str) -> str:
    """Return how a runbook ended, and each step of it: that it gave back what it took is seen here."""
    place.forward(0)  # what follows a cancellation is done at a tick
    ssm = place.client("ssm")
    named = [{"Key": "DocumentNamePrefix", "Values": [arn.rpartition("/")[2]]}]
    (last, *_) = ssm.describe_automation_executions(Filters=named)["AutomationExecutionMetadataList"]
    said = ssm.get_automation_execution(AutomationExecutionId=last["AutomationExecutionId"])["AutomationExecution"]
    steps = ", ".join(f"{one['StepName']} {one['StepStatus']}" for one in said["StepExecutions"])
    return f"{said['AutomationExecutionStatus']}: {steps}"


def _settled(steady: Steady) -> list[Check]:
    """Return the steady state, once it holds or nobody waits for it any more."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while failed(found := steady.look()) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
    return found


@contextlib.contextmanager
def _started(fis: Any, subject: Subject) -> Iterator[str]:  # noqa: ANN401 - a boto3 client
    """Start an experiment, and leave none running."""
    token = f"{subject.name}-{time.time_ns()}"
    name = str(fis.start_experiment(clientToken=token, experimentTemplateId=subject.template_id)["experiment"]["id"])
    try:
        yield name
    finally:
        with contextlib.suppress(BotoCoreError, ClientError):  # it is over, or the embedded AWS is
            if fis.get_experiment(id=name)["experiment"]["state"]["status"] not in _OVER:
                fis.stop_experiment(id=name)


@dataclass
class _Watch:
    """Looks at a system while an experiment runs, and until it is well again."""

    place: Place
    trial: Trial
    steady: Steady
    name: str
    note: Callable[[str], None]
    _began: float = 0.0
    _well: bool = True
    _moved: float = 0.0
    _state: tuple[str, ...] = ()

    def run(self, fis: Any) -> None:  # noqa: ANN401 - a boto3 client
        """Look until it is over, and all is well or the objective is broken."""
        begun = fis.get_experiment(id=self.name)["experiment"]
        self._began = float(begun["startTime"].timestamp())
        self._resolved(fis, begun)
        first = self._moved = time.monotonic()
        well_since = 0.0
        while True:
            at = self.place.forward(0) - self._began
            found = fis.get_experiment(id=self.name)["experiment"]
            over = found["state"]["status"] in _OVER
            if found["state"]["status"] != self.trial.experiment.get("state", {}).get("status"):
                self._say(at, f"experiment: {found['state']['status']}")
            self.trial.experiment = found
            was = self._well
            self._look(at)
            if self._well and not was:
                well_since = at
            late = at > max(self.trial.subject.allowed_seconds, self.trial.subject.experiment.duration_minutes * MINUTE)
            if over and (self._well or late):
                break
            self._wait(first)
        self.trial.recovery_seconds = well_since if self._well else None

    def _resolved(self, fis: Any, begun: dict[str, Any]) -> None:  # noqa: ANN401 - a boto3 client
        for one in fis.list_experiment_resolved_targets(experimentId=self.name)["resolvedTargets"]:
            self.trial.injected.setdefault(one["targetName"], []).append(one["targetInformation"]["arn"])
        for action, said in begun["actions"].items():
            if runbook := said.get("parameters", {}).get("documentArn"):
                self.trial.injected[action] = [runbook]
        for target, arns in self.trial.injected.items():
            self._say(0.0, f"taken: {target}: {', '.join(arns)}")

    def _look(self, at: float) -> None:
        self.trial.after = self.steady.look()
        wrong = tuple(f"{one.name}: {one.found}" for one in failed(self.trial.after))
        self.trial.samples += 1
        self.trial.wanting += bool(wrong)
        self._well = not wrong
        if wrong != self._state:
            self._moved = time.monotonic()
            self._say(at, f"does not hold: {'; '.join(wrong)}" if wrong else "the steady state holds again")
            self._state = wrong

    def _wait(self, first: float) -> None:
        """Wait a moment, or a minute of the embedded AWS where nothing moves by itself."""
        now = time.monotonic()
        still = now - self._moved > (NOTICE_SECONDS if self._well else PATIENCE_SECONDS)
        if still and now - first > NOTICE_SECONDS:
            self.place.forward(MINUTE)
        time.sleep(PAUSE_SECONDS)

    def _say(self, at: float, what: str) -> None:
        self.trial.timeline.append((at, what))
        self.note(f"  {at:6.1f} s  {what}")
