"""A task, its states, and which state follows which. Nothing here reaches AWS.

    queued -> running -> done | refused | failed

A change is a function from a task to the task after it, or to None where nothing may change. Whoever writes the result
does so only if the table still has the task that was read (`version`), so that of two changes one counts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol

KEPT_S: Final = 30 * 24 * 3600
"""Seconds that a task is kept after it was submitted: the table's `expires`."""
UNSAID: Final = "no answer after every attempt"


class State(StrEnum):
    """Where a task is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


FINAL: Final = frozenset({State.DONE, State.REFUSED, State.FAILED})
"""States that nothing follows."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task.

    Attributes:
        tenant: Whose it is: the first part of its key.
        id: Its id, 32 hexadecimal digits: the second part.
        prompt: What the agent is asked.
        fingerprint: Digest of the request that submitted it.
        state: Where it is.
        created: When it was submitted, in seconds since 1970.
        updated: When it was last changed, likewise.
        version: How often it was written; 1 at first.
        message: Id of the message whose receiver works on it; empty = nobody has yet.
        attempts: How many have begun.
        reason: Why it was refused or has failed.
    """

    tenant: str
    id: str
    prompt: str
    fingerprint: str
    created: int
    updated: int
    state: State = State.QUEUED
    version: int = 1
    message: str = ""
    attempts: int = 0
    reason: str = ""

    @property
    def expires(self) -> int:
        """When the table may forget it, in seconds since 1970."""
        return self.created + KEPT_S


@dataclass(frozen=True)
class Outcome:
    """How a task ends.

    Attributes:
        state: A final one.
        text: What the agent answers, where it is done.
        reason: Why it was refused or has failed.
    """

    state: State
    text: str = ""
    reason: str = ""


class Unknown(LookupError):  # noqa: N818 - what is the matter, not whose error it is
    """There is no such task."""


class Tasks(Protocol):
    """Where tasks are kept."""

    def find(self, tenant: str, name: str) -> Task | None:
        """Return a task of a tenant as it is by now."""

    def add(self, task: Task) -> bool:
        """Keep a new task; False where its key is taken."""

    def change(self, task: Task) -> bool:
        """Keep a task in place of the version before it; False where that is not the newest any more."""


class Results(Protocol):
    """Where outcomes are kept: one for a task, which never changes."""

    def find(self, task: Task) -> Outcome | None:
        """Return the outcome that stands."""

    def keep(self, task: Task, outcome: Outcome) -> Outcome:
        """Keep an outcome unless one stands; returns the one that stands by then."""


class Model(Protocol):
    """What answers prompts."""

    def answer(self, prompt: str) -> Outcome:
        """Return an outcome: done or refused."""


def submitted(tenant: str, key: str, prompt: str, now: int) -> Task:
    """Return the task of a request. The id follows from tenant and key, so that a request made again names it again.

    Args:
        tenant: Whose it is.
        key: What the client calls its request.
        prompt: What is asked.
        now: Seconds since 1970.
    """
    name = hashlib.sha256(json.dumps([tenant, key]).encode()).hexdigest()[:32]
    fingerprint = hashlib.sha256(prompt.encode()).hexdigest()
    return Task(tenant=tenant, id=name, prompt=prompt, fingerprint=fingerprint, created=now, updated=now)


def claimed(task: Task, *, message: str, now: int, longest_seconds: int) -> Task | None:
    """Return the task as it is once a worker has taken it; None where it has not to be worked on.

    One message carries a task to its end: who receives it again takes over from whoever had it. Another message of the
    same task finds it running and is not needed, unless no worker can be at it any more.

    Args:
        task: The task.
        message: Id of the message that was received.
        now: Seconds since 1970.
        longest_seconds: Longest time that a worker is at it.
    """
    if task.state in FINAL:
        return None
    if task.state is State.RUNNING and task.message != message and now - task.updated <= longest_seconds:
        return None
    return replace(
        task,
        state=State.RUNNING,
        message=message,
        attempts=task.attempts + 1,
        updated=now,
        version=task.version + 1,
    )


def ended(task: Task, *, outcome: Outcome, now: int) -> Task | None:
    """Return the task as it is once it has ended; None where it has ended before.

    Args:
        task: The task.
        outcome: How it ended: the outcome that stands, or that there is none.
        now: Seconds since 1970.
    """
    if task.state is not State.RUNNING:
        return None
    return replace(task, state=outcome.state, reason=outcome.reason, updated=now, version=task.version + 1)
