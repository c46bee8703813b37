"""Tiers in a recording: names are the user's, and each part of the stack stands in the tier that is meant for it."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

from components.recovery.primary import SETTINGS
from components.stack import deploy
from config.examine import examine
from review.graph import ROOT_TYPE
from review.record import record
from tests.config.stackfile import NAME
from tests.config.stackfile import SETTINGS as PROD

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.graph import Graph

pytestmark = pytest.mark.slow  # whole stacks are recorded

NAMES: Final = {"public": "tierone", "private": "tiertwo", "database": "tierthree", "blockchain": "tierfour"}
"""Tiers of prod -> other names for them, which stand nowhere else."""
MORE: Final = {
    "edgetwo": {"kind": "public", "cidrs": ["10.0.51.0/24", "10.0.52.0/24", "10.0.53.0/24"], "internet": "direct"},
    "worktwo": {"kind": "private", "cidrs": ["10.0.64.0/22", "10.0.68.0/22", "10.0.72.0/22"], "internet": "nat"},
    "datatwo": {"kind": "isolated", "cidrs": ["10.0.57.0/24", "10.0.58.0/24", "10.0.59.0/24"], "internet": "none"},
}
"""One more tier of each kind."""


def recorded(change: Callable[[dict[str, Any]], None]) -> Graph:
    values = copy.deepcopy(PROD)
    change(values)
    settings = examine(values, None, NAME)
    return record(lambda: deploy(settings).publish(), "prod")


def renamed(values: dict[str, Any]) -> None:
    for at in ("network", "management"):
        values[at]["tiers"] = {NAMES[name]: tier for name, tier in values[at]["tiers"].items()}
        for peer in values[at]["peers"].values():
            peer["tiers"] = [NAMES[name] for name in peer["tiers"]]
    values["network"]["endpoints"]["tier"] = NAMES["private"]
    values["cluster"]["tier"] = NAMES["private"]
    values["cluster"]["node_groups"]["blockchain"]["tier"] = NAMES["blockchain"]


def plan(graph: Graph, *, original: bool) -> dict[str, str]:
    """Return URN -> what is asked for, with the original names of tiers; the exported settings apart."""

    def spelt(text: str) -> str:
        for old, new in NAMES.items() if original else ():
            text = text.replace(new, old)
        return text

    return {
        spelt(one.urn): spelt(json.dumps(dict(one.inputs), sort_keys=True, default=str))
        for one in graph.resources
        if one.type != ROOT_TYPE
    }


def test_tiers_under_other_names_make_the_same_stack_under_these_names() -> None:
    mine, theirs = recorded(renamed), recorded(lambda _: None)
    assert any(name in one.urn for one in mine.resources for name in NAMES.values()), "names of subnets follow"
    assert plan(mine, original=True) == plan(theirs, original=False)
    root = next(one for one in mine.resources if one.type == ROOT_TYPE)
    assert set(root.outputs["subnet_ids"]) == set(NAMES.values()), "exports name tiers as the stack file does"
    assert set(NAMES.values()) <= set(json.loads(root.outputs[SETTINGS])["network"]["tiers"])


def two_of_each(**meant: str) -> Graph:
    """Record prod with two tiers of each kind; a path with `__` for dots -> the tier that it names."""

    def change(values: dict[str, Any]) -> None:
        values["network"]["tiers"] |= MORE
        first = {"network__nat_tier": "public", "edge__tier": "public"}
        first |= {"data__postgres__tier": "database", "data__redis__tier": "database"}
        for path, tier in {**first, **meant}.items():
            *parents, last = path.split("__")
            section = values
            for parent in parents:
                section = section[parent]
            section[last] = tier
        if meant.get("cluster__tier"):  # the API server admits those who reach its tier
            values["network"]["peers"]["management"]["tiers"].append(meant["cluster__tier"])

    return recorded(change)


@cache
def base() -> dict[str, str]:
    return plan(two_of_each(), original=False)


MOVED: Final = {
    "network__nat_tier": ("edgetwo", {"aws:ec2/natGateway:NatGateway"}),
    "network__endpoints__tier": ("worktwo", {"aws:ec2/vpcEndpoint:VpcEndpoint"}),
    "edge__tier": ("edgetwo", {"aws:lb/loadBalancer:LoadBalancer", "aws:ec2/subnet:Subnet"}),
    "data__postgres__tier": (
        "datatwo",
        {"aws:rds/subnetGroup:SubnetGroup", "aws:rds/proxy:Proxy", "aws:ec2/networkAcl:NetworkAcl"},
    ),
    "data__redis__tier": ("datatwo", {"aws:elasticache/subnetGroup:SubnetGroup", "aws:ec2/networkAcl:NetworkAcl"}),
}
"""Setting -> another tier that it may name, and the types of all resources that this changes."""


@pytest.mark.parametrize("path", MOVED)
def test_a_setting_moves_its_own_part_into_the_tier_that_it_names_and_nothing_else(path: str) -> None:
    tier, types = MOVED[path]
    moved = plan(two_of_each(**{path: tier}), original=False)
    assert moved.keys() == base().keys()
    changed = {urn for urn in moved if moved[urn] != base()[urn]}
    assert {urn.split("::")[2].rpartition("$")[2] for urn in changed} == types
    placed = [urn for urn in changed if "networkAcl" not in urn and "subnet:Subnet" not in urn]
    assert [urn for urn in placed if f"network-{tier}-" not in moved[urn]] == []


def test_the_cluster_moves_with_the_groups_that_name_no_tier() -> None:
    moved = two_of_each(cluster__tier="worktwo")
    subnets = {one.name: one.inputs["subnetIds"] for one in moved.of_type("eks:index:ManagedNodeGroup")}
    homes = {name: {str(subnet).split("-")[1] for subnet in found} for name, found in subnets.items()}
    assert set(map(frozenset, homes.values())) == {frozenset({"worktwo"}), frozenset({"blockchain"})}
    (cluster,) = moved.of_type("eks:index:Cluster")
    assert {str(subnet).split("-")[1] for subnet in cluster.inputs["privateSubnetIds"]} == {"worktwo"}


def ports(graph: Graph, tier: str) -> set[int]:
    """Return the single ports that a tier's network ACL lets in."""
    acl = graph.named(f"network-{tier}-acl").inputs["ingress"]
    return {rule["fromPort"] for rule in acl if rule["fromPort"] == rule["toPort"] != 0}


def test_an_isolated_tier_opens_the_ports_of_what_stands_in_it() -> None:
    apart = two_of_each(data__redis__tier="datatwo")
    assert (ports(apart, "database"), ports(apart, "datatwo")) == ({5432}, {6379})
    together = two_of_each()
    assert (ports(together, "database"), ports(together, "datatwo")) == ({5432, 6379}, set())
