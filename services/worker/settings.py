"""Numbers of a worker, judged together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST_VISIBILITY: Final = 43200
"""Seconds that SQS hides a message at most, counted from when it was received.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html (2026-11)
"""
LONGEST_POLL: Final = 20
LONGEST_STOP: Final = 120
"""Seconds between SIGTERM and SIGKILL on Fargate at most (`stopTimeout`)."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Numbers of a worker.

    Attributes:
        queue_url: The queue.
        longest_seconds: Longest time that the work on a message takes, 1 to 43,200. Work that takes longer hangs: its
            message is given back, and the process ends with status 1, so that ECS starts another task.
        stop_seconds: Seconds after SIGTERM in which work may still be finished: the container's stop time-out less a
            margin, 1 to 120.
        visibility_seconds: How long a received message is hidden, 3 to 43,200, in place of the queue's own setting: it
            is renewed while there is work, so that a short one costs nothing, and what a lost task worked on is done
            again soon.
        poll_seconds: How long one receive waits for a message, 1 to 20 and less than `stop_seconds`: SIGTERM waits for
            it.
        retry_seconds: How long a message stays hidden whose work failed, 0 to 43,200.

    Raises:
        ValueError: A number is out of its range; all of them are named.
    """

    queue_url: str
    longest_seconds: int
    stop_seconds: int = 110
    visibility_seconds: int = 120
    poll_seconds: int = 10
    retry_seconds: int = 30

    def __post_init__(self) -> None:
        """Refuse numbers that SQS or Fargate would not take, or that contradict each other."""
        ranges = {
            "longest_seconds": (1, LONGEST_VISIBILITY),
            "stop_seconds": (1, LONGEST_STOP),
            "visibility_seconds": (3, LONGEST_VISIBILITY),
            "poll_seconds": (1, LONGEST_POLL),
            "retry_seconds": (0, LONGEST_VISIBILITY),
        }
        wrong = [
            f"{name}: {getattr(self, name)} is not in {low}..{high}"
            for name, (low, high) in ranges.items()
            if not low <= getattr(self, name) <= high
        ]
        if self.poll_seconds >= self.stop_seconds:
            wrong.append(f"poll_seconds: {self.poll_seconds} is not less than stop_seconds, {self.stop_seconds}")
        if wrong:
            raise ValueError("; ".join(wrong))

    @property
    def heartbeat_seconds(self) -> float:
        """Seconds between two renewals of the visibility: two may fail before it is over."""
        return self.visibility_seconds / 3
