"""`python -m facts [--source packages|account] [--packages DIRECTORY] [--check]`: write the data of config/facts."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from facts import account, packages
from facts.write import differing, files, write

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str]) -> int:
    """Write, or compare; return 0, or 1 if the data in the repository is not what the source gives."""
    parser = argparse.ArgumentParser(prog="python -m facts", description="Write what AWS offers in each region.")
    parser.add_argument("--source", choices=("packages", "account"), default="packages")
    parser.add_argument("--packages", type=Path, default=ROOT / ".venv" / "facts", help="where they are installed")
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if something would change")
    options = parser.parse_args(arguments)
    try:
        known = packages.gather(options.packages)
    except FileNotFoundError as error:
        sys.stderr.write(f"facts: {error}\n")
        return 2
    if options.source == "account":
        asked = account.ask(known, boto3.client, datetime.now(tz=UTC).date().isoformat())
        known = asked.facts
        sys.stderr.writelines(f"kept as the packages have it: {one}\n" for one in asked.kept)
    changed = differing(files(known), ROOT) if options.check else write(known, ROOT)
    sys.stdout.writelines(f"{'differs' if options.check else 'wrote'} {path}\n" for path in changed)
    print(f"{len(known.regions)} regions, {len(known.types)} instance types; {len(changed)} files changed")
    return int(options.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
