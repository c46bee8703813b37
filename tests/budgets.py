"""How long a file of tests may take; what takes longer is named at the end of a run, and fails nothing.

A run on a busy machine exceeds its budgets without anybody's fault. What is named again and again on a quiet one has
grown, and wants a smaller tier or a shared world.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import pytest

BUDGETS = {"rehearsal": 600, "engine": 120, "emulator": 20, "slow": 60}
"""Mark -> seconds for all tests of a file together, by the clock; the first mark that a test has counts."""

QUICK = 5
"""Seconds for a file without any of these marks."""

OWN = {
    "tests/sandbox/drill/test_engine.py": 1500,
    "tests/sandbox/drill/test_crippled.py": 900,
    "tests/sandbox/drill/test_standin.py": 900,
    "tests/sandbox/run/test_interrupts.py": 900,
    "tests/sandbox/run/test_side_by_side.py": 700,
    "tests/components/test_settings_count.py": 600,
    "tests/engine/test_remediation.py": 200,
    "tests/engine/test_small.py": 300,
    "tests/preflight/test_emulated.py": 90,
    "tests/sandbox/chaos/test_trial.py": 40,
    "tests/components/experiments/test_experiments.py": 20,
    "tests/services/test_worker.py": 40,
    "tests/services/agents/test_system.py": 40,
    "tests/previews/test_previews.py": 240,
    "tests/config/test_pairs.py": 15,
    "tests/policy/test_testing.py": 15,
    "tests/policy/test_agreement.py": 10,
    "tests/policy/test_spellings.py": 10,
    "tests/review/test_eks.py": 10,
    "tests/policy/test_hostile.py": 10,
    "tests/review/test_places.py": 30,
    "tests/review/difference/test_parts.py": 30,
    "tests/review/difference/test_ten.py": 20,
    "tests/policy/test_mutations.py": 10,
    "tests/policy/test_rules.py": 25,
    "tests/policy/test_mutation_score.py": 90,
    "tests/policy/test_sources.py": 30,
}
"""File -> seconds, where the mark's budget does not fit."""


def budget(file: str, marks: Collection[str]) -> int:
    """Return the seconds that a file may take."""
    return OWN.get(file) or next((seconds for mark, seconds in BUDGETS.items() if mark in marks), QUICK)


class Budgets:
    """Adds up the time of every file; a pytest plugin.

    Attributes:
        spent: File -> seconds of its tests, their set-up and their tear-down.
        allowed: File -> its budget.
    """

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.allowed: dict[str, int] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a phase of a test, of this process or of a worker."""
        file = report.nodeid.partition("::")[0]
        self.spent[file] += report.duration
        self.allowed[file] = max(self.allowed.get(file, 0), budget(file, report.keywords))

    def exceeded(self) -> list[str]:
        """Return a line for each file over its budget, the worst first."""
        over = {file: spent / self.allowed[file] for file, spent in self.spent.items() if spent > self.allowed[file]}
        return [
            f"{file}: {self.spent[file]:.0f} s of {self.allowed[file]} s"
            for file in sorted(over, key=lambda file: -over[file])
        ]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the files over their budget, before the closing line."""
        lines = self.exceeded()
        if lines:
            terminalreporter.section("over their time budget (tests/budgets.py)")
            for line in lines:
                terminalreporter.write_line(line)
