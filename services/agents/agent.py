"""What a worker does with a message: take the task, answer it, keep the outcome, say so. Safe to do again."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from services.agents.task import UNSAID, Outcome, State, Unknown, claimed, ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.agents.task import Model, Results, Task, Tasks
    from services.worker import Message

_TRIES: Final = 10
"""Of a change that others make as well: each of theirs that comes first is progress."""

logger = logging.getLogger(__name__)


class GaveUp(Exception):  # noqa: N818 - what happened; the message goes among the dead letters by it
    """Every attempt at a task has failed."""


def body(tenant: str, name: str) -> str:
    """Return the body of the message of a task."""
    return json.dumps({"tenant": tenant, "id": name})


def named(message: str) -> tuple[str, str]:
    """Return tenant and id that a message names.

    Raises:
        ValueError: It names no task.
    """
    try:
        said = json.loads(message)
        return _text(said["tenant"]), _text(said["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not {{tenant, id}}: {message[:200]!r}") from error


@dataclass(frozen=True, kw_only=True)
class Agent:
    """An agent.

    A worker that is lost in the middle leaves its task running. Who receives the message next takes it over, and finds
    the outcome where one stands. The last receive only says that the task has failed, so that it is said even of a task
    that ends its worker each time.

    Attributes:
        tasks: Where tasks are kept.
        results: Where outcomes are kept.
        model: What answers.
        max_receives: After how many receives SQS puts a message among the dead letters, 2 or more.
        longest_seconds: Longest time that a worker is at a task.
        clock: Seconds since 1970.
    """

    tasks: Tasks
    results: Results
    model: Model
    max_receives: int
    longest_seconds: int
    clock: Callable[[], float] = field(default=time.time)

    def work(self, message: Message) -> None:
        """Do what a message says.

        Raises:
            GaveUp: It was the last attempt.
            ValueError: The message names no task.
            services.agents.task.Unknown: There is no such task.
        """
        task = self._take(message)
        if task is None:
            return
        if message.receives < self.max_receives:
            outcome = self.results.find(task) or self.results.keep(task, self.model.answer(task.prompt))
            self._end(task, outcome)
            return
        outcome = self._give_up(task)
        if self._end(task, outcome) and outcome.state is State.FAILED:
            raise GaveUp(f"{task.tenant}/{task.id}: receive {message.receives} of {self.max_receives}")

    def _take(self, message: Message) -> Task | None:
        tenant, name = named(message.body)
        for _ in range(_TRIES):
            task = self.tasks.find(tenant, name)
            if task is None:
                raise Unknown(f"{tenant}/{name}")
            taken = claimed(task, message=message.id, now=int(self.clock()), longest_seconds=self.longest_seconds)
            if taken is None:
                logger.info("nothing to do", extra={**_about(task), "state": task.state})
                return None
            if self.tasks.change(taken):
                logger.info("taken", extra={**_about(taken), "attempts": taken.attempts})
                return taken
        raise TimeoutError(f"{tenant}/{name} is changed by others all the time")

    def _give_up(self, task: Task) -> Outcome:
        failed = Outcome(State.FAILED, reason=UNSAID)
        try:
            return self.results.keep(task, failed)
        except Exception as error:  # noqa: BLE001 - that a task has failed is said whatever else is out of order
            logger.warning("no result can be kept", extra={**_about(task), "why": str(error)})
            return failed

    def _end(self, task: Task, outcome: Outcome) -> bool:
        """Say how a task has ended; False where another worker has said it."""
        for _ in range(_TRIES):
            newest = self.tasks.find(task.tenant, task.id)
            after = newest and ended(newest, outcome=outcome, now=int(self.clock()))
            if after is None:
                logger.info("ended by another worker", extra=_about(task))
                return False
            if self.tasks.change(after):
                logger.info("ended", extra={**_about(after), "state": after.state, "reason": after.reason})
                return True
        raise TimeoutError(f"{task.tenant}/{task.id} is changed by others all the time")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text is expected: {value!r}")
    return value


def _about(task: Task) -> dict[str, str]:
    return {"tenant": task.tenant, "task": task.id}
