"""What moves the number of tasks of a service, and between which bounds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.base import Section
from config.facts.fargate import TASKS_PER_SERVICE
from config.messaging import QueueName
from config.task import ShortName

Tasks = Annotated[int, Field(ge=0, le=TASKS_PER_SERVICE)]
Percent = Annotated[int, Field(ge=10, le=95)]
CooldownSeconds = Annotated[int, Field(ge=0, le=3600)]


class Backlog(Section):
    """Holds the messages that wait or are worked on for each task, from how long one may wait and how long it takes."""

    queue: QueueName
    """Queue of `messaging.queues`."""
    latency_seconds: Annotated[int, Field(ge=1, le=86400)]
    """Longest time that a message may wait until it is done; without a task to begin with (`min: 0`), at least three
    minutes more than one takes."""
    seconds_per_message: Annotated[float, Field(gt=0, le=86400)]
    """Mean time that a task works on a message."""
    longest_seconds: Annotated[int, Field(ge=1, le=43200)]
    """Longest time that a task works on a message; the queue hides the message for so long."""

    @property
    def acceptable(self) -> int:
        """Messages for each task at which the last of them is done in time."""
        return int(self.latency_seconds / self.seconds_per_message)


class ScheduledTasks(Section):
    """A planned change of the bounds between which the number of tasks moves."""

    recurrence: Annotated[str, Field(min_length=11, max_length=100)]
    """Six fields as EventBridge has them: minute, hour, day of month, month, day of week, year; `0 8 ? * MON-FRI *`."""
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$")] = "Etc/UTC"
    """IANA time zone of the expression."""
    min: Tasks
    """Fewest tasks from then on."""
    max: Tasks
    """Most tasks from then on."""


class TaskScaling(Section):
    """What moves the number of tasks: each target asks for a number, and the highest is taken."""

    min: Tasks
    """Fewest tasks."""
    max: Tasks
    """Most tasks."""
    cpu_percent: Percent | None = None
    """Mean CPU utilisation that is held."""
    memory_percent: Percent | None = None
    """Mean memory utilisation that is held."""
    requests_per_target: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Requests of a minute for each task that are held; for a service behind a load balancer. Behind both, those of the
    edge are counted."""
    backlog: Backlog | None = None
    """Messages for each task that are held; for a service that works on a queue."""
    scale_out_seconds: CooldownSeconds = 60
    """Seconds between two steps up; 120 or more beside `backlog`, whose count of tasks is a minute or two late."""
    scale_in_seconds: CooldownSeconds = 300
    """Seconds between two steps down."""
    scheduled: Annotated[dict[ShortName, ScheduledTasks], Field(max_length=20)] = Field(default_factory=dict)
    """Planned changes of the bounds, by name; a change of `min` or `max` sets the bounds back until the next one."""
