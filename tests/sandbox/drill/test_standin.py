"""A drill interrupted, and the runbooks typed, on a small pair of stacks. (Whole drills: test_engine.py.)"""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.drill import runbook
from tests.sandbox.drill.standin import PROGRAM, Copy
from tests.sandbox.run.trial import marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Both stacks, deployed; tests take copies."""
    copy = Copy.made(tmp_path_factory.mktemp("drill") / "deployed", PROGRAM.read_text())
    copy.up()
    yield copy
    copy.sandbox("down")


@pytest.fixture
def copy(deployed: Copy, tmp_path: Path) -> Iterator[Copy]:
    """A copy of the deployed pair; its world rests."""
    own = Copy.made(tmp_path / "copy", PROGRAM.read_text(), world=deployed.run)
    yield own
    own.sandbox("down")
    assert not marked(own.mark), "a drill leaves nothing running"


def _begun(copy: Copy, until: Callable[[str], bool]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "drill"], cwd=copy.root, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if until(line):
            return process
    raise AssertionError("".join(said))


def test_an_interrupted_drill_is_undone_as_a_whole(copy: Copy) -> None:
    process = _begun(copy, lambda line: "failover: update ..." in line)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130, rest
    assert copy.evidence()["world"] == "the world was put back to its last checkpoint; nothing runs"
    assert "nothing runs" in copy.sandbox("status").stdout
    again = copy.sandbox("up")
    assert again.stdout.count("no changes") >= 2, f"prod's state is back, and nothing was promoted\n{again.stdout}"


def test_the_commands_of_the_runbooks_can_be_typed(copy: Copy) -> None:
    """In the order of an incident; each ends well, and the standby serves in between."""
    for name in ("degradation", "scaling", "restore", "region-loss", "failover", "failback"):
        apart = "\n".join(f"(\n{block})" for block in runbook.blocks(name))
        ended = copy.sandbox("shell", "-c", f"set -ex\n{apart}")
        assert ended.returncode == 0, f"{name}:\n{ended.stdout}"
        if name == "failover":
            assert _leads(copy, "us-west-2"), ended.stdout
    assert _leads(copy, "us-east-1"), "after the failback the cache's primary is where it was"


def _leads(copy: Copy, region: str) -> bool:
    words = (
        "aws elasticache describe-global-replication-groups --region us-west-2 --show-member-info"
        " --query 'GlobalReplicationGroups[].Members[].[ReplicationGroupRegion,Role]' --output text"
    )
    return f"{region}\tPRIMARY" in copy.sandbox("shell", "-c", words).stdout
