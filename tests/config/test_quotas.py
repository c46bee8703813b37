"""Quotas on what is derived: the line that adds up to too much is refused, the last that fits is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from components.network.acl_rules import QUOTA, acl
from config.facts.quotas import QUOTAS
from config.rules.quotas import isolated_entries, public_entries
from tests.components.network.samples import network, networks
from tests.config.stackfile import SETTINGS, judged, refused

if TYPE_CHECKING:
    from config.network import Network

ADMIN = "network.admin_cidrs"
GENERAL = "cluster.node_groups.general.policies.scheduled"
BUCKETS = "edge.cdn.buckets"
PATHS = "edge.cdn.buckets.static-assets.paths"
EVENT = {"severity": "info", "kind": "images"}


def apart(count: int) -> list[str]:
    """Return blocks that no rule could cover together."""
    return [f"203.{at // 100}.{at % 100 * 2}.0/24" for at in range(count)]


@pytest.mark.parametrize(("count", "fits"), [(12, True), (13, False), (70, False)])
def test_administrators_fit_the_public_acl_and_the_bastions_group(count: int, *, fits: bool) -> None:
    assert judged({ADMIN: apart(count)}) == (set() if fits else {ADMIN})


def test_neighbouring_blocks_take_one_entry_of_the_acl_and_one_rule_each_of_the_group() -> None:
    neighbours = [f"203.0.{at}.0/24" for at in range(64)]
    assert judged({ADMIN: neighbours[:60]}) == set()
    assert judged({ADMIN: neighbours}) == {ADMIN}


def test_seventy_blocks_are_refused_with_their_line() -> None:
    listed = ", ".join(apart(70))
    here = "      # What network ACLs let in"
    problem = refused((here, f"      admin_cidrs: [{listed}]\n{here}"))[ADMIN]
    assert problem.line is not None
    assert "comes to 78 rules of a network ACL in one direction" in problem.what
    assert problem.got.startswith("[")


def test_scattered_blocks_are_refused_before_the_program_stops_over_them() -> None:
    """Nine blocks of workloads that no rule covers together make 18 entries, and the tier's own three more."""
    tiers = SETTINGS["network"]["tiers"]
    scattered = {
        name: tiers[name] | {"cidrs": [f"10.0.{base + 2 * at}.0/24" for at in range(6)]}
        for name, base in (("public", 1), ("private", 41), ("database", 81), ("blockchain", 121))
    }
    found = judged({"network.tiers": scattered, "network.zones": list("abcdef")})
    assert "network.tiers.database.cidrs" in found


@given(networks())
def test_entries_are_counted_as_the_program_makes_them(drawn: Network) -> None:
    ports = (5432, 6379, 9094)
    public = {tier: public_entries(drawn, tier) for tier in drawn.of_kind("public")}
    isolated = {tier: isolated_entries(drawn, tier, len(ports)) for tier in drawn.of_kind("isolated")}
    for tier, count in {**public, **isolated}.items():
        if count <= QUOTA:
            assert len(acl(drawn, tier, ports).ingress) == count
        else:
            with pytest.raises(ValueError, match="network ACL needs"):
                acl(drawn, tier, ports)


def test_the_programs_own_limit_is_the_tables() -> None:
    assert QUOTAS["acl_rules"].most == QUOTA
    admitted = network(admin_cidrs=("203.0.113.0/24", "198.51.100.0/24"))
    assert len(acl(admitted, "public", ()).ingress) == public_entries(admitted, "public")


@pytest.mark.parametrize(("count", "fits"), [(125, True), (126, False)])
def test_scheduled_actions_of_a_group_are_counted(count: int, *, fits: bool) -> None:
    actions = {f"action-{at}": {"recurrence": f"{at % 60} {at // 60} * * *", "min": 3} for at in range(count)}
    assert judged({GENERAL: actions}) == (set() if fits else {GENERAL})


@pytest.mark.parametrize(("count", "fits"), [(20, True), (21, False), (75, False)])
def test_cached_paths_are_counted_by_the_fewer_of_policies_and_behaviours(count: int, *, fits: bool) -> None:
    times = {"min_seconds": 0, "default_seconds": 1, "max_seconds": 2}
    assert judged({PATHS: {f"p{at}": {"path": f"/p{at}/*"} | times for at in range(count)}}) == (
        set() if fits else {BUCKETS}
    )


@pytest.mark.parametrize(("count", "fits"), [(280, True), (281, False)])
def test_rules_of_the_event_bus_are_counted_with_the_programs_own(count: int, *, fits: bool) -> None:
    path = "observability.events"
    assert judged({path: {f"event-{at}": EVENT for at in range(count)}}) == (set() if fits else {path})


@pytest.mark.parametrize(("count", "fits"), [(1000, True), (1001, False)])
def test_rules_of_aws_config_are_counted(count: int, *, fits: bool) -> None:
    path = "audit.configuration.rules"
    rules = {f"rule-{at}": {"identifier": "ENCRYPTED_VOLUMES"} for at in range(count)}
    assert judged({path: rules}) == (set() if fits else {path})


def test_every_quota_has_a_source() -> None:
    assert len(QUOTAS) > 25
    assert all(quota.most > 0 and quota.of and quota.source for quota in QUOTAS.values())
