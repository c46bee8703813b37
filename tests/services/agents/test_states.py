"""Whatever is lost, late or doubled, a task has one outcome and one end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
        meanwhile: What happens while the model answers.
        says: What the model says; None = it fails.
    """

    world: World
    lost_at: int
    meanwhile: Callable[[], None]
    says: Outcome | None
    calls: int = 0

    def _call(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any call
        at, self.calls = 2 * self.calls, self.calls + 1
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
        self.worker.meanwhile()
        if self.worker.says is None:
            raise RuntimeError("the model fails")
        return self.worker.says


SAYS = st.sampled_from(
    [None, Outcome(State.REFUSED, reason="no"), Outcome(State.DONE, text="a"), Outcome(State.DONE, "b")]
)


@dataclass(frozen=True)
class Step:
    """A receive of one of two messages of the same task, and what goes on while the model answers."""

    doubled: bool
    lost_at: int
    says: Outcome | None
    later: int
    inside: tuple[Step, ...] = ()


def _steps(inside: st.SearchStrategy[tuple[Step, ...]]) -> st.SearchStrategy[tuple[Step, ...]]:
    seconds = st.sampled_from([0, 1, 61])
    step = st.builds(Step, st.booleans(), st.integers(-1, 13), SAYS, seconds, inside)
    return st.lists(step, max_size=4).map(tuple)


STEPS = _steps(_steps(st.just(())))


@given(STEPS)
def test_any_order_of_duplicates_losses_and_retries_gives_one_outcome_and_one_end(steps: tuple[Step, ...]) -> None:
    world, receives = World(), {False: 0, True: 0}
    world.write(TASK)
    gone: set[bool] = set()

    def take(step: Step) -> None:
        if step.doubled in gone or receives[step.doubled] >= MAX_RECEIVES:
            return
        receives[step.doubled] += 1
        world.now += step.later
        message = Message(str(step.doubled), body("acme", TASK.id), "receipt", receives[step.doubled])
        worker = Worker(world, step.lost_at, lambda: [take(one) for one in step.inside] and None, step.says)
        try:
            worker.agent().work(message)
        except (Lost, GaveUp, RuntimeError):
            return
        gone.add(step.doubled)

    for step in steps:
        take(step)
    while world.rows["acme", TASK.id].state not in FINAL:
        take(Step(doubled=False, lost_at=-1, says=None, later=61))
        take(Step(doubled=True, lost_at=-1, says=None, later=61))
        if not any(one not in gone and receives[one] < MAX_RECEIVES for one in receives):
            break
    _holds(world, receives, steps)


def _holds(world: World, receives: dict[bool, int], steps: tuple[Step, ...]) -> None:
    states = [task.state for task in world.history]
    ends = [state for state in states if state in FINAL]
    assert ends == states[len(states) - len(ends) :], "nothing follows an end"
    assert len(ends) <= 1
    assert [task.version for task in world.history] == list(range(1, len(states) + 1))
    last = world.history[-1]
    if last.state in {State.DONE, State.REFUSED}:
        assert world.outcomes[TASK.id].state is last.state, "the state is the outcome's"
    lost_at_the_end = any(step.lost_at >= 0 for step in _all(steps))
    assert ends or lost_at_the_end, f"it has no end, after {receives}"


def _all(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (step, *_all(step.inside))]


def test_a_task_without_an_end_is_one_whose_last_receive_was_lost_and_is_ended_by_a_redrive() -> None:
    world = World()
    world.write(replace(TASK, state=State.RUNNING, message="dead", claim="x", version=2))
    world.now += 61
    redriven = Message("redriven", body("acme", TASK.id), "receipt", 1)
    Worker(world, -1, lambda: None, Outcome(State.DONE, "a")).agent().work(redriven)
    assert world.history[-1].state is State.DONE


def test_the_last_receive_says_that_it_failed_and_asks_no_model() -> None:
    world = World()
    world.write(TASK)
    last = Message("one", body("acme", TASK.id), "receipt", MAX_RECEIVES)
    worker = Worker(world, -1, lambda: pytest.fail("asked"), Outcome(State.DONE, "a"))
    with pytest.raises(GaveUp):
        worker.agent().work(last)
    assert world.history[-1].state is State.FAILED


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
    running = replace(TASK, state=State.RUNNING, message="one", claim="x", version=2)

    def taken(message: str, later: int) -> bool:
        return claimed(running, message=message, claim="y", now=1000 + later, longest_seconds=60) is not None

    assert [taken("one", 0), taken("two", 60), taken("two", 61)] == [True, False, True]
    for state in FINAL:
        ended = replace(running, state=state)
        assert claimed(ended, message="one", claim="y", now=9999, longest_seconds=60) is None


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
