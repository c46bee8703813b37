"""Whatever is lost, late or doubled, a task has one outcome and one end."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agents.agent import Agent, GaveUp, body, named
from services.agents.submission import Conflict, submit
from services.agents.task import FINAL, Outcome, State, Task, Unknown, claimed, submitted
from services.worker import Message

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_RECEIVES = 3
MESSAGES = ("one", "doubled")
CALLS = 7
"""Calls of one attempt: two to take the task, find, ask, keep, two to end it."""
LOST = range(-1, 2 * CALLS)
"""Where a worker is lost: never, or before (even) or after (odd) one of its calls."""
TASK = submitted("acme", "one", "why?", 1000)


class Lost(BaseException):
    """A worker ends in the middle: nothing catches it."""


@dataclass
class World:
    """Tables, a bucket and a model; a worker in it may be lost before or after any of its calls."""

    rows: dict[tuple[str, str], Task] = field(default_factory=dict)
    history: list[Task] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    now: float = 1000.0

    def write(self, task: Task) -> bool:
        self.rows[task.tenant, task.id] = task
        self.history.append(task)
        return True


@dataclass
class Worker:
    """One attempt's view of the world.

    Attributes:
        lost_at: The call at which it is lost: an even number before the call, an odd one after it.
        meanwhile_at: The call before which something else happens.
        meanwhile: What.
        says: What the model says; None = it fails.
    """

    world: World
    lost_at: int
    meanwhile: Callable[[], None]
    says: Outcome | None
    meanwhile_at: int = 2
    calls: int = 0

    def _call(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any call
        at, self.calls = 2 * self.calls, self.calls + 1
        if at == 2 * self.meanwhile_at:
            self.meanwhile()
        if self.lost_at == at:
            raise Lost
        answer = call()
        if self.lost_at == at + 1:
            raise Lost
        return answer

    def agent(self) -> Agent:
        given: dict[str, Any] = {"tasks": _Tasks(self), "results": _Results(self), "model": _Model(self)}
        return Agent(**given, max_receives=MAX_RECEIVES, longest_seconds=60, clock=lambda: self.world.now)


@dataclass
class _Tasks:
    worker: Worker

    def find(self, tenant: str, name: str) -> Task | None:
        found: Task | None = self.worker._call(lambda: self.worker.world.rows.get((tenant, name)))
        return found

    def add(self, task: Task) -> bool:
        return (task.tenant, task.id) not in self.worker.world.rows and self.worker.world.write(task)

    def change(self, task: Task) -> bool:
        rows = self.worker.world.rows
        return bool(
            self.worker._call(
                lambda: rows[task.tenant, task.id].version == task.version - 1 and self.worker.world.write(task)
            )
        )


@dataclass
class _Results:
    worker: Worker

    def find(self, task: Task) -> Outcome | None:
        found: Outcome | None = self.worker._call(lambda: self.worker.world.outcomes.get(task.id))
        return found

    def keep(self, task: Task, outcome: Outcome) -> Outcome:
        stands: Outcome = self.worker._call(lambda: self.worker.world.outcomes.setdefault(task.id, outcome))
        return stands


@dataclass
class _Model:
    worker: Worker

    def answer(self, _: str) -> Outcome:
        answer: Outcome | None = self.worker._call(lambda: self.worker.says)
        if answer is None:
            raise RuntimeError("the model fails")
        return answer


SAYS = st.sampled_from(
    [None, Outcome(State.REFUSED, reason="no"), Outcome(State.DONE, text="a"), Outcome(State.DONE, "b")]
)


@dataclass(frozen=True)
class Step:
    """A receive of a message of the task, and what goes on before one of its calls."""

    message: str
    lost_at: int = -1
    says: Outcome | None = None
    later: int = 0
    inside_at: int = 0
    inside: tuple[Step, ...] = ()


def _steps(inside: st.SearchStrategy[tuple[Step, ...]]) -> st.SearchStrategy[tuple[Step, ...]]:
    seconds = st.sampled_from([0, 1, 61])
    messages, losses = st.sampled_from(MESSAGES), st.sampled_from(LOST)
    step = st.builds(Step, messages, losses, SAYS, seconds, st.integers(0, CALLS), inside)
    return st.lists(step, max_size=4).map(tuple)


STEPS = _steps(_steps(st.just(())))


@dataclass
class Run:
    """A world, and what of its two messages has been received and deleted."""

    world: World = field(default_factory=World)
    receives: Counter[str] = field(default_factory=Counter)
    deleted: set[str] = field(default_factory=set)

    def take(self, step: Step) -> None:
        """Receive a message, if it is there."""
        if step.message in self.deleted or self.receives[step.message] >= MAX_RECEIVES:
            return
        self.receives[step.message] += 1
        self.world.now += step.later
        message = Message(step.message, body("acme", TASK.id), "receipt", self.receives[step.message])

        def meanwhile() -> None:
            for one in step.inside:
                self.take(one)

        worker = Worker(self.world, step.lost_at, meanwhile, step.says, step.inside_at)
        with suppress(Lost, GaveUp, RuntimeError):
            worker.agent().work(message)
            self.deleted.add(step.message)

    def holds(self, steps: tuple[Step, ...]) -> None:
        """Take the steps, then whatever is left and what is redriven; judge the history."""
        self.world.write(TASK)
        for step in steps:
            self.take(step)
        for message in MESSAGES * MAX_RECEIVES:
            self.take(Step(message))
        if self.world.history[-1].state not in FINAL:
            assert self.deleted < set(MESSAGES), "no message is left, and the task has no end"
            self.take(Step("redriven", later=61))
            for _ in range(MAX_RECEIVES):
                self.take(Step("redriven"))
        states = [task.state for task in self.world.history]
        assert [state in FINAL for state in states] == [False] * (len(states) - 1) + [True], (
            "one end, and it is the last"
        )
        assert [task.version for task in self.world.history] == list(range(1, len(states) + 1))
        assert self.world.outcomes[TASK.id].state is states[-1], "the state is the outcome's"


@given(STEPS)
def test_any_order_of_duplicates_losses_and_retries_gives_one_outcome_and_one_end(steps: tuple[Step, ...]) -> None:
    Run().holds(steps)


def test_any_loss_of_one_worker_at_any_moment_of_another_gives_one_outcome_and_one_end() -> None:
    said = Outcome(State.DONE, "a"), Outcome(State.REFUSED, reason="no")
    for receives, lost, at, message, inner in product((0, 2), LOST, range(CALLS), MESSAGES, LOST):
        inside = Step(message, inner, said[1], later=61)
        run = Run(receives=Counter({MESSAGES[0]: receives}))
        run.holds((Step(MESSAGES[0], lost, said[0], inside_at=at, inside=(inside,)),))


def test_the_last_receive_says_that_it_failed_and_asks_no_model() -> None:
    world = World()
    world.write(TASK)
    last = Message("one", body("acme", TASK.id), "receipt", MAX_RECEIVES)
    with pytest.raises(GaveUp):
        Worker(world, -1, lambda: None, Outcome(State.DONE, "a")).agent().work(last)
    assert world.history[-1].state is world.outcomes[TASK.id].state is State.FAILED


def test_a_result_that_cannot_be_read_does_not_keep_a_task_from_failing() -> None:
    world = World()
    world.write(TASK)
    agent = Worker(world, -1, lambda: None, None).agent()
    agent = replace(agent, results=_Unreadable())
    with pytest.raises(GaveUp):
        agent.work(Message("one", body("acme", TASK.id), "receipt", MAX_RECEIVES))
    assert world.history[-1].state is State.FAILED


class _Unreadable:
    def find(self, _: Task) -> Outcome | None:
        raise PermissionError

    def keep(self, _: Task, __: Outcome) -> Outcome:
        raise PermissionError


def test_another_message_of_a_running_task_is_not_needed_until_no_worker_can_be_at_it() -> None:
    running = replace(TASK, state=State.RUNNING, message="one", version=2)

    def taken(message: str, later: int) -> bool:
        return claimed(running, message=message, now=1000 + later, longest_seconds=60) is not None

    assert [taken("one", 0), taken("two", 60), taken("two", 61)] == [True, False, True]
    for state in FINAL:
        ended = replace(running, state=state)
        assert claimed(ended, message="one", now=9999, longest_seconds=60) is None


def test_a_request_made_again_is_the_same_task_and_queued_while_it_waits() -> None:
    world, sent = World(), list[Task]()
    tasks = _Tasks(Worker(world, -1, lambda: None, None))

    class Queue:
        def send(self, task: Task) -> None:
            sent.append(task)

    assert submit(tasks, Queue(), TASK) == (TASK, True)
    assert submit(tasks, Queue(), replace(TASK, created=2000)) == (TASK, False)
    assert sent == [TASK, TASK]
    world.write(replace(TASK, state=State.RUNNING, version=2))
    assert submit(tasks, Queue(), TASK)[0].state is State.RUNNING
    assert len(sent) == 2
    with pytest.raises(Conflict):
        submit(tasks, Queue(), submitted("acme", "one", "something else", 1000))
    names = {submitted(tenant, key, "why?", 1).id for tenant, key in (("a", "bc"), ("ab", "c"), ("a", "b"))}
    assert len(names) == 3


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tenant": 1, "id": "x"}', '{"tenant": "a"}', "null"])
def test_a_message_that_names_no_task_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not \{tenant, id\}"):
        named(text)


def test_a_message_of_a_task_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Unknown):
        Worker(World(), -1, lambda: None, None).agent().work(Message("one", body("acme", "x"), "receipt", 1))
