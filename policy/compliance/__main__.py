"""`python -m policy.compliance [--json]`: the matrix of the pack, as docs/compliance.md has it, or for programs."""

from __future__ import annotations

import argparse
import json
import signal
import sys

from policy.compliance.matrix import document, judged
from policy.compliance.page import page
from policy.rule import Profile


def main(arguments: list[str]) -> None:
    """Print what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m policy.compliance", description="Print the compliance matrix.")
    parser.add_argument("--json", action="store_true", help="one row per requirement, for programs")
    parser.add_argument("--profile", type=Profile, choices=list(Profile), default=Profile.PROD, help="default: prod")
    options = parser.parse_args(arguments)
    rows = document(judged((), (), options.profile))
    sys.stdout.write(json.dumps(rows, indent=2) + "\n" if options.json else page(options.profile))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    main(sys.argv[1:])
