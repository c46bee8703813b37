"""What a run measured: requests as locust counts them, tasks as the table has them. Arithmetic only."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PERCENTILES: Final = (50, 95, 99)
DONE: Final = "done"


def percentile(counted: Mapping[float, int], percent: float) -> float:
    """Return the smallest value that at least `percent` of all are not above (nearest rank); 0 of nothing.

    Args:
        counted: Value -> how often it came.
        percent: Above 0, 100 at most.
    """
    rank = math.ceil(sum(counted.values()) * percent / 100)
    seen = 0
    for value in sorted(counted):
        seen += counted[value]
        if seen >= rank:
            return value
    return 0.0


@dataclass(frozen=True)
class Requests:
    """Requests of one kind.

    Attributes:
        name: What was asked.
        count: How often.
        failures: How many were not answered as they should be.
        per_second: Requests a second, over the time in which there were any.
        milliseconds: Percentile -> milliseconds; `max` is the longest.
    """

    name: str
    count: int
    failures: int
    per_second: float
    milliseconds: Mapping[str, float]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Requests:
        """Return what an entry of locust's statistics says."""
        counted = {float(value): int(times) for value, times in entry["response_times"].items()}
        seconds = float(entry["last_request_timestamp"] or 0) - float(entry["start_time"])
        milliseconds = {f"p{percent}": percentile(counted, percent) for percent in PERCENTILES}
        return cls(
            name=str(entry["name"]),
            count=int(entry["num_requests"]),
            failures=int(entry["num_failures"]),
            per_second=round(int(entry["num_requests"]) / seconds, 2) if seconds > 0 else 0.0,
            milliseconds={**milliseconds, "max": round(float(entry["max_response_time"] or 0), 1)},
        )

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {**asdict(self), "milliseconds": dict(self.milliseconds)}


@dataclass(frozen=True)
class Tasks:
    """Tasks that were submitted.

    Attributes:
        submitted: How many a client got an id of.
        states: State -> how many are in it by the end.
        lost: Ids that the table does not have.
        per_minute: How many were done in a minute, from the first submission to the last end.
        seconds: Percentile -> seconds from submission to end, of those that are done; `max` is the longest.
    """

    submitted: int
    states: Mapping[str, int]
    lost: Sequence[str]
    per_minute: float
    seconds: Mapping[str, float]

    @classmethod
    def of(cls, ids: Iterable[str], rows: Mapping[str, Mapping[str, Any]]) -> Tasks:
        """Count tasks.

        Args:
            ids: Ids that clients got; the same one twice is one task.
            rows: Id -> its row: `state`, `created` and `updated` in seconds since 1970.
        """
        known = set(ids)
        found = {one: rows[one] for one in known if one in rows}
        done = [row for row in found.values() if row["state"] == DONE]
        waits = Counter(float(row["updated"]) - float(row["created"]) for row in done)
        begun = min((float(row["created"]) for row in done), default=0.0)
        took = max((float(row["updated"]) for row in done), default=0.0) - begun
        return cls(
            submitted=len(known),
            states=dict(sorted(Counter(str(row["state"]) for row in found.values()).items())),
            lost=sorted(known - found.keys()),
            per_minute=round(len(done) * 60 / max(took, 1.0), 1),
            seconds={
                **{f"p{percent}": percentile(waits, percent) for percent in PERCENTILES},
                "max": max(waits, default=0.0),
            },
        )

    @property
    def done(self) -> int:
        """How many are done."""
        return self.states.get(DONE, 0)

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {**asdict(self), "states": dict(self.states), "seconds": dict(self.seconds), "lost": list(self.lost)}


@dataclass(frozen=True)
class Sample:
    """What was seen at one time.

    Attributes:
        second: Seconds since the users began.
        desired: Agents wanted.
        waiting: Messages of the queue, those that are worked on included.
    """

    second: float
    desired: int
    waiting: int


@dataclass(frozen=True)
class Run:
    """All that a run measured.

    Attributes:
        requests: Requests by kind, all of them together under `Aggregated`.
        tasks: What became of tasks.
        samples: Agents and queue in the course of it.
        artifacts: Versions of artifacts that were written for these tasks.
        dead_letters: Messages that have come among the dead letters.
        forward_seconds: By how much the clock was put forward, until the first agent was wanted.
    """

    requests: Sequence[Requests]
    tasks: Tasks
    samples: Sequence[Sample]
    artifacts: int
    dead_letters: int
    forward_seconds: int

    @property
    def failures(self) -> int:
        """Requests that were not answered as they should be."""
        return sum(one.failures for one in self.requests)

    @property
    def most_agents(self) -> int:
        """Most agents wanted at once."""
        return max((one.desired for one in self.samples), default=0)

    @property
    def longest_seconds(self) -> float:
        """An upper bound of how long a task waited by the system's clock: what was put forward counts for each."""
        return self.tasks.seconds["max"] + self.forward_seconds

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "requests": [one.document() for one in self.requests],
            "tasks": {**self.tasks.document(), "artifacts": self.artifacts, "dead_letters": self.dead_letters},
            "agents": {"most": self.most_agents, "samples": [asdict(one) for one in self.samples]},
            "forward_seconds": self.forward_seconds,
        }
