"""Times of whole processes, as medians of runs that take turns, so that a machine that gets busy is busy for all."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""Compiled modules are kept between runs, as they are for anybody."""


@dataclass(frozen=True)
class Job:
    """Something to time: words for our interpreter, and whether they end well."""

    name: str
    words: Sequence[str]


@dataclass
class Times:
    """Seconds of each run: by the clock, and of the processor (the latter hardly minds a busy machine)."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def wall_median(self) -> float:
        """Median by the clock, in seconds."""
        return statistics.median(self.wall)

    @property
    def processor_median(self) -> float:
        """Median of the processor, in seconds."""
        return statistics.median(self.processor)


def run(job: Job) -> tuple[float, float, str]:
    """Run a job in a new process; returns seconds by the clock, of the processor, and its output.

    Raises:
        RuntimeError: It ended with an error.
    """
    before, begun = processor_seconds(), time.perf_counter()
    done = subprocess.run(  # noqa: S603 our own interpreter on our own modules
        [sys.executable, *job.words], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    wall, processor = time.perf_counter() - begun, processor_seconds() - before
    if done.returncode:
        raise RuntimeError(f"{job.name} ended with status {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
    return wall, processor, done.stdout


def processor_seconds() -> float:
    """Seconds that the processor has spent on children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def take_turns(jobs: Sequence[Job], runs: int, tell: Callable[[str], None]) -> Mapping[str, Times]:
    """Run each job once to warm caches up, then `runs` rounds of all of them."""
    times = {job.name: Times() for job in jobs}
    for job in jobs:
        run(job)
    for number in range(runs):
        for job in jobs:
            tell(f"round {number + 1} of {runs}: {job.name}")
            wall, processor, _ = run(job)
            times[job.name].wall.append(wall)
            times[job.name].processor.append(processor)
    return times
