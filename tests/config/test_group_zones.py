"""Node groups in some zones of the network: for types that not every zone sells."""

from __future__ import annotations

from typing import Any

import pytest

from config import load_file, stack_file
from config.problems import dotted
from config.room import nodes_in_zone, zones_of
from config.rules.capacity import zones_hold_nodes
from config.rules.offers import node_types
from tests.config.pairfiles import exchanged

REALESTATE = load_file(stack_file("realestate"))
GROUP = ("cluster", "node_groups", "inference")


def changed(name: str, value: Any) -> Any:  # noqa: ANN401 - of any setting
    return exchanged(REALESTATE, (*GROUP, *name.split(".")), value)


@pytest.mark.parametrize("types", [("g6.2xlarge",), ("g5.2xlarge",), ("g6.2xlarge", "g5.2xlarge")])
def test_types_that_one_zone_lacks_do_where_the_group_is_not_in_it(types: tuple[str, ...]) -> None:
    assert list(node_types(changed("instance_types", types))) == []
    everywhere = exchanged(changed("instance_types", types), (*GROUP, "zones"), ())
    assert {problem.what for problem in node_types(everywhere)} == {"offered only in zones a, b of me-central-1"}


@pytest.mark.parametrize("type_", ["t3.medium", "t4g.medium", "c6i.2xlarge", "c7g.2xlarge", "g4dn.2xlarge"])
def test_families_that_the_region_lacks_are_refused(type_: str) -> None:
    (problem,) = node_types(changed("instance_types", (type_,)))
    assert problem.what == "not offered in me-central-1"


def test_a_zone_that_the_network_has_not_is_refused() -> None:
    (problem,) = zones_hold_nodes(changed("zones", ("a", "d")))
    assert (dotted(problem.path), problem.allowed) == ("cluster.node_groups.inference.zones[1]", "a, b, c")


def test_a_group_that_counts_by_zone_is_in_all_of_them() -> None:
    (problem,) = zones_hold_nodes(changed("scaling.per", "zone"))
    assert dotted(problem.path) == "cluster.node_groups.inference.scaling.per"


def test_fewer_zones_hold_more_nodes_each() -> None:
    assert REALESTATE.cluster is not None
    group = REALESTATE.cluster.node_groups["inference"]
    assert zones_of(REALESTATE, group) == len(group.zones)
    assert nodes_in_zone(group.scaling, zones_of(REALESTATE, group)) == group.scaling.max / 2
