"""`load`: users of locust against a system of agents on the embedded AWS; afterwards the world is what it was."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.drill.checks import failed
from sandbox.load import objectives, users
from sandbox.load.figures import Requests, Run, Sample, Tasks
from sandbox.load.profiles import PROFILES, refusal
from sandbox.run.commands.agents import standing, system_of
from sandbox.run.failure import RefusedError, SandboxError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from sandbox.drill.checks import Check
    from sandbox.load.profiles import Profile
    from sandbox.run.commands.agents import Standing
    from sandbox.run.session import Session

TENANT = "load"
SPEED = 20
"""How many seconds of ECS's time-outs pass in one, so that a task starts soon."""
FORWARD_SECONDS = 60
"""By how much the clock is put forward at a time, until the first agent is wanted; an alarm takes minutes for it."""
PAUSE_SECONDS = 1.0


class LoadError(SandboxError):
    """An objective is missed.

    Attributes:
        report: All figures.
    """

    def __init__(self, report: LoadReport) -> None:
        said = "; ".join(map(str, failed(report.checks)))
        super().__init__(f"load: {report.place.stack}", said, f"see {report.files[0]}")
        self.report = report.document()


@dataclass
class LoadReport:
    """What a run says at its end.

    Attributes:
        place: The system, and what became of it.
        profile: Name of the profile.
        run: What was measured.
        checks: Objectives, judged.
        files: The figures, and locust's page.
    """

    place: Standing
    profile: str
    run: Run
    checks: list[Check]
    files: list[Path]

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "command": "load",
            "ok": not failed(self.checks),
            "stack": self.place.stack,
            "profile": {"name": self.profile, **PROFILES[self.profile].document()},
            **self.run.document(),
            "objectives": [check.document() for check in self.checks],
            "files": [str(file) for file in self.files],
        }

    def show(self, console: Console) -> None:
        """Print this."""
        for line in self.lines():
            console.print(line, markup=False)

    def lines(self) -> list[str]:
        """Return it in lines."""
        tasks, run = self.run.tasks, self.run
        times = "milliseconds: p50, p95, p99, longest"
        asked = [
            f"  {one.name}: {one.count} requests, {one.failures} failed, {one.per_second:g}/s; {times}: "
            + ", ".join(f"{one.milliseconds[key]:g}" for key in ("p50", "p95", "p99", "max"))
            for one in run.requests
        ]
        waits = ", ".join(f"{tasks.seconds[key]:g}" for key in ("p50", "p95", "p99", "max"))
        submitted = f"{tasks.submitted} submitted, {tasks.done} done, {tasks.per_minute:g} a minute"
        return [
            f"load of {self.place.stack} by profile {self.profile}, on the embedded AWS of this machine:",
            *asked,
            f"  tasks: {submitted}; seconds from submission to end: p50, p95, p99, longest: {waits}",
            f"  agents: {run.most_agents} at most; the clock was put forward by {run.forward_seconds} s for the first",
            *(f"  {'met' if check.ok else 'MISSED'}: {check}" for check in self.checks),
            *(f"  written: {file}" for file in self.files),
            *filter(None, [self.place.afterwards]),
        ]


def run(session: Session, names: list[str], name: str) -> LoadReport:
    """Put load on it.

    Args:
        session: The command.
        names: The stack; none for `agents`.
        name: Name of the profile.

    Raises:
        LoadError: An objective is missed.
        SandboxError: The profile says nothing of the stack, locust is missing or failed, or the stack cannot stand.
    """
    profile = PROFILES[name]
    _, settings = system_of(session, names)
    if why := refusal(profile, settings):
        raise RefusedError(f"profile {name}", why, f"take another one: {', '.join(PROFILES)}")
    users.installed()
    stem = session.run.root / "load" / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    with standing(session, names, keep=False) as place, session.phase("load"):
        measured = measure(session, place, profile, stem)
    report = LoadReport(place, name, measured, objectives.checks(settings, measured), [])
    figures = stem.with_suffix(".json")
    report.files = [figures, stem.with_suffix(".html")]
    figures.write_text(json.dumps(report.document(), indent=2) + "\n", encoding="utf-8")
    if failed(report.checks):
        for line in report.lines():
            session.progress.note(line)
        raise LoadError(report)
    return report


def measure(session: Session, place: Standing, profile: Profile, stem: Path) -> Run:
    """Let users ask, wait until what they submitted has ended, and count.

    Raises:
        SandboxError: Locust failed.
    """
    system = place.system
    system.issuer.show(system.client("s3"), system.site)
    system.control("POST", f"tasks?processes={profile.agents}&speed={SPEED}")
    samples: list[Sample] = []
    forward, dead = 0, system.left(system.dead)

    def look(second: float) -> None:
        nonlocal forward
        desired, waiting = system.desired(), system.left(system.queue)
        samples.append(Sample(round(second, 1), desired, waiting))
        session.progress.status(f"{second:.0f} s of {profile.seconds}: {desired} agents wanted, {waiting} tasks wait")
        if waiting and not any(one.desired for one in samples):
            system.emulator.advance(FORWARD_SECONDS)
            forward += FORWARD_SECONDS

    begun = time.monotonic()
    target = users.Target(system.endpoint, system.names["api"], system.issuer.token(TENANT))
    said = users.run(profile, target, stem, look)
    backlog = place.settings.containers and place.settings.containers.services[objectives.AGENT].scaling
    longest = backlog.backlog.latency_seconds if backlog and backlog.backlog else 0
    deadline = time.monotonic() + longest
    while system.left(system.queue) and time.monotonic() < deadline:
        look(time.monotonic() - begun)
        time.sleep(PAUSE_SECONDS)
    return Run(
        requests=[Requests.of(entry) for entry in said.entries],
        tasks=Tasks.of(said.ids, rows(place)),
        samples=samples,
        artifacts=artifacts(place),
        dead_letters=system.left(system.dead) - dead,
        forward_seconds=forward,
    )


def rows(place: Standing) -> dict[str, dict[str, Any]]:
    """Return id -> row of every task of the users."""
    pages = place.system.client("dynamodb").get_paginator("query")
    asked = {"KeyConditionExpression": "tenant = :t", "ExpressionAttributeValues": {":t": {"S": TENANT}}}
    items = [item for page in pages.paginate(TableName=place.system.tasks, **asked) for item in page["Items"]]
    plain = ({name: next(iter(value.values())) for name, value in item.items()} for item in items)
    return {row["id"]: row for row in plain}


def artifacts(place: Standing) -> int:
    """Return how many versions of artifacts the users' tasks have."""
    pages = place.system.client("s3").get_paginator("list_object_versions")
    asked = {"Bucket": place.system.artifacts, "Prefix": f"tasks/{TENANT}/"}
    return sum(len(page.get("Versions", [])) for page in pages.paginate(**asked))
