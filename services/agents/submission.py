"""A task is submitted: kept, then queued. Done again it keeps nothing new, and queues what still waits once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from services.agents.agent import body
from services.agents.task import State

if TYPE_CHECKING:
    from services.agents.task import Task, Tasks


class Conflict(Exception):  # noqa: N818 - answered with 422
    """A key was used for another request."""


class Sends(Protocol):
    """A queue that is written to."""

    def send(self, task: Task) -> None:
        """Queue a task."""


@dataclass(frozen=True)
class Queue:
    """The queue.

    Attributes:
        sqs: A client of SQS.
        url: Where it is.
    """

    sqs: Any
    url: str

    def send(self, task: Task) -> None:
        """Queue a task.

        Raises:
            botocore.exceptions.ClientError: SQS refused.
        """
        self.sqs.send_message(QueueUrl=self.url, MessageBody=body(task.tenant, task.id))


def submit(tasks: Tasks, queue: Sends, task: Task) -> tuple[Task, bool]:
    """Return the task that stands for a request's, and whether it is new.

    Who is lost between keeping and queueing leaves a task that waits. Its client has heard nothing, asks again by the
    same key, and so queues it. A message too many finds its task taken and is dropped.

    Raises:
        Conflict: The key names a request that asked something else.
    """
    new = tasks.add(task)
    stands = task if new else tasks.find(task.tenant, task.id) or task
    if stands.fingerprint != task.fingerprint:
        raise Conflict(stands.id)
    if stands.state is State.QUEUED:
        queue.send(stands)
    return stands, new
