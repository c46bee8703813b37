"""The bench runs what can be run, says what could not, and keeps a page of what it found."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.bench import __main__ as bench
from tests.bench import jobs, report
from tests.bench.aims import AIMS
from tests.bench.commands import FailedError, NotPossibleError, Run
from tests.bench.jobs import JOBS, Bench, Found
from tests.bench.processes import Part

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[Bench], Found]], None]:
    """Put another job in the place of one."""
    return lambda name, job: monkeypatch.setitem(JOBS, name, job)


def found(**figures: float) -> Callable[[Bench], Found]:
    """Return a job that finds figures."""
    parts = {
        "first preview of 250": {"program": Part(2.0, 2**28)},
        "first preview of 500": {"program": Part(4.0, 2**29)},
    }
    return lambda _: Found(figures, {"preview": 12.0}, parts, {"program": 1.0})


def raising(error: Exception) -> Callable[[Bench], Found]:
    """Return a job that ends with an error."""

    def job(_: Bench) -> Found:
        raise error

    return job


class TestRunning:
    def test_rounds_take_turns_and_warm_rounds_do_not_count(self, tmp_path: Path) -> None:
        order: list[str] = []

        def job(name: str) -> Run:
            order.append(name)
            return Run(1.0, float(len(order)), "")

        both = {name: partial(job, name) for name in "ab"}
        done = Bench(2, lambda _: None, tmp_path).rounds(both, warm=1)
        assert order == ["a", "b"] * 3
        assert jobs.processors(done["a"]) == [3.0, 5.0]

    def test_a_job_without_its_means_is_left_out_with_the_reason(
        self, faked: Callable[..., None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        faked("prod", raising(NotPossibleError("prod is not deployed here; `make up` first")))
        assert bench.main(["--only", "prod", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)["jobs"]["prod"]
        assert (said["state"], said["reason"]) == ("skipped", "prod is not deployed here; `make up` first")

    def test_a_failed_job_is_the_failure_of_the_bench_and_stops_no_other(
        self, faked: Callable[..., None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        faked("pack", raising(FailedError("review ended with status 1")))
        faked("growth", found(exponent=1.0))
        assert bench.main(["--only", "pack", "--only", "growth", "--json"]) == 1
        said = json.loads(capsys.readouterr().out)["jobs"]
        assert {name: job["state"] for name, job in said.items()} == {"pack": "failed", "growth": "done"}

    def test_a_missed_aim_is_reported_and_is_no_failure(
        self,
        faked: Callable[..., None],
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("COLUMNS", "160")
        faked("growth", found(exponent=1.2, program_exponent=1.05))
        assert bench.main(["--only", "growth"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert next(line for line in lines if "largest exponent" in line).rstrip(" │").endswith("missed")
        assert next(line for line in lines if "growth of the program" in line).rstrip(" │").endswith("met")

    def test_what_is_kept_of_other_jobs_stays(self, faked: Callable[..., None], tmp_path: Path) -> None:
        faked("pack", found(offline=0.5))
        faked("growth", found(exponent=1.0))
        kept = tmp_path / "found.json"
        for name in ("growth", "pack"):
            assert bench.main(["--only", name, "--keep", str(kept)]) == 0
        assert list(json.loads(kept.read_text())["jobs"]) == ["pack", "growth"]

    def test_every_aim_is_of_a_job_and_stands_once(self) -> None:
        assert {aim.job for aim in AIMS} == set(JOBS)
        assert max(Counter((aim.job, aim.figure) for aim in AIMS).values()) == 1


class TestPage:
    @pytest.fixture
    def page(self, tmp_path: Path) -> Path:
        return tmp_path / "docs" / "performance.md"

    def test_recording_writes_the_block_and_keeps_the_rest(self, faked: Callable[..., None], page: Path) -> None:
        faked("growth", found(exponent=1.0))
        assert bench.main(["--only", "growth", "--record", str(page)]) == 0
        before, _, _ = page.read_text().partition(report.BEGIN)
        assert before.startswith("# Performance")
        page.write_text(f"# Ours\n\nwords before\n\n{page.read_text().removeprefix(before)}\n\nwords after\n")
        faked("growth", found(exponent=1.3))
        assert bench.main(["--only", "growth", "--record", str(page)]) == 0
        text = page.read_text()
        assert text.startswith(f"# Ours\n\nwords before\n\n{report.BEGIN}\n")
        assert text.endswith(f"{report.END}\n\n\nwords after\n")
        assert text.count(report.BEGIN) == text.count(report.END) == 1
        assert "| 1.30 | 1.05 | missed |" in text
        assert "| 1.00 | 1.05 |" not in text

    def test_a_page_with_one_mark_is_left_alone(self, page: Path) -> None:
        page.parent.mkdir()
        page.write_text(f"{report.BEGIN}\nwords\n")
        with pytest.raises(ValueError, match="one mark"):
            report.write(page, {})
        assert page.read_text() == f"{report.BEGIN}\nwords\n"

    def test_the_block_has_every_aim_every_process_the_day_and_the_machine(
        self, faked: Callable[..., None], page: Path
    ) -> None:
        faked("growth", found(exponent=1.0))
        faked("prod", raising(NotPossibleError("prod is not deployed here")))
        bench.main(["--only", "growth", "--only", "prod", "--runs", "2", "--record", str(page)])
        text = page.read_text()
        assert all(f"| {aim.what} |" in text for aim in AIMS)
        assert "| program | 2.0 s, 256 | 4.0 s, 512 | 1.00 |" in text
        assert "prod: skipped; prod is not deployed here" in text
        assert f"{bench.surroundings()['date']}, 2 runs" in text
        assert "pulumi-aws 7" in text

    def test_the_page_of_this_repository_holds_the_block_whole(self) -> None:
        if not bench.PAGE.exists():
            pytest.skip("nothing was recorded yet")
        text = bench.PAGE.read_text(encoding="utf-8")
        assert text.index(report.BEGIN) < text.index(report.END)
        assert all(f"| {aim.what} |" in text for aim in AIMS)
