"""SQS tells CloudWatch each minute what waits in a queue, what is being worked on, and how old the oldest is.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
(2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.cut import reachable
from sandbox.emulator.patches.base import Patch

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINUTE: Final = 60.0


def measured(messages: list[dict[str, Any]], now: float) -> dict[str, float]:
    """Return metric -> value of a queue with these messages."""
    waiting = [message for message in messages if message["visible_at"] <= now]
    hidden = [message for message in messages if message["visible_at"] > now]
    return {
        "ApproximateNumberOfMessagesVisible": len(waiting),
        "ApproximateNumberOfMessagesNotVisible": sum(message["receive_count"] > 0 for message in hidden),
        "ApproximateNumberOfMessagesDelayed": sum(message["receive_count"] == 0 for message in hidden),
        "ApproximateAgeOfOldestMessage": max((now - message["sent_at"] for message in messages), default=0.0),
    }


class Minute:
    """Whether a minute of the emulator's clock has passed since it was last asked."""

    def __init__(self) -> None:
        self._last = 0.0

    def passed(self) -> bool:
        """Return whether it has, and begin another."""
        now = time.time()
        if now - self._last < _MINUTE:
            return False
        self._last = now
        return True


def tell(namespace: str, of: dict[str, str], values: Mapping[str, float]) -> None:
    """Write a point of each metric, now."""
    for name, value in values.items():
        cloudwatch._store_datum(namespace, name, of, time.time(), "Count", value, None, None, None)


_minute: Final = Minute()


def _publish() -> None:
    if not _minute.passed():
        return
    for (account, region, _), queue in sqs._queues.all_items():
        if reachable(region):
            with request_scope(account, region):
                tell("AWS/SQS", {"QueueName": queue["name"]}, measured(list(queue["messages"]), time.time()))


PATCH = Patch("sqs-metrics", "no alarm learns that a queue is full", lambda: CLOCK.at_each_tick(_publish))
