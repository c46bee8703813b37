"""Messaging: queues between those who send work and those who do it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.base import Section

QueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=30)]
"""Short name of a queue; a part of logical names."""
RetentionSeconds = Annotated[int, Field(ge=60, le=1_209_600)]
"""SQS keeps a message for a minute at least, for 14 days at most."""


class Queue(Section):
    """An SQS standard queue with a queue of dead letters, both encrypted, reached by TLS only."""

    purpose: Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9 _.:/=+@-]+$")]
    """What a message asks for, in a few words; a tag of the queue."""
    visibility_timeout_seconds: Annotated[int, Field(ge=1, le=43200)]
    """Seconds that a received message is hidden from others; what is not deleted by then is handed out again."""
    retention_seconds: RetentionSeconds = 345_600
    """Seconds that a message waits to be received, 4 days by default; then it is lost."""
    max_receives: Annotated[int, Field(ge=1, le=1000)] = 5
    """Times that a message is received before it goes to the dead letters."""
    dead_letter_retention_seconds: RetentionSeconds = 1_209_600
    """Seconds that a dead letter is kept, counted from when the message was first sent; longer than
    `retention_seconds`."""


class Messaging(Section):
    """Queues of the stack."""

    queues: Annotated[dict[QueueName, Queue], Field(min_length=1, max_length=50)]
    """Queues by a short name."""
