"""Each patch prepared for ministack does alone what it says: its own tests pass with it, and fail without it.

A copy of the installed package takes the patches; two that change one file never share a copy. Where all have been
applied, the tests of ours that they make unnecessary pass without what we apply at run time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import ministack
import pytest

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import UNPATCHED

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
LIST = client.CHECKOUT / "docs/upstream/ministack/README.md"
ROW = re.compile(
    r"^\| \[[^\]]*\]\((?P<patch>[^)]*\.patch)\) .*`sandbox/emulator/patches/(?P<module>\w+)\.py` \|$", re.MULTILINE
)
CHANGED = re.compile(r"^\+\+\+ b/(.*)$", re.MULTILINE)
FAILED, PASSED = "failed", "passed"


class Prepared(NamedTuple):
    """A patch of the list, and the module of ours that it makes unnecessary."""

    path: Path
    module: str

    def changes(self) -> set[str]:
        """Files of ministack that it changes."""
        return set(CHANGED.findall(self.path.read_text()))

    def test(self) -> str:
        """Name of the test file that it brings."""
        (name,) = [Path(file).stem for file in self.changes() if file.startswith("tests/")]
        return name


LISTED = [Prepared(LIST.parent / row["patch"], row["module"]) for row in ROW.finditer(LIST.read_text())]
each = pytest.mark.parametrize("patch", LISTED, ids=[patch.path.stem for patch in LISTED])


def _rounds() -> list[list[Prepared]]:
    """The patches in groups, in which no file is changed by two."""
    rounds: list[list[Prepared]] = []
    for patch in LISTED:
        free = (group for group in rounds if not any(patch.changes() & other.changes() for other in group))
        group = next(free, None)
        if group is None:
            rounds.append([patch])
        else:
            group.append(patch)
    return rounds


def _tree(root: Path, patches: Iterable[Prepared], part: str = "*") -> Path:
    """Copy the installed ministack, and apply a part of each patch to the copy."""
    source = Path(ministack.__file__).parent
    shutil.copytree(source, root / source.name, copy_function=shutil.copy2)  # times kept, so compiled files count
    for patch in patches:
        command = ["git", "apply", f"--include={part}", str(patch.path)]
        apart = {"GIT_CEILING_DIRECTORIES": str(root.parent)}  # not as a part of a repository around it
        subprocess.run(command, cwd=root, env=os.environ | apart, check=True)  # noqa: S603 - our own patches
    return root


def _serve(tree: Path) -> client.Emulator:
    """Start the ministack of a tree, without what we apply at run time."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(tree))
        return client.start(None, patched=False)


def _outcomes(tree: Path) -> dict[str, set[str]]:
    """Outcomes of each test file of a tree, met with the ministack of the tree."""
    shutil.copy(HERE / "upstream_clients.py", tree / "tests/conftest.py")
    emulator = _serve(tree)
    try:
        return _run(tree, ["tests", "--rootdir", str(tree)], {"MINISTACK_ENDPOINT": emulator.url})
    finally:
        emulator.stop()


def _run(directory: Path, arguments: list[str], more: dict[str, str]) -> dict[str, set[str]]:
    """Run tests with neither settings nor plugins of the surroundings; outcomes by test file."""
    report = directory / "report.xml"
    alone = ["-c", os.devnull, "-p", "no:cacheprovider", f"--junitxml={report}"]
    command = [sys.executable, "-m", "pytest", *arguments, *alone]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | more
    subprocess.run(  # noqa: S603 - our own interpreter and tests
        command, cwd=directory, env=environment, capture_output=True, check=False, timeout=110
    )
    found: dict[str, set[str]] = defaultdict(set)
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - written by pytest a moment ago
        bad = case.find("failure") is not None or case.find("error") is not None
        found[case.attrib["classname"].rpartition(".")[2]].add(FAILED if bad else PASSED)
    return found


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Outcomes where each patch has been applied, to a service that no other one has changed."""
    found: dict[str, set[str]] = {}
    for group in _rounds():
        found |= _outcomes(_tree(tmp_path_factory.mktemp("patched"), group))
    return found


@pytest.fixture(scope="module")
def unpatched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Outcomes of the same tests with ministack as it is."""
    return _outcomes(_tree(tmp_path_factory.mktemp("unpatched"), LISTED, "tests/*"))


def test_every_prepared_patch_is_listed() -> None:
    assert sorted(patch.path for patch in LISTED) == sorted(LIST.parent.glob("*.patch")), "a row for each"
    assert len(LISTED) >= 10, "ten at least"


@pytest.mark.emulator
@pytest.mark.slow
@each
def test_its_tests_pass_with_it_and_fail_without_it(
    patch: Prepared, patched: dict[str, set[str]], unpatched: dict[str, set[str]]
) -> None:
    assert patched[patch.test()] == {PASSED}, "with the patch"
    assert FAILED in unpatched[patch.test()], "without it"


@pytest.mark.emulator
@pytest.mark.slow
def test_with_all_of_them_ours_are_not_needed(tmp_path: Path) -> None:
    tree = _tree(tmp_path, LISTED)
    tests = [str(HERE / f"patches/test_{patch.module}.py") for patch in LISTED]
    more = {UNPATCHED: "1", "PYTHONPATH": os.pathsep.join((str(tree), str(client.CHECKOUT)))}
    xdist = ["-p", "xdist"]  # the conftest of all our tests has a hook of it
    ours = ["--rootdir", str(client.CHECKOUT), "--import-mode=importlib", *xdist]
    found = _run(tree, [*tests, *ours], more)
    assert found == {f"test_{patch.module}": {PASSED} for patch in LISTED}, "each behaviour is ministack's own"
