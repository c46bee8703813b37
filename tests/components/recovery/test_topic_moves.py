"""The replicator of topics outlives a failover and a failback: it runs from the primary to the standby again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from config import load_file
from review.recording import record_stack
from sandbox.drill import moves
from sandbox.drill.settings import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.graph import Graph

pytestmark = pytest.mark.slow
PRIMARY, STANDBY = "Pulumi.records.yaml", "Pulumi.records-dr.yaml"
OF_TOPICS: Final = ("aws:msk/replicator:Replicator", "aws:msk/clusterPolicy:ClusterPolicy", "aws:msk/cluster:Cluster")


def steps(directory: Path) -> Iterator[str]:
    """Change the standby's file as the drill does; yields what was done."""
    standby, before = directory / STANDBY, (directory / PRIMARY).read_text()
    yield "steady"
    standby.write_text(changed(standby.read_text(), moves.FAIL_OVER))
    yield "failover"
    standby.write_text(changed(standby.read_text(), moves.fall_back(before)))
    yield "failback, standby"


def of_topics(graph: Graph) -> dict[str, dict[str, Any]]:
    return {one.urn: dict(one.inputs) for kind in OF_TOPICS for one in graph.of_type(kind)}


def test_the_replicator_is_the_same_before_during_and_after(tmp_path: Path) -> None:
    for file in Path().glob("Pulumi*.yaml"):
        shutil.copy(file, tmp_path)
    shutil.copytree("bases", tmp_path / "bases")
    made = {step: record_stack("records-dr", load_file(tmp_path / STANDBY)) for step in steps(tmp_path)}
    steady = of_topics(made["steady"])
    assert len(steady) == len(OF_TOPICS), "a replicator, the policy of what it reads, and what it writes to"
    for step, graph in made.items():
        assert of_topics(graph) == steady, f"{step}: nothing is replaced, so that no message is copied twice"
