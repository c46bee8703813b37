"""Queues: what fails is kept longer than what waits, and a message is hidden for as long as somebody works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.fargate import ALARM_SECONDS, COUNT_LATE_SECONDS
from config.problems import refuse
from config.rules.containers import of_each_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.containers import Service
    from config.problems import Path, Problem
    from config.stack import StackConfig

WORKS_ON_QUEUE: Final = ("sqs:DeleteMessage", "sqs:ReceiveMessage")
"""What a task has to be allowed that works on a queue."""


def retention(config: StackConfig) -> Iterator[Problem]:
    """A dead letter, whose age counts from when it was sent, outlives the queue that it failed in.

    And a message that is hidden comes back before it is lost.
    """
    for name, queue in config.queues.items():
        path, kept = ("messaging", "queues", name), queue.retention_seconds
        if queue.dead_letter_retention_seconds <= kept:
            what = "a message that fails late is a dead letter for no time: its age counts from when it was sent"
            got, allowed = queue.dead_letter_retention_seconds, f"more than {kept}"
            yield refuse((*path, "dead_letter_retention_seconds"), what, got=got, allowed=allowed, fix="raise it")
        if queue.visibility_timeout_seconds >= kept:
            what = "a message is lost while it is hidden, and is never tried again"
            got, allowed = queue.visibility_timeout_seconds, f"less than {kept}"
            yield refuse((*path, "visibility_timeout_seconds"), what, got=got, allowed=allowed, fix="lower it")


@of_each_service
def backlog(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """A message can be done in time, is hidden while a task works on it, and is not cut off by a scale-in."""
    held, where = service.scaling.backlog if service.scaling else None, (*path, "scaling", "backlog")
    if held is None:
        return
    if held.acceptable < 1:
        what, allowed = "shorter than one message takes", f"{held.seconds_per_message:g} or more"
        yield refuse((*where, "latency_seconds"), what, got=held.latency_seconds, allowed=allowed, fix="raise it")
    if held.longest_seconds < held.seconds_per_message:
        what, allowed = "shorter than the mean", f"{held.seconds_per_message:g} or more"
        yield refuse((*where, "longest_seconds"), what, got=held.longest_seconds, allowed=allowed, fix="raise it")
    if held.longest_seconds > service.task.stop_timeout_seconds and not service.task_protection:
        what = f"a scale-in ends a task after {service.task.stop_timeout_seconds} s, and a message takes longer"
        fix = "write `task_protection: true`, and let the tasks protect themselves while they work"
        yield refuse((*path, "task_protection"), what, got=False, allowed="true", fix=fix)
    scaling = present(service.scaling)
    soonest = ALARM_SECONDS + held.seconds_per_message
    if scaling.min == 0 and held.acceptable and held.latency_seconds < soonest:
        what = f"without a task to begin with, one is asked for {ALARM_SECONDS} s after the message"
        fix = "raise it, or keep a task (scaling.min)"
        got, allowed = held.latency_seconds, f"{soonest:g} or more"
        yield refuse((*where, "latency_seconds"), what, got=got, allowed=allowed, fix=fix)
    if scaling.scale_out_seconds < COUNT_LATE_SECONDS:
        what = "the tasks that were just asked for are not counted yet, and are asked for again"
        got, allowed = scaling.scale_out_seconds, f"{COUNT_LATE_SECONDS} or more beside backlog"
        yield refuse((*path, "scaling", "scale_out_seconds"), what, got=got, allowed=allowed, fix="raise it")
    yield from _of_queue(config, path, service)


def shared(config: StackConfig) -> Iterator[Problem]:
    """One service starts tasks for what waits in a queue: a second one would start as many again."""
    first: dict[str, str] = {}
    for name, service in config.services.items():
        held = service.scaling.backlog if service.scaling else None
        other = first.setdefault(held.queue, name) if held else name
        if held and other != name:
            what = f"{other} starts tasks for all of its messages already"
            fix = "scale one of them by something else, or join the two"
            where = ("containers", "services", name, "scaling", "backlog", "queue")
            yield refuse(where, what, got=held.queue, allowed="a queue of its own", fix=fix)


def interrupted(config: StackConfig) -> Iterator[Problem]:
    """An interruption of Spot counts as a receive: the message is received once more before it is given up."""
    for name, service in config.services.items():
        for short, access in service.task.role.queues.items() if service.capacity.spot_weight else ():
            queue = config.queues.get(short)
            if queue is not None and queue.max_receives == 1 and "sqs:ReceiveMessage" in access.actions:
                what = f"a message whose task of {name} Spot interrupts is a dead letter at once"
                where = ("messaging", "queues", short, "max_receives")
                yield refuse(where, what, got=1, allowed="2 or more, better 3", fix="raise it")


def _of_queue(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Judge the queue that a service works on."""
    held, queues = present(present(service.scaling).backlog), config.queues
    where, queue = (*path, "scaling", "backlog", "queue"), queues.get(held.queue)
    if queue is None:
        what, allowed = "no such queue", ", ".join(queues)
        yield refuse(where, what, got=held.queue, allowed=allowed, fix="add it to messaging.queues")
        return
    if queue.visibility_timeout_seconds < held.longest_seconds:
        what = f"{path[-1]} works on a message for {held.longest_seconds} s, and another task gets it meanwhile"
        place = ("messaging", "queues", held.queue, "visibility_timeout_seconds")
        got, allowed = queue.visibility_timeout_seconds, f"{held.longest_seconds} or more"
        yield refuse(place, what, got=got, allowed=allowed, fix="raise it")
    access = service.task.role.queues.get(held.queue)
    lacking = [one for one in WORKS_ON_QUEUE if access is None or one not in access.actions]
    if lacking:
        what, fix = f"its tasks may not {', '.join(lacking)}", f"allow it in task.role.queues.{held.queue}"
        yield refuse(where, what, got=held.queue, allowed="a queue that tasks may work on", fix=fix)


RULES: Final = (retention, backlog, shared, interrupted)
