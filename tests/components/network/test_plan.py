from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from components.network.plan import plan, zone_name
from config.tables import route_tables
from tests.components.network.samples import network, networks

if TYPE_CHECKING:
    from config.network import Network


@given(networks())
def test_each_tier_has_one_subnet_in_each_zone_with_the_block_that_the_stack_file_gives(drawn: Network) -> None:
    found = {(subnet.tier, subnet.zone): subnet.cidr for subnet in plan(drawn).subnets}
    wanted = {
        (tier, zone): cidr
        for tier, section in drawn.tiers.items()
        for zone, cidr in zip(drawn.zones, section.cidrs, strict=True)
    }
    assert found == wanted, "blocks go to zones in the order of the stack file"
    assert len(plan(drawn).subnets) == len(wanted), "no subnet is planned twice"


@given(networks())
def test_a_subnet_has_one_table_and_shares_it_with_no_other_tier(drawn: Network) -> None:
    planned = plan(drawn)
    tables = {table.key: table for table in planned.tables}
    assert len(tables) == len(planned.tables), "a table is planned once"
    assert all(tables[subnet.table].tier == subnet.tier for subnet in planned.subnets), "routes stay in their tier"
    assert {subnet.table for subnet in planned.subnets} == set(tables), "no table is without subnets"


@given(networks())
def test_a_tier_leaves_by_the_way_that_the_stack_file_gives(drawn: Network) -> None:
    routes = {"direct": "internet", "nat": "nat", "none": "nowhere"}
    for table in plan(drawn).tables:
        assert table.default_route == routes[drawn.tiers[table.tier].internet], (
            "internet access is a decision of the stack file"
        )
        assert (table.nat_zone is not None) == (table.default_route == "nat"), "only NAT routes name a NAT gateway"


@given(networks())
def test_nat_of_each_zone_serves_that_zone_alone_and_a_single_one_serves_all(drawn: Network) -> None:
    planned = plan(drawn)
    nat_of = {table.zone: table.nat_zone for table in planned.tables if table.default_route == "nat"}
    if drawn.nat == "per_zone":
        assert planned.nat_zones == drawn.zones, "every zone has a gateway"
        assert nat_of == {zone: zone for zone in drawn.zones}, "the loss of a zone takes only its own way out"
    else:
        assert planned.nat_zones == drawn.zones[:1], "one gateway, in the first zone"
        assert Counter(nat_of.values()) == {drawn.zones[0]: len(drawn.zones)}, "every zone leaves by the one gateway"


@given(networks())
def test_route_tables_are_called_as_a_standby_s_file_names_them(drawn: Network) -> None:
    assert route_tables(drawn) == {table.key: table.tier for table in plan(drawn).tables}


def test_the_order_of_registration_is_that_of_tiers_and_zones() -> None:
    keys = [f"{subnet.tier}-{subnet.zone}" for subnet in plan(network()).subnets]
    tiers = ("public", "private", "database", "batch")
    assert keys == [f"{tier}-{zone}" for tier in tiers for zone in "ab"], "equal files give equal plans"


def test_nat_that_is_switched_off_is_refused_where_a_tier_needs_it() -> None:
    with pytest.raises(ValueError, match=r"network\.tiers\.private\.internet is 'nat' but network\.nat is 'none'"):
        plan(network(nat="none"))


def test_a_tier_that_misses_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"network\.tiers\.public\.cidrs has 2 blocks for 3 zones"):
        plan(network(zones=("a", "b", "c")))


def test_a_zones_full_name_is_region_and_letter() -> None:
    assert zone_name("us-east-1", "a") == "us-east-1a"
