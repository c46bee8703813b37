"""What the bench holds its figures against: one table. A missed aim is reported; it is no failure of the bench."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Aim:
    """One figure.

    Attributes:
        job: The job that finds it.
        figure: Its name among the job's figures.
        what: What it is, for people.
        unit: `x` for a ratio, `s` for seconds of the processor, `GiB`; empty for an exponent.
        most: The largest that is good; None for a figure that is only reported.
    """

    job: str
    figure: str
    what: str
    unit: str
    most: float | None

    def verdict(self, value: float) -> str:
        """Return whether a value is good."""
        if self.most is None:
            return ""
        return "met" if value <= self.most else "missed"


AIMS = (
    Aim("prod", "program_to_review", "program of prod in the engine / offline review of prod", "x", 2.5),
    Aim("prod", "preview", "preview of prod without changes, all processes", "s", 25),
    Aim("prod", "pack", "what the pack adds to that preview", "s", 3),
    Aim("prod", "preview_to_review", "preview of prod / offline review of prod", "x", None),
    Aim("pack", "offline", "the pack's part of an offline review of prod", "s", 1),
    Aim("terraform", "preview_to_plan", "first preview of 1,000 resources / terraform plan", "x", 2.0),
    Aim("growth", "exponent", "growth from 250 to 2,000 resources: largest exponent of a process", "", 1.05),
    Aim("growth", "program_exponent", "growth of the program", "", 1.05),
    Aim("growth", "program_memory", "peak memory of the program with 2,000 resources", "GiB", 1),
    Aim("cold", "check", "python -m config.check, a new process", "s", 0.6),
    Aim("cold", "review", "python -m review prod, a new process", "s", 4),
    Aim("cold", "review_to_import", "that review / import of the packages it uses", "x", 1.5),
    Aim("cold", "config_to_packages", "import of config / import of the packages it uses", "x", 3),
)


def judged(figures: Mapping[str, Mapping[str, float]]) -> list[tuple[Aim, float | None]]:
    """Return every aim with the figure that a job found; None where it found none.

    Args:
        figures: Job -> name of a figure -> its value.
    """
    return [(aim, figures.get(aim.job, {}).get(aim.figure)) for aim in AIMS]
