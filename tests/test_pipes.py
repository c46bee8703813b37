"""Commands that print much end without a traceback where nobody reads on, as behind `| head`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each is a process of its own, and two record a stack

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "command",
    [
        "config.check",
        "config.explain small",
        "policy.catalog",
        "policy.compliance",
        "review small",
        "review small --json",
        "review.order small",
    ],
)
def test_a_reader_that_is_gone_is_no_error(command: str) -> None:
    piped = f"{sys.executable} -m {command} | true"
    done = subprocess.run(piped, shell=True, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)  # noqa: S602 - a pipe is what is tried
    assert done.stderr == ""
