"""Stacks that `python -m config.new` makes: each registers what prod does, and passes the pack."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from config.load import load_file
from config.new.__main__ import main
from review.recording import record_stack
from review.verdict import judge
from tests.config.new.made import copied, flags, made, project

if TYPE_CHECKING:
    from pathlib import Path

    from review.graph import Graph

pytestmark = pytest.mark.slow  # whole stacks are recorded


def passing(stack: str, path: Path) -> Graph:
    """Return what a new stack registers, which passes the pack."""
    settings = load_file(path)
    graph = record_stack(stack, settings)
    verdict = judge(graph, environment=settings.identity.environment, today=datetime.now(tz=UTC).date())
    assert verdict.passed, [finding.message for finding in verdict.findings if finding.blocking]
    return graph


def test_a_stack_like_small_passes_the_pack(tmp_path: Path) -> None:
    assert main(["shop", *flags(domain=None, region="sa-east-1")], copied(tmp_path)) == 0
    graph = passing("shop", tmp_path / "Pulumi.shop.yaml")
    assert len(graph.of_type("aws:rds/instance:Instance")) == 1


@pytest.mark.parametrize(
    ("stack", "changes"),
    [
        ("shop", {"region": "eu-west-1"}),
        ("staging", {"region": "ap-northeast-3", "system": "my-shop"}),
        ("shop-eu", {"region": "eu-north-1", "account": "100000000004"}),
        ("staging-2", {"region": "sa-east-1", "account": "100000000004", "system": "phoenix"}),
    ],
)
def test_a_new_stack_passes_the_pack(stack: str, changes: dict[str, str], tmp_path: Path) -> None:
    """In an account of its own, with a hyphen in its name, in prod's account, and of prod's system in that."""
    path = made(project(tmp_path), stack, **changes)
    assert path is not None
    graph = passing(stack, path)
    values = {str(value) for resource in graph.custom() for value in resource.inputs.values()}
    left = [value for value in values if "us-east-1" in value and "us-west-2" in value]
    assert not left, "nothing names prod's region and its standby's"
