"""`python -m tests.bench`: how long a review and a preview take, as ratios within one run.

review / import     the offline review of prod, against the bare import of the packages it uses (aim: 1.5 at most)
preview / review    the engine's preview of prod without changes, against the offline review; needs `make up`
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from tests.bench.imports import REVIEW, STACK, bare_imports
from tests.bench.timing import Job, Times, run, take_turns

if TYPE_CHECKING:
    from collections.abc import Mapping

AIM = 1.5
"""The review may take this much longer than importing what it stands on."""
PREVIEW = Job("engine preview", ["-m", "sandbox", "preview", STACK, "--json"])
STATUS = Job("status", ["-m", "sandbox", "status", "--json"])
NO_WORLD = "the preview was not timed: prod is not deployed here; `make up` first"


def stands() -> bool:
    """Whether prod is deployed and the embedded AWS runs."""
    said: dict[str, Any] = json.loads(run(STATUS)[2])
    return said["emulator"] is not None and STACK in {stack["stack"] for stack in said["stacks"]}


def ratio(times: Mapping[str, Times], above: Job, below: Job) -> dict[str, float]:
    """Return how many times longer one job takes than another, by the clock and of the processor."""
    return {
        "wall": round(times[above.name].wall_median / times[below.name].wall_median, 2),
        "processor": round(times[above.name].processor_median / times[below.name].processor_median, 2),
    }


def measure(runs: int, console: Console) -> dict[str, Any]:
    """Time everything that can be timed here."""
    (bare, uncollected), standing = bare_imports(), stands()
    jobs = [bare, uncollected, REVIEW, *([PREVIEW] if standing else [])]
    times = take_turns(jobs, runs, lambda line: console.print(line, highlight=False))
    return {
        "runs": runs,
        "modules": len(bare.words[2].split()),
        "seconds": {
            name: {"wall": round(each.wall_median, 2), "processor": round(each.processor_median, 2)}
            for name, each in times.items()
        },
        "review_to_import": {**ratio(times, REVIEW, bare), "aim": AIM},
        "review_to_uncollected_import": ratio(times, REVIEW, uncollected),
        "preview_to_review": ratio(times, PREVIEW, REVIEW) if standing else None,
    }


def show(found: dict[str, Any], console: Console) -> None:
    """Print what was found as a table and a line per ratio."""
    table = Table(title=f"medians of {found['runs']} runs that take turns", title_justify="left")
    for column in ("", "seconds", "of the processor"):
        table.add_column(column, justify="right" if column else "left")
    for name, seconds in found["seconds"].items():
        table.add_row(name, f"{seconds['wall']:.2f}", f"{seconds['processor']:.2f}")
    console.print(table)
    review, preview = found["review_to_import"], found["preview_to_review"]
    console.print(
        f"review / import of its {found['modules']} modules: {review['wall']} (processor {review['processor']}); "
        f"aim: at most {AIM}"
    )
    work = found["review_to_uncollected_import"]
    console.print(
        f"review / the same import without garbage collection: {work['wall']} (processor {work['processor']})"
    )
    console.print(f"preview / review: {preview['wall']}" if preview else NO_WORLD)


def main() -> int:
    """Time, and print what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document; progress goes to standard error")
    parser.add_argument("--runs", type=int, default=5, help="rounds (default: 5)")
    options = parser.parse_args()
    found = measure(options.runs, Console(stderr=True))
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        show(found, Console(highlight=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
