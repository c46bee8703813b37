from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from components.base import child, foundation, named, singleton, stateful
from review.record import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.graph import Graph


def test_a_logical_name_is_component_thing_and_zone() -> None:
    assert named("network", "nat", "a") == "network-nat-a", "the zone letter comes last"
    assert named("network", "vpc") == "network-vpc", "no zone, no suffix"


@pytest.mark.parametrize(("component", "thing"), [("", "vpc"), ("network", "")])
def test_a_logical_name_without_a_part_is_refused(component: str, thing: str) -> None:
    with pytest.raises(ValueError, match="needs a component and a thing"):
        named(component, thing)


@pytest.mark.parametrize("zone", ["", "us-east-1a", "A", "1", "é"])
def test_a_logical_name_takes_a_zone_letter_only(zone: str) -> None:
    with pytest.raises(ValueError, match="not a zone letter"):
        named("network", "nat", zone)


class _Thing(pulumi.CustomResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("test:index/thing:Thing", name, {}, opts)


def _record_child(options: Callable[..., pulumi.ResourceOptions]) -> Graph:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        other = _Thing("other", child(parent))
        _Thing("it", options(parent, depends_on=[other], ignore_changes=["size"]))

    return record(program, "test")


@pytest.mark.parametrize("options", [child, stateful])
def test_a_child_belongs_to_its_component_and_keeps_its_options(
    options: Callable[..., pulumi.ResourceOptions],
) -> None:
    graph = _record_child(options)
    it = graph.named("it")
    assert it.parent == graph.named("parent").urn, "a child has its component as parent"
    assert graph.named("other").urn in it.dependencies, "an unspoken order is kept"
    assert it.ignore_changes == ("size",), "somebody else's property is left alone"


def test_a_foundation_is_protected_and_not_retained() -> None:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        _Thing("it", foundation(parent))

    graph = record(program, "test")
    it = graph.named("it")
    assert it.parent == graph.named("parent").urn, "a child has its component as parent"
    assert (it.protect, it.retain_on_delete) == (True, False), "the plan refuses to replace what others live in"


def test_only_a_stateful_child_is_protected_and_retained() -> None:
    plain, kept = _record_child(child).named("it"), _record_child(stateful).named("it")
    assert (plain.protect, plain.retain_on_delete) == (False, False), "what holds no data may go"
    assert (kept.protect, kept.retain_on_delete) == (True, True), "what holds data goes by two deliberate acts only"


def test_what_there_is_one_of_goes_before_the_next_is_made() -> None:
    options = singleton(pulumi.ResourceOptions(protect=True))
    assert (options.delete_before_replace, options.protect) == (True, True), "and keeps its other options"
