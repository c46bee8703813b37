"""Each cure has tests of its own, and they fail where it is left out."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sandbox.emulator import client, cures
from tests.sandbox.emulator.conftest import UNCURED

HERE = Path(__file__).parent
MODULES = sorted(path.stem for path in Path(cures.__file__).parent.glob("*.py") if "CURES = (" in path.read_text())


def test_every_cure_is_applied() -> None:
    listed = {name for name in MODULES for _ in getattr(cures, name).CURES}
    assert len(cures.CURES) == sum(len(getattr(cures, name).CURES) for name in listed), "the tuple holds all cures"
    names = [cure.name for cure in cures.CURES]
    assert len(names) == len(set(names)), "a name tells a cure"


@pytest.mark.emulator
@pytest.mark.slow
def test_without_the_cures_a_test_of_each_fails(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    subprocess.run(  # noqa: S603 - our own interpreter and tests
        [sys.executable, "-m", "pytest", str(HERE / "cures"), f"--junitxml={report}", "-p", "no:cacheprovider"],
        cwd=client.CHECKOUT,
        env=os.environ | {UNCURED: "1"},
        capture_output=True,
        check=False,
        timeout=110,
    )
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by pytest a moment ago
    failed = {case.attrib["classname"].rpartition(".")[2] for case in cases if case.find("failure") is not None}
    unneeded = [name for name in MODULES if f"test_{name}" not in failed]
    assert unneeded == [], "a cure whose tests pass without it is not needed, or not tested"
