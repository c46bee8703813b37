"""`python -m tests.bench`: what a review, a preview and their parts cost, as ratios and medians of one run.

cold        config.check, a review, and the imports they stand on, each in a new process
pack        the policy pack's part of an offline review
prod        previews of prod as it stands, with and without the pack, against the offline review; needs `make up`
terraform   the first preview of 1,000 synthetic resources, against `terraform plan` with the same provider
growth      first previews of 250, 500, 1,000 and 2,000 synthetic resources, by process

All seconds that count are the processor's, which hardly mind a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from sandbox.paths import CHECKOUT
from sandbox.run import lifetime
from sandbox.run.failure import Interrupted
from standins.toolchain import terraform
from tests.bench import report
from tests.bench.commands import FailedError, NotPossibleError
from tests.bench.jobs import JOBS, Bench

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.report import Job

PAGE = CHECKOUT / "docs" / "performance.md"
PACKAGES = ("pulumi", "pulumi-aws", "pulumi-policy")
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the jobs and show what they found; returns 1 where one failed, 130 where somebody stopped it."""
    options = parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    try:
        measured = measure(options.only or list(JOBS), options.runs, console)
    except Interrupted as stop:
        console.print(f"stopped by {stop}; nothing of ours runs any more")
        return INTERRUPTED
    jobs = kept(options.keep, measured)
    if options.json:
        print(json.dumps({"jobs": jobs}, indent=2))
    else:
        show(jobs, Console(highlight=False))
    if options.record:
        report.write(options.record, jobs)
    return int(any(job["state"] == report.FAILED for job in measured.values()))


def measure(names: Sequence[str], runs: int, console: Console) -> dict[str, Job]:
    """Run jobs one after the other; one that cannot be run, or fails, does not stop the others."""
    found: dict[str, Job] = {}
    with tempfile.TemporaryDirectory(prefix="platform-bench-") as place:
        bench = Bench(runs, console.print, Path(place))
        for name in (name for name in JOBS if name in names):
            bench.tell(f"{name} ...")
            found[name] = reported(name, bench)
            if found[name]["reason"]:
                bench.tell(f"{name}: {found[name]['state']}; {found[name]['reason']}")
    return found


def reported(name: str, bench: Bench) -> Job:
    """Run one job; returns what became of it."""
    job: Job = {"state": report.DONE, "reason": "", "runs": bench.runs, **surroundings()}
    try:
        return job | report.document(JOBS[name](bench))
    except NotPossibleError as error:
        return job | {"state": report.SKIPPED, "reason": str(error)}
    except FailedError as error:
        return job | {"state": report.FAILED, "reason": str(error)}


def surroundings() -> dict[str, Any]:
    """Return the day, the machine and the versions that figures depend on."""
    provider = terraform.find()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": {"cores": len(os.sched_getaffinity(0)), "GiB": round(memory)},
        "versions": {
            "Python": sys.version.partition(" ")[0],
            **{name: metadata.version(name) for name in PACKAGES},
            **({"Terraform AWS provider": provider.parent.parent.name} if provider else {}),
        },
    }


def kept(path: Path | None, measured: Mapping[str, Job]) -> dict[str, Job]:
    """Put what was measured beside what a file has of other jobs, and keep both in it."""
    before = json.loads(path.read_text(encoding="utf-8"))["jobs"] if path and path.exists() else {}
    both = {**before, **measured}
    jobs = {name: both[name] for name in JOBS if name in both}
    if path:
        path.write_text(json.dumps({"jobs": jobs}, indent=2) + "\n", encoding="utf-8")
    return jobs


def show(jobs: Mapping[str, Job], console: Console) -> None:
    """Print the tables, and a line for each job without figures."""
    for each in report.tables(jobs):
        table = Table(title=each.title, title_justify="left")
        for at, head in enumerate(each.heads):
            table.add_column(head, justify="right" if at else "left")
        for row in each.rows:
            table.add_row(*row)
        console.print(table)
    for line in report.reasons(jobs):
        console.print(line, markup=False)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--json", action="store_true", help="print one JSON document; progress goes to standard error")
    made.add_argument("--runs", type=positive, default=3, help="how often everything is run (default: 3)")
    made.add_argument("--only", action="append", choices=list(JOBS), metavar="JOB", help="this job; may be repeated")
    made.add_argument("--keep", type=Path, metavar="FILE", help="add to what this file has of other jobs")
    made.add_argument(
        "--record", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write the block of {PAGE.name}"
    )
    return made


def positive(text: str) -> int:
    """Read a number above 0.

    Raises:
        ValueError: It is none.
    """
    number = int(text)
    if number < 1:
        raise ValueError(f"{text} is not above 0")
    return number


if __name__ == "__main__":
    lifetime.interruptible()
    sys.exit(main())
