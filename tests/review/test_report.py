"""Numbers that differ from those of an update say why, where they are read."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from policy.pack import all_rules
from review.graph import Graph, Resource
from review.report import as_json, as_text, summary
from review.verdict import judge

TODAY = date(2026, 11, 30)
BUCKET, CLUSTER, GROUP, PROVIDER = (
    "aws:s3/bucket:Bucket", "eks:index:Cluster", "eks:index:ManagedNodeGroup", "pulumi:providers:eks",
)  # fmt: skip


def recorded(*types: str) -> Graph:
    return Graph(
        stack="prod",
        source="recording",
        resources=tuple(
            Resource(
                urn=f"urn:pulumi:prod::platform::{each}::one", type=each, name="one",
                custom=not each.startswith("eks:"), remote=each.startswith("eks:"),
            )
            for each in types
        ),
    )  # fmt: skip


def printed(graph: Graph) -> str:
    console = Console(file=StringIO(), width=200)
    for each in as_text(graph, judge(graph, environment="prod", today=TODAY)):
        console.print(each)
    written = console.file
    assert isinstance(written, StringIO)
    return written.getvalue()


@pytest.mark.parametrize(("types", "number"), [((CLUSTER, BUCKET, PROVIDER), 1), ((CLUSTER, GROUP), 2)])
def test_components_of_a_plugin_are_said_to_be_counted_otherwise_by_an_update(
    types: tuple[str, ...], number: int
) -> None:
    said = f"{number} of them are components: what a plugin makes of each is judged here, counted by `make up`"
    assert said in printed(recorded(*types))


def test_a_stack_without_them_has_nothing_to_explain() -> None:
    assert "a plugin makes" not in printed(recorded(BUCKET, PROVIDER))


def test_rules_that_find_nothing_to_judge_are_counted_apart() -> None:
    few, more = (judge(recorded(*types), environment="prod", today=TODAY) for types in ((), (BUCKET, CLUSTER)))
    assert few.rules < more.rules < more.of == len(all_rules((), TODAY))
    wanted = f"policy: passed {few.rules} of {few.of} rules; {few.of - few.rules} find nothing to judge in this stack"
    assert summary(few).startswith(wanted)
    assert as_json(recorded(BUCKET, CLUSTER), more)["policy"]["rules"] == more.rules
