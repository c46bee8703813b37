"""The pack passes both stacks after each change of a failover and of a failback, not only as they stand today."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from config import load_file
from review.recording import record_stack
from sandbox.drill import moves
from sandbox.drill.settings import changed
from tests.components.test_optional import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.graph import Graph

pytestmark = pytest.mark.slow

PRIMARY, STANDBY = "Pulumi.prod.yaml", "Pulumi.dr.yaml"
FOLLOWED: Final = "arn:aws:rds:us-west-2:100000000004:db:phoenix-prod"
RECORDED, ELSEWHERE = "recorded:000000000000:instance/data-postgres", "us-east-1:100000000004:db:of-the-primary"


def steps(directory: Path) -> Iterator[str]:
    """Change the stack files as the drill does; yields what was done."""
    primary, standby = directory / PRIMARY, directory / STANDBY
    before = primary.read_text()
    yield "steady"
    standby.write_text(changed(standby.read_text(), moves.FAIL_OVER))
    yield "failover"
    primary.write_text(changed(before, moves.follow(before, FOLLOWED)))
    yield "failback, follow"
    primary.write_text(changed(primary.read_text(), moves.CUT_OVER))
    yield "failback, cut-over"
    standby.write_text(changed(standby.read_text(), moves.fall_back(before)))
    yield "failback, standby"


def deployed(file: Path) -> Graph:
    """Record a stack; what a standby's selections name is its primary's, which no resource of its own is called."""
    stack = file.name.split(".")[1]
    graph = record_stack(stack, load_file(file))
    for one in graph.of_type("aws:backup/selection:Selection") if file.name == STANDBY else ():
        one.inputs["resources"] = [str(name).replace(RECORDED, ELSEWHERE) for name in one.inputs["resources"]]
    return graph


def test_each_change_of_a_failover_and_a_failback_passes_the_pack(tmp_path: Path) -> None:
    for file in Path().glob("Pulumi*.yaml"):
        shutil.copy(file, tmp_path)
    shutil.copytree("bases", tmp_path / "bases")
    found = {
        (step, name): list(faults(deployed(tmp_path / name))) for step in steps(tmp_path) for name in (PRIMARY, STANDBY)
    }
    assert len(found) == 10
    assert {where: said for where, said in found.items() if said} == {}
