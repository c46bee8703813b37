"""Queues: what fails is kept longer than what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig


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


RULES: Final = (retention,)
