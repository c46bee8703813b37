"""Each patch has tests of its own, and they fail where it is left out."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sandbox.emulator import client, patches
from tests.sandbox.emulator.conftest import UNPATCHED

HERE = Path(__file__).parent
MODULES = sorted(path.stem for path in Path(patches.__file__).parent.glob("*.py") if "PATCHES = (" in path.read_text())


def test_every_patch_is_applied() -> None:
    listed = {name for name in MODULES for _ in getattr(patches, name).PATCHES}
    assert len(patches.PATCHES) == sum(len(getattr(patches, name).PATCHES) for name in listed), (
        "the tuple holds all patches"
    )
    names = [patch.name for patch in patches.PATCHES]
    assert len(names) == len(set(names)), "a name tells a patch"


@pytest.mark.emulator
@pytest.mark.slow
def test_without_the_patches_a_test_of_each_fails(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    subprocess.run(  # noqa: S603 - our own interpreter and tests
        [sys.executable, "-m", "pytest", str(HERE / "patches"), f"--junitxml={report}", "-p", "no:cacheprovider"],
        cwd=client.CHECKOUT,
        env=os.environ | {UNPATCHED: "1"},
        capture_output=True,
        check=False,
        timeout=110,
    )
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by pytest a moment ago
    failed = {case.attrib["classname"].rpartition(".")[2] for case in cases if case.find("failure") is not None}
    unneeded = [name for name in MODULES if f"test_{name}" not in failed]
    assert unneeded == [], "a patch whose tests pass without it is not needed, or not tested"
