"""Says how far the pack agrees with what public checkers label.

    python -m policy.agreement           agreement per control, and what is not explained
    python -m policy.agreement --json    the same, for programs
    python -m policy.agreement --page    docs/agreement.md

Ends with 1 where a disagreement is not explained, or an explained one agrees by now.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from policy.agreement.fixtures import catalogue
from policy.agreement.judged import judged, scores
from policy.agreement.page import page, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.agreement.fixtures import Catalogue
    from policy.agreement.judged import Judged, Score

_WIDTHS: Final = "{:<20}{:>9}{:>8}{:>11}{:>13}  {}\n"


def main(arguments: Sequence[str]) -> int:
    """Print what the arguments ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m policy.agreement", description="Agreement with public checkers.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="every count and reason")
    what.add_argument("--page", action="store_true", help="the page of docs/")
    options = parser.parse_args(arguments)
    found = catalogue()
    verdicts = judged(found.fixtures)
    counted = scores(verdicts)
    if options.page:
        sys.stdout.write(page(found, counted))
    elif options.json:
        sys.stdout.write(_json(found, counted, verdicts))
    else:
        sys.stdout.write(_text(found, counted, verdicts))
    return 1 if any(each.unexplained or each.stale for each in verdicts) else 0


def _json(found: Catalogue, counted: Sequence[Score], verdicts: Sequence[Judged]) -> str:
    return (
        json.dumps(
            {
                "total": total(counted),
                "controls": [asdict(score) for score in counted],
                "open": dict(found.open),
                "unexplained": [each.fixture.place for each in verdicts if each.unexplained],
                "stale": [each.fixture.place for each in verdicts if each.stale],
            },
            indent=2,
        )
        + "\n"
    )


def _text(found: Catalogue, counted: Sequence[Score], verdicts: Sequence[Judged]) -> str:
    head = _WIDTHS.format("control", "fixtures", "agreed", "explained", "unexplained", "rules")
    rows = [
        _WIDTHS.format(
            each.control, each.fixtures, each.agreed, each.explained, each.unexplained, ", ".join(each.rules)
        )
        for each in counted
    ]
    wrong = [f"unexplained: {each.fixture.place}\n" for each in verdicts if each.unexplained]
    wrong += [f"explained, and agrees: {each.fixture.place}\n" for each in verdicts if each.stale]
    return "".join([head, *rows, *wrong, f"{total(counted)}; {len(found.open)} controls are held by no rule\n"])


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    sys.exit(main(sys.argv[1:]))
