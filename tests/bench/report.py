"""What the bench found, as tables: on the terminal, and in the generated block of docs/performance.md.

A report is plain data, so that a part of the bench can be run by itself and put beside the others:

    {"jobs": {name: {"state": "done", "reason": "", "date", "runs", "machine": {}, "versions": {},
                     "figures": {}, "wall": {}, "exponents": {}, "parts": {what: {part: {"seconds", "mib"}}}}}}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.bench.aims import judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.bench.jobs import Found

Job: TypeAlias = "dict[str, Any]"
"""What became of one job, as plain data."""

MIB = 1024 * 1024
BEGIN = "<!-- bench: begin; written by `make bench RECORD=1`, which leaves the rest of this page as it is -->"
END = "<!-- bench: end -->"
TITLE = "# Performance\n"
DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass(frozen=True)
class Table:
    """A table: a title, the heads of its columns, and its rows; the first column is text, the others are numbers."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return it for a page."""
        rule = ["---", *["---:"] * (len(self.heads) - 1)]
        lines = [f"| {' | '.join(row)} |" for row in (self.heads, rule, *self.rows)]
        return "\n".join((f"**{self.title}**", "", *lines))


def document(found: Found) -> dict[str, Any]:
    """Return what a job found as plain data."""
    return {
        "figures": {name: round(value, 3) for name, value in found.figures.items()},
        "wall": {name: round(value, 2) for name, value in found.wall.items()},
        "exponents": {name: round(value, 3) for name, value in found.exponents.items()},
        "parts": {
            what: {
                name: {"seconds": round(part.seconds, 2), "mib": round(part.peak_bytes / MIB)}
                for name, part in parts.items()
            }
            for what, parts in found.parts.items()
        },
    }


def tables(jobs: Mapping[str, Job]) -> Iterator[Table]:
    """Yield the table of aims, then one of the processes of each job that tells them apart, then the times."""
    yield aims(jobs)
    for name, job in jobs.items():
        if job.get("parts"):
            yield processes(name, job)
    rows = [(what, f"{seconds:.1f}") for job in jobs.values() for what, seconds in job.get("wall", {}).items()]
    if rows:
        yield Table("seconds by the clock, on a machine that may have been busy", ("what", "median"), rows)


def aims(jobs: Mapping[str, Job]) -> Table:
    """Return every figure with its aim and whether it is met; a job that has none says why below."""
    figures = {name: job["figures"] for name, job in jobs.items() if job.get("figures")}
    rows = [
        (
            aim.what,
            "not measured" if value is None else with_unit(value, aim.unit),
            "" if aim.most is None else with_unit(aim.most, aim.unit),
            "" if value is None else aim.verdict(value),
        )
        for aim, value in judged(figures)
    ]
    return Table("figures: ratios and seconds of the processor, medians", ("what", "found", "at most", ""), rows)


def with_unit(value: float, unit: str) -> str:
    """Return a value as people write it."""
    return f"{value:.2f} {unit}".strip()


def processes(name: str, job: Job) -> Table:
    """Return what each process took, a column for each thing that was run."""
    columns, exponents = job["parts"], job["exponents"]
    names = list(dict.fromkeys(part for parts in columns.values() for part in parts))
    names.sort(key=lambda part: -max(parts.get(part, {"seconds": 0})["seconds"] for parts in columns.values()))
    rows = [
        (
            part,
            *(cell(parts.get(part)) for parts in columns.values()),
            *([f"{exponents[part]:.2f}" if part in exponents else ""] if exponents else []),
        )
        for part in names
    ]
    heads = ("process", *columns, *(["exponent"] if exponents else []))
    return Table(f"{name}: seconds of the processor, and peak memory of a process in MiB", heads, rows)


def cell(part: Mapping[str, float] | None) -> str:
    """Return what a process took in one cell."""
    return f"{part['seconds']:.1f} s, {part['mib']:.0f}" if part else ""


def reasons(jobs: Mapping[str, Job]) -> list[str]:
    """Return a line for each job that has no figures, which says why."""
    return [f"{name}: {job['state']}; {job['reason']}" for name, job in jobs.items() if job["state"] != DONE]


def missed(jobs: Mapping[str, Job]) -> list[str]:
    """Return the aims that are missed."""
    figures = {name: job["figures"] for name, job in jobs.items() if job.get("figures")}
    return [aim.what for aim, value in judged(figures) if value is not None and aim.verdict(value) == "missed"]


def block(jobs: Mapping[str, Job]) -> str:
    """Return the generated block of the page, its marks included."""
    done = {name: job for name, job in jobs.items() if job["state"] == DONE}
    parts = [table.markdown() for table in tables(done)]
    parts += ["\n".join(f"- {line}" for line in (*when(done), *reasons(jobs)))]
    return "\n\n".join((BEGIN, *parts, END))


def when(jobs: Mapping[str, Job]) -> list[str]:
    """Return, for each way the jobs were measured, its jobs, day, number of runs, machine and versions."""
    machines: dict[str, list[str]] = {}
    for name, job in jobs.items():
        machine = ", ".join(f"{value} {key}" for key, value in job["machine"].items())
        versions = ", ".join(f"{key} {value}" for key, value in job["versions"].items())
        machines.setdefault(f"{job['date']}, {job['runs']} runs, {machine}; {versions}", []).append(name)
    return [f"{', '.join(names)}: {machine_line}" for machine_line, names in machines.items()]


def write(page: Path, jobs: Mapping[str, Job]) -> None:
    """Put the block into a page; what stands before and after it stays, and a page without one gets it at its end.

    Raises:
        ValueError: The page has one of the two marks only, so that nobody knows what is to be replaced.
    """
    text = page.read_text(encoding="utf-8") if page.exists() else TITLE
    if (BEGIN in text) != (END in text):
        raise ValueError(f"{page}: one mark of the generated block is missing: {BEGIN} or {END}")
    before, begin, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if begin else "\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{before.rstrip()}\n\n{block(jobs)}{after}", encoding="utf-8")
