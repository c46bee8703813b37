"""The loss of a zone: its NAT gateway, and addresses for its nodes in the other zones."""

from __future__ import annotations

import math

import pytest

from config import StackConfig, load_file, stack_file
from config.cluster import Scaling
from config.objectives import bound, cheapest
from config.recovery import Objective
from config.scaling import Policies, ScheduledMinimum

PROD = load_file(stack_file("prod"))


def networked(**changes: object) -> StackConfig:
    return PROD.model_copy(update={"network": PROD.network.model_copy(update=changes)})


def with_private_blocks(prefix: int) -> StackConfig:
    """Return prod with narrower blocks for its nodes."""
    tier = PROD.network.tiers["private"]
    blocks = tuple(next(one.subnets(new_prefix=prefix)) for one in tier.cidrs)
    return networked(tiers=PROD.network.tiers | {"private": tier.model_copy(update={"cidrs": blocks})})


def test_a_single_nat_gateway_leaves_the_loss_of_its_zone_without_a_bound() -> None:
    assert math.isinf(bound("cluster", "zone", networked(nat="single")).seconds("rto"))
    assert math.isinf(bound("system", "zone", networked(nat="single")).seconds("rto"))
    advice = cheapest("cluster", Objective(scope="zone", rto_minutes=15, rpo_minutes=0), networked(nat="single"))
    assert advice is not None
    assert "per_zone" in advice.words


def test_without_a_tier_behind_it_a_nat_gateway_takes_nothing_along() -> None:
    tiers = {
        name: tier.model_copy(update={"internet": "none"}) if tier.internet == "nat" else tier
        for name, tier in PROD.network.tiers.items()
    }
    assert bound("cluster", "zone", networked(nat="single", tiers=tiers)).seconds("rto") < math.inf


def with_general(config: StackConfig, **changes: object) -> StackConfig:
    """Return settings in which no group has more nodes than it begins with, and the general one is changed."""
    groups = {
        name: group.model_copy(
            update={"scaling": group.scaling.model_copy(update={"max": group.scaling.desired}), "policies": None}
        )
        for name, group in config.cluster.node_groups.items()
    }
    groups["general"] = groups["general"].model_copy(update=changes)
    return config.model_copy(update={"cluster": config.cluster.model_copy(update={"node_groups": groups})})


@pytest.mark.parametrize(("desired", "kept"), [(3, True), (6, True), (7, False), (10, False)])
def test_the_other_zones_have_addresses_for_the_nodes_of_a_lost_one(desired: int, *, kept: bool) -> None:
    """Of 123 addresses 15 are others' and 9 each node's: 12 nodes, 2 of them for GPUs and monitoring."""
    counts = Scaling(per="zone", min=1, desired=desired, max=desired)
    config = with_general(with_private_blocks(25), scaling=counts)
    assert (bound("cluster", "zone", config).seconds("rto") < math.inf) == kept


def test_planned_capacity_counts_as_well() -> None:
    action = ScheduledMinimum(recurrence="0 7 * * *", min=7)
    counts = Scaling(per="zone", min=1, desired=3, max=10)
    changes = {"scaling": counts, "policies": Policies(scheduled={"day": action})}
    assert math.isinf(bound("cluster", "zone", with_general(with_private_blocks(25), **changes)).seconds("rto"))
