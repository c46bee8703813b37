"""The jobs of the bench: what is run in turns, and which figures come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from sandbox.paths import CHECKOUT
from tests.bench import commands, synthetic
from tests.bench.imports import CONFIG, REVIEW, STACK, foreign_modules, timed_import
from tests.bench.processes import Part
from tests.bench.ratios import exponent, median, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tests.bench.commands import Run

    Runs: TypeAlias = Sequence[Run]

ENGINE = (
    "program", "pack", "CLI", "AWS proxy", "AWS plugin", "bridge", "Terraform provider", "EKS component",
    "Kubernetes renderer",
)  # fmt: skip
"""Parts of an engine command; the embedded AWS beside it is none."""
TERRAFORM = ("terraform", "Terraform provider")
SIZES = (250, 500, 1000, 2000)
COMPARED = 1000
"""Resources of the preview that is held against `terraform plan`."""
NOTICEABLE_SECONDS = 1.0
"""A part that takes less with the most resources has no exponent: what it does is mostly its start."""
GIB = 1024**3

PACK = f"""
import gc, time
from datetime import UTC, datetime
gc.disable()
from config import load_file, stack_file
from review.recording import record_stack
settings = load_file(stack_file({STACK!r}))
graph = record_stack({STACK!r}, settings)
before = time.process_time()
from review.verdict import judge
judge(graph, environment=settings.identity.environment, today=datetime.now(tz=UTC).date())
print(time.process_time() - before)
"""
"""The review's own steps, the last of them timed, with the import of the rules."""


@dataclass(frozen=True)
class Found:
    """What a job found.

    Attributes:
        figures: Name -> value, medians of the processor's seconds and what is made of them.
        wall: What ran -> median of seconds by the clock.
        parts: What ran -> part -> its medians.
        exponents: Part -> exponent of its growth.
    """

    figures: Mapping[str, float]
    wall: Mapping[str, float] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)
    exponents: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Bench:
    """One run of the bench.

    Attributes:
        runs: How often everything is run; the median counts.
        tell: Takes a line of progress.
        place: Directory for synthetic projects.
    """

    runs: int
    tell: Callable[[str], None]
    place: Path
    _previews: dict[int, Runs] = field(default_factory=dict)

    def rounds(self, jobs: Mapping[str, Callable[[], Run]], warm: int = 0) -> dict[str, Runs]:
        """Run jobs in turns, so that a machine that gets busy is busy for all; the first `warm` rounds do not count."""
        found: dict[str, list[Run]] = {name: [] for name in jobs}
        for number in range(-warm, self.runs):
            for name, job in jobs.items():
                self.tell(f"{f'round {number + 1} of {self.runs}' if number >= 0 else 'to warm up'}: {name}")
                done = job()
                if number >= 0:
                    found[name].append(done)
        return {name: tuple(runs) for name, runs in found.items()}

    def project(self, count: int) -> Path:
        """Return a synthetic project, written where it is not there yet."""
        directory = self.place / str(count)
        if not directory.exists():
            synthetic.write(directory, count)
        return directory

    def cold(self) -> Found:
        """Time what a person waits for most often, each in a new process; compiled modules are there."""
        whole, part = "python -m review prod", "import of the packages of the review"
        ours, theirs = "import of config", "import of the packages of config"
        done = self.rounds(
            {
                "python -m config.check": lambda: commands.python("config.check", "-m", "config.check"),
                whole: lambda: commands.python(whole, "-m", "review", STACK, "--json"),
                part: timed_import(foreign_modules(REVIEW)),
                ours: timed_import(["config.files"]),
                theirs: timed_import(foreign_modules(CONFIG)),
            },
            warm=1,
        )
        figures = {
            "check": median(processors(done["python -m config.check"])),
            "review": median(processors(done[whole])),
            "review_to_import": ratio(processors(done[whole]), processors(done[part])),
            "config_to_packages": ratio(printed(done[ours]), printed(done[theirs])),
        }
        return Found(figures, walls(done))

    def pack(self) -> Found:
        """Time the pack's part of an offline review."""
        done = self.rounds({"offline review, the pack timed": lambda: commands.python("review", "-c", PACK)}, warm=1)
        return Found({"offline": median(printed(*done.values()))})

    def prod(self) -> Found:
        """Time previews of prod as it stands, with and without the pack, and the offline review.

        The first preview after a web ACL changed is the warming up: see docs/performance.md.
        """
        commands.deployed(STACK)
        review, on, off = "offline review", "preview with the pack", "preview without the pack"
        done = self.rounds(
            {
                review: lambda: commands.python(review, "-m", "review", STACK, "--json"),
                on: lambda: commands.preview(on, CHECKOUT, STACK, {}, pack=True),
                off: lambda: commands.preview(off, CHECKOUT, STACK, {}),
            },
            warm=1,
        )
        offline, whole, bare = processors(done[review]), sums(done[on], ENGINE), sums(done[off], ENGINE)
        figures = {
            "program_to_review": ratio(sums(done[on], ("program",)), offline),
            "preview": median(whole),
            "pack": median(whole) - median(bare),
            "preview_to_review": ratio(whole, offline),
        }
        return Found(figures, walls(done), {name: medians(done[name]) for name in (on, off)})

    def terraform(self) -> Found:
        """Time the first preview of the synthetic resources, and Terraform's plan of the same."""
        directory, plan, preview = self.project(COMPARED), "terraform plan", "first preview"
        done = self.rounds(
            {
                plan: lambda: commands.terraform_plan(directory, COMPARED),
                preview: lambda: commands.synthetic_preview(directory, COMPARED),
            }
        )
        self._previews[COMPARED] = done[preview]
        figures = {"preview_to_plan": ratio(sums(done[preview], ENGINE), sums(done[plan], TERRAFORM))}
        return Found(figures, walls(done), {name: medians(runs) for name, runs in done.items()})

    def growth(self) -> Found:
        """Time first previews of more and more resources."""
        missing = [size for size in SIZES if size not in self._previews]
        done = self.rounds(
            {named(size): partial(commands.synthetic_preview, self.project(size), size) for size in missing}
        )
        self._previews |= {size: done[named(size)] for size in missing}
        parts = {size: medians(self._previews[size]) for size in SIZES}
        exponents, largest = growths(parts), parts[SIZES[-1]]["program"]
        figures = {
            "exponent": max(exponents.values()),
            "program_exponent": exponents["program"],
            "program_memory": largest.peak_bytes / GIB,
        }
        wall = walls({named(size): self._previews[size] for size in SIZES})
        return Found(figures, wall, {named(size): parts[size] for size in SIZES}, exponents)


