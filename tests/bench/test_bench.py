"""The bench times what it says, and the review stays near the time of its imports."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.bench.__main__ import AIM
from tests.bench.timing import ROOT, Job, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_review_takes_little_longer_than_importing_what_it_uses() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--runs", "1", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["modules"] > 500, "the SDKs are what is imported"
    assert {"bare import", "offline review"} <= set(found["seconds"])
    assert found["review_to_import"]["processor"] <= AIM, found


def test_a_job_that_fails_is_no_time() -> None:
    with pytest.raises(RuntimeError, match="ended with status 3"):
        run(Job("broken", ["-c", "raise SystemExit(3)"]))
