"""The three options of reference 000 are recorded, pass the pack, and have one price list between them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from config.files import load_file, stack_file
from review.cost.rest import at_rest
from review.recording import record_stack
from review.verdict import judge
from tests.config.test_alternatives import OPTIONS

if TYPE_CHECKING:
    from review.graph import Graph

pytestmark = pytest.mark.rehearsal

TODAY: Final = date(2026, 12, 1)
KEPT: Final = ("aws:rds/instance:Instance", "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:cloudtrail/trail:Trail")
"""Types of what is kept and of what records it."""
COMPUTES: Final = {
    "estates-eks": "aws:eks/cluster:Cluster",
    "estates-instances": "aws:autoscaling/group:Group",
    "estates-serverless": "aws:lambda/function:Function",
}


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    """The three, each recorded once."""
    return {stack: record_stack(stack, load_file(stack_file(stack))) for stack in OPTIONS}


def test_each_passes_the_pack(graphs: dict[str, Graph]) -> None:
    blocking = {
        stack: [one.message for one in judge(graph, environment="prod", today=TODAY).blocking]
        for stack, graph in graphs.items()
    }
    assert [stack for stack, found in blocking.items() if found] == []


@pytest.mark.parametrize("kind", KEPT)
def test_what_is_kept_is_the_same_in_each(graphs: dict[str, Graph], kind: str) -> None:
    def of(stack: str) -> dict[str, object]:
        return {one.name: {**one.inputs, "tagsAll": None} for one in graphs[stack].of_type(kind)}

    assert of("estates-eks")
    if kind == "aws:kms/key:Key":  # ECS, functions and pods use keys by other services
        assert of("estates-eks").keys() == of("estates-instances").keys() == of("estates-serverless").keys()
    else:
        assert of("estates-eks") == of("estates-instances") == of("estates-serverless")


def test_each_computes_in_its_own_way(graphs: dict[str, Graph]) -> None:
    for stack, kind in COMPUTES.items():
        own = "eks:index:Cluster" if "eks" in kind else kind
        assert graphs[stack].any_of_type(own), stack
    assert not graphs["estates-instances"].any_of_type("aws:ecs/service:Service")
    assert not graphs["estates-serverless"].any_of_type("aws:autoscaling/group:Group")


def test_no_price_of_the_region_is_invented(graphs: dict[str, Graph]) -> None:
    for stack, graph in graphs.items():
        rest = at_rest(graph, TODAY)
        unpriced = {one.what for one in rest.unpriced}
        assert "db.m6g.2xlarge Multi-AZ" in unpriced, stack
        assert rest.monthly > 0
    found = {one.what for one in at_rest(graphs["estates-instances"], TODAY).unpriced}
    assert {"instance m6i.2xlarge", "instance g6.2xlarge"} <= found
