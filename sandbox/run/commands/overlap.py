"""A stack and the one that follows it, deployed for the first time beside each other.

A standby reads nothing of its primary but its outputs, which are known long before the last of the primary is there: a
replica takes RDS a minute and more, and no output hangs on it. So the standby is planned and deployed as soon as they
are known. docs/adr/0028-overlapping-deployments.md has the reasons, and what may be under way meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sandbox.run import gate, state
from sandbox.run.engine import ended, side_by_side
from sandbox.run.events import token
from sandbox.run.failure import DeployError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sandbox.run.engine import Engine, Outcome, Work
    from sandbox.run.gate import Plan
    from sandbox.run.session import Session
    from sandbox.run.world import World

LEFT_BEHIND: Final = {
    "aws:rds/instance:Instance": "RDS makes several replicas of an instance at the same time, of one snapshot",
    "aws:route53/record:Record": "Route 53 has taken the change, and the provider waits until all its servers have it",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "S3 has it, and the provider asks for a minute",
}
"""Type -> why a resource of it may be under way still when the follower begins. Everything else must be done."""

APART: Final = "to keep that, deploy it alone (`make up STACKS={stack}`), and then both"


@dataclass
class Pair:
    """A stack, and the one that follows it.

    Attributes:
        session: The command.
        world: The world; begun.
        engines: Their engines, by name.
        plan: What is to be done to the first.
        follower: Name of the second.
        work: The first one's deployment, while it is at work.
        over: Whether that has ended.
        used: Outputs of the first that the second was planned with; None where it was not begun.
        published: When the second was let read them; the engine saves the first later than that.
        made: What was done to the second; None where nothing was.
        refusal: Why nothing was done to the second, although it was planned.
    """

    session: Session
    world: World
    engines: Mapping[str, Engine]
    plan: Plan
    follower: str
    work: Work | None = None
    over: bool = False
    used: dict[str, Any] | None = None
    published: int = 0
    made: Plan | None = None
    refusal: RefusedError | None = None

    def deploy(self) -> None:
        """Deploy the first, and the second beside it if it can be begun before the first has ended.

        A plan of the second that is refused is kept in `refusal`, and the first goes on to its end.

        Raises:
            DeployError: One of them failed, and the other has been ended; or the first published at last something else
                than the second was planned with. There was no moment with the first alone to come back to.
        """
        side_by_side([self._first(), self._second()], self.session.progress)

    def _first(self) -> Generator[Work | None]:
        stack, pack = self.plan.stack, self.session.pack
        with (
            self.session.phase(f"deploy {stack}", self.world),
            self.engines[stack].deploying(stack, pack, self.plan.announced(self.session.progress)) as self.work,
        ):
            outcome = yield from ended(self.work)
            self.over = True
            gate.deployed(stack, outcome, gated=pack is not None)
        if self.used is not None:
            self._hold(self.used)

    def _hold(self, used: dict[str, Any]) -> None:
        """Look whether what the engine saved of the first is what the second was planned with."""
        run, project, stack = self.session.run, self.session.project_name, self.plan.stack
        held = state.outputs(state.read(run, project, stack))
        others = sorted(name for name in {**held, **used} if held.get(name) != used.get(name))
        if others:
            what = f"{self.follower} was planned with outputs that are others by now: {', '.join(others)}"
        elif state.written(run, project, stack) == self.published:
            what = f"its state was written before {self.follower} was let read its outputs, and is lost by that"
        else:
            return
        fix = f"the world is as it was before; deploy {stack} alone first: `make up STACKS={stack}`, then `make up`"
        raise DeployError(f"deploy: {stack}", what, fix)

    def _second(self) -> Generator[Work | None]:
        while (outputs := self._known()) is None:
            if self.over:
                return
            yield None
        run, project, name = self.session.run, self.session.project_name, self.follower
        state.publish(run, project, self.plan.stack, outputs)
        self.used, self.published = outputs, state.written(run, project, self.plan.stack)
        engine, pack = self.engines[name], self.session.pack
        with self.session.phase(f"preview {name}", self.world):
            engine.init(name)
            with engine.previewing(name, pack) as work:
                outcome = yield from ended(work)
        try:
            plan = gate.planned(name, outcome, gated=pack is not None)
        except RefusedError as error:
            self.refusal = error
            return
        with self.session.phase(f"deploy {name}", self.world):
            total = plan.announced(self.session.progress)
            if not plan.empty:
                with engine.deploying(name, pack, total) as work:
                    outcome = yield from ended(work)
                self._accept(name, outcome)
        self.made = plan

    def _known(self) -> dict[str, Any] | None:
        """Return the outputs of the first once the second may use them; None before, and where nothing is waited for.

        What is under way still must be over, and the whole stack be judged, before the engine saves the first's state.
        """
        if self.work is None or self.over:
            return None
        events = self.work.reader.update()
        busy = {token(urn) for urn in events.under_way}
        if not busy or busy - LEFT_BEHIND.keys() or events.errors():
            return None
        return self.work.outputs()

    def _accept(self, name: str, outcome: Outcome) -> None:
        try:
            gate.deployed(name, outcome, gated=self.session.pack is not None)
        except DeployError as error:
            first = self.plan.stack
            fix = f"{error.fix}, without {first}, which was deployed beside it; {APART.format(stack=first)}"
            raise DeployError(error.where, error.what, fix) from None
