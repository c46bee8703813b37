"""Entry point of the pack under the engine, and of `python -m policy fix STACK`.

The engine runs this file by path, with this directory and not the checkout on the module path, and hands over its
address. This is the only place that starts a policy server.
"""

import importlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
FIX = "review/fix.py"
"""Proposes changes of stack files and components. It belongs to the program, of which the pack imports nothing."""


def fix(arguments: list[str]) -> NoReturn:
    """Become `python -m review.fix`; where there is none, end with what to do instead."""
    if not (HERE.parent / FIX).is_file():
        sys.exit(
            f"policy fix: no {FIX} beside the pack; allowed: a checkout of the pack's own program, whose stack files "
            "it changes. `python -m policy.evidence EXPORT` says what to change in any other, with the line"
        )
    os.chdir(HERE.parent)
    os.execv(sys.executable, [sys.executable, "-m", "review.fix", *arguments])  # noqa: S606 our own interpreter


if __name__ == "__main__":
    if sys.argv[1:2] == ["fix"]:
        fix(sys.argv[2:])
    sys.path.insert(0, str(HERE.parent))
    importlib.import_module("policy.crossguard").serve(HERE / "waivers.yaml", datetime.now(tz=UTC).date())
