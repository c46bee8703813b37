"""Every type of every stack is in one list, and the stacks cost what was worked out by hand."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pytest

from review.cost.pricers import FREE, PRICERS, UNKNOWN, USAGE
from review.cost.rest import at_rest
from review.engine_json import from_state
from review.recording import record_stack
from tests.components.recording import STACKS, recorded
from tests.config import functionsfile
from tests.review.cost.made import TODAY, amounts, gaps

if TYPE_CHECKING:
    from review.cost.rest import Rest
    from review.graph import Graph

pytestmark = pytest.mark.slow  # whole stacks are recorded

FUNCTIONS = {
    "functions": {},
    "functions with an API": functionsfile.WITH_API,
    "with sockets": functionsfile.WITH_SOCKETS,
}
OWN = ("pulumi:",)
"""Beginnings of types that no provider makes."""


@cache
def made(stack: str) -> Graph:
    if stack in FUNCTIONS:
        return record_stack(functionsfile.STACK, functionsfile.accepted(FUNCTIONS[stack]))
    return recorded(stack)


def cost(stack: str) -> Rest:
    return at_rest(made(stack), TODAY)


def named(found: Rest, name: str) -> dict[str, str]:
    """Return what is priced of a resource."""
    return {line.item.what: f"{line.monthly:.2f}" for line in found.lines if line.resource.name == name}


@pytest.mark.parametrize("stack", [*STACKS, *FUNCTIONS])
def test_every_type_of_a_stack_is_priced_free_by_use_or_unknown(stack: str) -> None:
    graph = made(stack)
    types = {one.type for one in (*graph.custom(), *graph.made) if one.custom or one.remote}
    assert len(types) > 10
    known = {*PRICERS, *FREE, *USAGE, *UNKNOWN}
    new = sorted(one for one in types if one not in known and not one.startswith(OWN))
    assert new == [], "add a pricer, or a row of review/cost/others.py with its reason"


@pytest.mark.parametrize("stack", ["prod", "auctions", "shop"])
def test_a_state_of_the_same_resources_costs_the_same(stack: str) -> None:
    graph = made(stack)
    states = [
        {
            "urn": one.urn, "type": one.type, "custom": one.custom, "parent": one.parent, "inputs": dict(one.inputs),
            "provider": f"{one.provider}::id" if one.provider else "", "outputs": dict(one.outputs), "id": one.id,
            "propertyDependencies": {key: list(urns) for key, urns in one.property_dependencies.items()},
        }
        for one in (*graph.resources, *graph.made)
    ]  # fmt: skip
    found, same = at_rest(from_state({"deployment": {"resources": states}}, stack), TODAY), cost(stack)
    assert found.monthly == same.monthly > 0
    assert Counter(one.what for one in found.unpriced) == Counter(one.what for one in same.unpriced)


def test_the_small_stack_costs_what_its_parts_do() -> None:
    found = cost("small")
    assert amounts(found) == {
        "db.t4g.medium Multi-AZ": "100.74",  # 0.138 x 730
        "GiB of gp3 storage": "5.08",  # 20 x 0.254
        "key": "1",
        "secret": "0.4",
    }
    assert found.monthly == Decimal("100.74") + Decimal("5.08") + 5 + Decimal("0.4")
    assert gaps(found) == {}


def test_prod_costs_what_list_prices_give_for_the_same_parts() -> None:
    found = cost("prod")
    assert named(found, "cluster-control-plane-eks-eksCluster") == {"control plane of Kubernetes 1.35": "73.00"}
    assert named(found, "cluster-blockchain-group")["node c5.2xlarge"] == f"{Decimal('744.60') / 3 * 5:.2f}"
    assert named(found, "data-postgres-primary") == {
        "db.r5.2xlarge Multi-AZ": "1460.00",
        "GiB of gp3 storage": "235.52",
    }
    storage = sum(line.monthly for line in found.lines if line.item.what == "GiB of gp3 storage")
    assert storage == Decimal("471.04"), "one Multi-AZ, two replicas of one zone, 1 TiB each"


def test_a_group_of_a_type_without_a_price_is_named() -> None:
    assert gaps(cost("prod"))["node g6.2xlarge"] == "no price of ec2_linux_on_demand.g6.2xlarge in us-east-1"


def test_a_standby_costs_by_what_it_copies_of_its_primary() -> None:
    found = cost("dr")
    assert named(found, "data-postgres-primary")["GiB of gp3 storage"] == "235.52"
    assert named(found, "data-redis-group") == {"cache node cache.r6g.large": "902.28"}, "3 x (1 + 1) x 0.206 x 730"
    assert "node g6.2xlarge" not in gaps(found), "its groups of GPUs are empty until it serves"


def test_a_worker_that_scales_to_zero_costs_nothing_and_the_others_their_least() -> None:
    found = cost("auctions")
    assert named(found, "containers-video-service") == {}
    assert not [one for one in found.unpriced if one.resource.name == "containers-video-service"]
    whats = [(one.quantity, one.what) for one in found.unpriced if one.resource.name == "containers-serverpod-service"]
    assert whats == [(1, "vCPU of Fargate ARM"), (2, "GiB of memory of Fargate ARM")], (
        "two tasks; ARM has no price there"
    )


def test_functions_cost_nothing_at_rest_but_for_their_keys() -> None:
    found = cost("functions")
    assert {line.item.what for line in found.lines} == {"key"}
    assert gaps(found) == {}