JOBS: Mapping[str, Callable[[Bench], Found]] = {
    "cold": Bench.cold,
    "pack": Bench.pack,
    "prod": Bench.prod,
    "terraform": Bench.terraform,
    "growth": Bench.growth,
}
"""Name -> job, shortest first."""


def named(size: int) -> str:
    """Return what a preview of so many resources is called."""
    return f"first preview of {size:,}"


def growths(parts: Mapping[int, Mapping[str, Part]]) -> dict[str, float]:
    """Return part -> exponent, of those that take a noticeable time with the most resources.

    Args:
        parts: Number of resources -> part -> its medians.
    """
    largest = parts[max(parts)]
    return {
        name: exponent({size: each[name].seconds for size, each in parts.items()})
        for name in ENGINE
        if name in largest and largest[name].seconds >= NOTICEABLE_SECONDS
    }


def processors(runs: Runs) -> list[float]:
    """Return the seconds of the processor of each run."""
    return [run.processor for run in runs]


def printed(runs: Runs) -> list[float]:
    """Return the seconds that each run timed by itself and printed."""
    return [float(json.loads(run.output)) for run in runs]


def walls(done: Mapping[str, Runs]) -> dict[str, float]:
    """Return what ran -> median of seconds by the clock."""
    return {name: median([run.wall for run in runs]) for name, runs in done.items()}


def sums(runs: Runs, names: Sequence[str]) -> list[float]:
    """Return, for each run, the seconds of the processor of some parts."""
    return [sum(run.parts[name].seconds for name in names if name in run.parts) for run in runs]


def medians(runs: Runs) -> dict[str, Part]:
    """Return each part's medians over all runs; a part that a run did not have took nothing there."""
    names = dict.fromkeys(name for run in runs for name in run.parts)
    parts = {name: [run.parts.get(name, Part()) for run in runs] for name in names}
    return {
        name: Part(
            median([part.seconds for part in each]),
            round(median([part.peak_bytes for part in each])),
        )
        for name, each in parts.items()
    }
