"""A file over its budget is named; one within it is not."""

from __future__ import annotations

import pytest

from tests.budgets import BUDGETS, OWN, QUICK, Budgets, budget


def report(nodeid: str, seconds: float, *marks: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid, ("", 0, ""), dict.fromkeys(marks, 1), "passed", None, "call", duration=seconds, start=0, stop=seconds
    )


def test_phases_of_a_file_add_up_and_only_what_is_over_is_named() -> None:
    budgets = Budgets()
    for seconds in (QUICK - 1, 2):
        budgets.pytest_runtest_logreport(report("tests/test_a.py::test_a", seconds))
    budgets.pytest_runtest_logreport(report("tests/test_b.py::test_b", QUICK))
    budgets.pytest_runtest_logreport(report("tests/test_c.py::test_c", BUDGETS["engine"] * 2, "engine"))
    assert budgets.exceeded() == ["tests/test_c.py: 240 s of 120 s", f"tests/test_a.py: {QUICK + 1} s of {QUICK} s"]


def test_the_largest_tier_of_a_test_decides() -> None:
    assert budget("tests/test_a.py", {"engine": 1, "rehearsal": 1}) == BUDGETS["rehearsal"]


@pytest.mark.parametrize("file", OWN)
def test_every_file_with_a_budget_of_its_own_is_there(file: str, pytestconfig: pytest.Config) -> None:
    assert (pytestconfig.rootpath / file).is_file()
