"""Tiers: the user's names, three kinds, and one of the right kind for whatever needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.base import IncompleteError
from config.placement import served
from config.serving import TierKind
from tests.components.network.samples import INTERNET, network, networks
from tests.config.stackfile import PROD, SETTINGS, accepted, changed, judged, refused, reported

if TYPE_CHECKING:
    from pathlib import Path

    from config.network import Network

KINDS: tuple[TierKind, ...] = get_args(TierKind)
WISHES = {
    "cluster.tier": "private",
    "network.endpoints.tier": "private",
    "network.nat_tier": "public",
    "edge.tier": "public",
    "data.postgres.tier": "isolated",
    "data.redis.tier": "isolated",
    "management.nat_tier": "public",
    "management.endpoints.tier": "private",
}
"""What of prod needs a tier, and of which kind."""
SECOND = {
    "public": ["10.0.51.0/24", "10.0.52.0/24", "10.0.53.0/24"],
    "private": ["10.0.54.0/24", "10.0.55.0/24", "10.0.56.0/24"],
    "isolated": ["10.0.57.0/24", "10.0.58.0/24", "10.0.59.0/24"],
}


def beside(at: str, kind: TierKind) -> dict[str, object]:
    """Return prod's tiers of a VPC with one more of a kind."""
    blocks = SECOND[kind] if at == "network" else [one.replace("10.0.", "10.1.") for one in SECOND[kind][:2]]
    more = {"kind": kind, "cidrs": blocks, "internet": INTERNET[kind]}
    return {f"{at}.tiers": {**SETTINGS[at]["tiers"], "another": more}}


@pytest.mark.parametrize(
    ("tier", "likely"),
    [
        ("public: # load balancers, NAT gateways", "add `kind: public`"),
        ("private: # application servers", "add `kind: private`"),
        ("database: # PostgreSQL, Redis", "add `kind: isolated` for data services, `kind: private` for workloads`"),
    ],
)
def test_a_tier_without_a_kind_is_told_which_it_likely_is(tier: str, likely: str, tmp_path: Path) -> None:
    name, kind = tier.partition(":")[0], likely.split("`")[1]
    (message,) = reported(changed((f"        {tier}\n          {kind}\n", f"        {tier}\n")), tmp_path)
    line = PROD.splitlines().index(f"        {tier}") + 1
    assert message.startswith(f"Pulumi.prod.yaml:{line}: network.tiers.{name}.kind: required key is missing; ")
    assert f"do: {likely}" in message


@pytest.mark.parametrize("path", WISHES)
def test_where_there_are_several_of_a_kind_the_one_that_is_meant_is_said_or_asked_for(path: str) -> None:
    at = "management" if path.startswith("management") else "network"
    kind = WISHES[path]
    two = beside(at, kind)
    silent = judged({**two, path: None}) if path in ("cluster.tier", "network.endpoints.tier") else judged(two)
    assert path in silent
    meant = next(name for name, tier in SETTINGS[at]["tiers"].items() if tier["kind"] == kind)
    here = [one for one, of in WISHES.items() if of == kind and one.startswith("management") == (at != "network")]
    assert judged({**two, **dict.fromkeys(here, meant)}) == set()


@pytest.mark.parametrize("path", WISHES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_tier_of_another_kind_is_refused_and_so_is_one_that_is_not_there(path: str, kind: TierKind) -> None:
    at = "management" if path.startswith("management") else "network"
    two = beside(at, kind)
    others = {one: {"private": "private", "public": "public", "isolated": "database"}[of] for one, of in WISHES.items()}
    here = {one: name for one, name in others.items() if one.startswith("management") == (at != "network")}
    assert judged({**two, **here, path: "nowhere"}) == {path}
    assert (path in judged({**two, **here, path: "another"})) is (kind != WISHES[path])


def test_the_question_names_the_tiers_and_the_line_of_the_section() -> None:
    problem = refused(("ec2messages]\n        tier: private", "ec2messages]"))
    asked = problem["network.endpoints.tier"]
    assert asked.what == "not said, and network.tiers has 2 of kind private"
    assert (asked.allowed, asked.fix) == ("private, blockchain", "write `tier: private`, or another of these")
    assert asked.line == PROD.splitlines().index("      endpoints:") + 1


def test_a_vpc_without_a_tier_of_a_kind_is_refused_once_for_all_that_need_it() -> None:
    tier = "        database: # PostgreSQL, Redis\n          kind: isolated\n"
    blocks = "          cidrs: [10.0.21.0/24, 10.0.22.0/24, 10.0.23.0/24]\n          internet: none\n"
    found = refused((f"{tier}{blocks}", ""))
    assert found.keys() == {"network.tiers"}
    assert found["network.tiers"].what == "no tier of kind isolated, which data.postgres, data.redis need"


@pytest.mark.parametrize("name", ["Public", "data-services", "9tier", "tier_a", "a" * 21, ""])
def test_a_name_that_could_meet_that_of_a_subnet_or_a_table_is_refused(name: str) -> None:
    tiers = {name if tier == "database" else tier: section for tier, section in SETTINGS["network"]["tiers"].items()}
    found = judged({"network.tiers": tiers})
    assert f"network.tiers.{name}" in {one.replace('["', ".").replace('"]', "") for one in found}


@given(networks(), st.sampled_from(KINDS))
def test_the_only_tier_of_a_kind_needs_no_name_and_of_several_each_can_be_named(drawn: Network, kind: TierKind) -> None:
    fit = drawn.of_kind(kind)
    assert set(fit) == {name for name, tier in drawn.tiers.items() if tier.kind == kind}
    for name in drawn.tiers:
        if name in fit:
            assert drawn.tier(kind, name) == name
        else:
            with pytest.raises(IncompleteError):
                drawn.tier(kind, name)
    if len(fit) == 1:
        assert drawn.tier(kind) == fit[0]
    else:
        with pytest.raises(IncompleteError):
            drawn.tier(kind)


def test_every_section_that_serves_has_a_setting_for_its_tier_and_a_group_of_its_own() -> None:
    found = list(served(accepted()))
    assert [".".join(map(str, path)) for path, _, _ in found] == ["cluster", "data.postgres", "data.redis", "edge"]
    assert all("tier" in type(section).model_fields for _, section, _ in found)
    assert len({member.group for _, _, member in found}) == len(found)
    assert network().of_kind("isolated") == ("database",)
