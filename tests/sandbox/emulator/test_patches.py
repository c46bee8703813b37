"""Each patch is a module with one behaviour and a test file of its own, which fails where the patches are left out."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sandbox.emulator import client, patches
from sandbox.emulator.patches.base import Patch
from tests.sandbox.emulator.conftest import UNPATCHED

HERE = Path(__file__).parent
FILES = sorted(path for path in Path(patches.__file__).parent.glob("*.py") if path.stem != "__init__")
MODULES = {path.stem: importlib.import_module(f"{patches.__name__}.{path.stem}") for path in FILES}
PATCHES = {name: module.PATCH for name, module in MODULES.items() if hasattr(module, "PATCH")}
ALONE = ("-p", "no:cacheprovider", "-n", "0")
SHARED = sorted(MODULES.keys() - PATCHES.keys())
"""Modules without a patch of their own."""


def test_every_patch_is_applied_once_under_a_name_of_its_own() -> None:
    assert sorted(patch.name for patch in patches.PATCHES) == sorted(patch.name for patch in PATCHES.values())
    assert len({patch.name for patch in patches.PATCHES}) == len(patches.PATCHES), "a name says which"


def test_every_patch_has_a_test_file_and_every_test_file_a_patch() -> None:
    tested = {path.stem.removeprefix("test_") for path in (HERE / "patches").glob("test_*.py")}
    assert tested == PATCHES.keys(), "sandbox/emulator/patches/x.py is held by patches/test_x.py"


@pytest.mark.parametrize("name", sorted(PATCHES))
def test_a_patch_says_its_behaviour_in_one_sentence(name: str) -> None:
    behaviour, _, _ = (MODULES[name].__doc__ or "").partition("\n\n")
    assert re.fullmatch(r"[A-Z][^.\n]*\.", behaviour), "the docstring begins with the behaviour, in one sentence"
    assert isinstance(PATCHES[name], Patch)
    assert PATCHES[name].symptom, "and the patch says what goes wrong without it"


@pytest.mark.parametrize("name", SHARED)
def test_a_module_without_a_patch_is_shared_by_patches(name: str) -> None:
    users = [path.stem for path in FILES if path.stem != name and re.search(rf"\b{name}\b", path.read_text())]
    assert users, "nothing is left over"


@pytest.mark.emulator
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_without_the_patches_a_test_of_each_fails(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    subprocess.run(  # noqa: S603 - our own interpreter and tests
        [sys.executable, "-m", "pytest", str(HERE / "patches"), "--tb=no", f"--junitxml={report}", *ALONE],
        cwd=client.CHECKOUT,
        env=os.environ | {UNPATCHED: "1"},
        capture_output=True,
        check=False,
        timeout=280,
    )
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by pytest a moment ago
    bad = {
        case.attrib["classname"].rpartition(".")[2]
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None  # the latter in a fixture
    }
    unneeded = [name for name in PATCHES if f"test_{name}" not in bad]
    assert unneeded == [], "a patch whose tests pass without it is not needed, or not tested"
