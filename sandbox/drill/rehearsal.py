"""The drill itself: what is taken away, what is done about it, and what is looked at after each step."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.drill import limits, markers, moves, plans, rules, serving, steady
from sandbox.drill.evidence import MARKERS
from sandbox.drill.sides import Pair
from sandbox.drill.traffic import Traffic
from sandbox.drill.zone import Zone
from sandbox.emulator import outage
from sandbox.run import state

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.drill.markers import Marker
    from sandbox.drill.rules import Rule
    from sandbox.drill.work import Work


class Rehearsal:
    """A drill of two stacks that stand.

    Args:
        work: Steps, engine and evidence.
        pair: The stacks.
    """

    def __init__(self, work: Work, pair: Pair) -> None:
        self._work = work
        self._pair = pair
        self._run = work.session.run
        self._text = f"{datetime.now(tz=UTC):%Y%m%dT%H%M%SZ}"
        self._lost = self._run.root / "drill" / "lost"

    def run(self) -> None:
        """Fail over and back.

        Raises:
            SandboxError: A check failed, a step took too long, or the engine stopped; the evidence says which.
        """
        self.steady()
        with Traffic(Zone.read(self._pair), self._rules) as traffic:
            known = self.mark_data()
            self.begin(traffic)
            self.lose(traffic)
            self.notice(traffic)
            self.fail_over()
            waiting = self.serve(traffic, known)
            self.fence(traffic)
            self.heal(traffic, waiting)
            self.stay(traffic)
            self.fail_back(traffic)
            self.go_home(traffic)

    def steady(self) -> None:
        """Look whether the standby follows: on a standby that does not, nobody fails over."""
        with self._work.step("steady state", limits.LOOK) as step:
            step.checks += steady.checks(self._pair)
        with self._work.step("steady state: plan", limits.PLAN) as step:
            plan = self._work.plan(self._pair.standby, step)
            step.checks.append(plans.empty(plan.stack, plan.changes))

    def mark_data(self) -> list[Marker]:
        """Write markers and wait until the standby has them: that long, at most, was lost."""
        with self._work.step(MARKERS, limits.REPLICATION) as step:
            written = markers.objects(self._pair.primary, self._pair.standby, self._text)
            written += markers.secrets(self._pair, self._text)
            step.checks, step.notes["seconds"] = markers.awaited(written, limits.REPLICATION / 2)
        return written

    def begin(self, traffic: Traffic) -> None:
        """See users where they belong: new health checks take their time before they let anybody in."""
        with self._work.step("users at home", limits.LOOK) as step:
            step.checks = [traffic.fenced(raised=False)[0], traffic.becomes(healthy=True)[0]]
            step.checks.append(traffic.reaches(self._pair.primary.region))

    def lose(self, traffic: Traffic) -> None:
        """Take the primary's region away: its endpoint, its control planes, those of the global services, its state."""
        primary = self._pair.primary
        with self._work.step("region lost", limits.LOOK):
            traffic.lose(primary.region)
            self._work.mark("lost")
            outage.cut(self._work.endpoint, primary.region)
            self._lost.mkdir(parents=True, exist_ok=True)
            for file in self._states():
                shutil.move(file, self._lost / file.name)

    def notice(self, traffic: Traffic) -> None:
        """Wait for the health check, and see that users reach the standby before anybody has done anything."""
        with self._work.step("detection", limits.LOOK) as step:
            found, at = traffic.becomes(healthy=False)
            self._work.mark("detected", at)
            step.checks = [found, traffic.reaches(self._pair.standby.region)]
            self._work.mark("traffic")

    def fail_over(self) -> None:
        """Let the standby serve: one setting, one update."""
        self._work.mark("decided")
        standby = self._work.update(self._pair.standby, moves.FAIL_OVER, "failover")
        self._pair = replace(self._pair, standby=standby)
        found = outage.status(self._work.endpoint).refused
        self._work.evidence.refused = [vars(refused) for refused in found]

    def serve(self, traffic: Traffic, known: list[Marker]) -> list[Marker]:
        """Look whether the standby serves alone, and write there; returns what the primary must have later."""
        with self._work.step("standby serves", limits.LOOK) as step:
            step.checks = [*serving.checks(self._pair), *markers.readable(known)]
            step.checks.append(traffic.reaches(self._pair.standby.region))
            self._work.mark("serving")
            return markers.objects(self._pair.standby, self._pair.primary, f"{self._text}-outage")

    def fence(self, traffic: Traffic) -> None:
        """Wait until the standby's word holds the primary off, long before the primary could answer again."""
        with self._work.step("primary fenced off", limits.LOOK) as step:
            traffic.refresh()
            found, at = traffic.fenced(raised=True)
            self._work.mark("fenced", at)
            step.checks = [found]

    def heal(self, traffic: Traffic, waiting: list[Marker]) -> None:
        """Give the region back, its endpoint with it, and wait for what was written meanwhile."""
        with self._work.step("region back", limits.REPLICATION) as step:
            outage.heal(self._work.endpoint, self._pair.primary.region)
            traffic.restore(self._pair.primary.region)
            self._work.mark("healed")
            for file in self._lost.iterdir():
                shutil.move(file, self._folder / file.name)
            since = time.monotonic()
            waiting = [replace(marker, written=since) for marker in waiting]
            step.checks, step.notes["seconds"] = markers.awaited(waiting, limits.REPLICATION / 2)

    def stay(self, traffic: Traffic) -> None:
        """See that users stay where the data is, although the primary answers as if nothing had happened."""
        with self._work.step("users stay", limits.LOOK) as step:
            found, at = traffic.answers()
            self._work.mark("answers", at)
            step.checks = [found, *traffic.stays(self._pair.standby.region)]

    def fail_back(self, traffic: Traffic) -> None:
        """Bring the data home: a new generation follows the standby's database, is promoted, and is followed."""
        primary, standby = self._pair.primary, self._pair.standby
        before = primary.file.read_text(encoding="utf-8")
        following = moves.follow(before, standby.outputs["postgres_arn"])
        self._work.update(primary, following, "failback, follow")
        self._work.mark("cut-over")
        primary = self._work.update(primary, moves.CUT_OVER, "failback, cut-over")
        with self._work.step("users stay until the standby lets go", limits.LOOK) as step:
            step.checks = traffic.stays(standby.region)
        standby = self._work.update(standby, moves.fall_back(before), "failback, standby")
        self._pair = Pair(primary, standby)

    def go_home(self, traffic: Traffic) -> None:
        """See users come home by themselves, and roles where they were before."""
        with self._work.step("traffic back", limits.LOOK) as step:
            traffic.refresh()
            step.checks = [traffic.fenced(raised=False)[0], traffic.becomes(healthy=True)[0]]
            step.checks.append(traffic.reaches(self._pair.primary.region))
            self._work.mark("home")
        with self._work.step("steady again", limits.LOOK) as step:
            step.checks = steady.checks(self._pair)

    def _rules(self, host: str, region: str) -> tuple[Rule, ...]:
        """Return the rules of a load balancer of one of the stacks."""
        side = self._pair.primary if region == self._pair.primary.region else self._pair.standby
        return rules.read(side, host)

    @property
    def _folder(self) -> Path:
        return state.folder(self._run, self._work.session.project_name)

    def _states(self) -> list[Path]:
        return sorted(self._folder.glob(f"{self._pair.primary.stack}.json*"))
