"""Whatever sections a valid stack file leaves out: the stack records, passes the pack, and publishes what stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from components.stack import deploy
from review.graph import ROOT_TYPE, Graph
from review.record import record
from review.verdict import judge
from tests.config.optional import ALL, OPTIONAL, all_but, drawn, followed, followed_pair, parted, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.stack import StackConfig
    from tests.config.optional import Path

pytestmark = [pytest.mark.rehearsal, pytest.mark.timeout(900)]  # seven minutes of the processor

DRAWS: Final = 80
AT_ONCE: Final = 20
"""Combinations of one test, so that several run side by side."""
NOT_RECORDED: Final = ("aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup", "pulumi:pulumi:StackReference")
"""Types that no recording has: what the EKS plugin makes inside of its components, and another stack's outputs."""
ALONE: Final = [(stack, path) for stack in ALL for path in parts(stack)]


def recorded(stack: str, left_out: tuple[Path, ...]) -> Graph:
    """Return what a stack registers without some of its parts; a standby beside a primary without them."""
    if stack != "dr":
        return graph(stack, followed(stack, *left_out))
    standby, primary = followed_pair(*left_out)
    return graph(stack, standby, {"prod": outputs(graph("prod", primary))})


def graph(stack: str, settings: StackConfig, references: Mapping[str, Mapping[str, Any]] | None = None) -> Graph:
    return record(lambda: deploy(settings).publish(), stack, references)


def outputs(made: Graph) -> dict[str, Any]:
    return next(dict(resource.outputs) for resource in made.resources if resource.type == ROOT_TYPE)


def faults(made: Graph) -> Iterator[str]:
    """Yield what the pack refuses, and what leads to nothing: a resource that is named, an output without a value."""
    verdict = judge(made, environment="prod", today=datetime.now(tz=UTC).date())
    yield from (finding.message for finding in verdict.blocking)
    known = {resource.urn for resource in made.resources}
    for resource in made.resources:
        named = {*resource.dependencies, resource.parent, resource.provider}
        named |= {urn for urns in resource.property_dependencies.values() for urn in urns}
        lost = [urn for urn in named - known - {""} if not urn.split("::")[2].endswith(NOT_RECORDED)]
        yield from (f"{resource.urn} names {urn}" for urn in lost)
    yield from (f"output {name} is {value!r}" for name, value in outputs(made).items() if value in (None, "", []))


@pytest.mark.parametrize(("stack", "path"), ALONE, ids=lambda one: one if isinstance(one, str) else ".".join(one))
def test_a_stack_without_one_part_stands(stack: str, path: Path) -> None:
    assert list(faults(recorded(stack, (path,)))) == []


@pytest.mark.parametrize(("stack", "path"), parted(), ids=lambda one: one if isinstance(one, str) else ".".join(one))
def test_a_stack_of_one_part_and_what_it_needs_stands(stack: str, path: Path) -> None:
    assert list(faults(recorded(stack, all_but(stack, path)))) == []


@pytest.mark.parametrize("first", range(0, DRAWS, AT_ONCE))
def test_a_stack_without_any_parts_stands(first: int) -> None:
    made = {number: recorded(*drawn(number)) for number in range(first, first + AT_ONCE)}
    assert {number: found for number, one in made.items() if (found := list(faults(one)))} == {}


def test_a_stack_of_keys_alone_stands() -> None:
    made = recorded("prod", OPTIONAL)
    assert list(faults(made)) == []
    assert set(outputs(made)) == {"region", "settings", "key_arns"}
