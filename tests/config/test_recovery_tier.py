"""The recovery tier that a standby's file names is the one that stands, and the cheapest that holds is named."""

from __future__ import annotations

import copy
import itertools
import json
from functools import reduce
from typing import TYPE_CHECKING, Any, get_args

import pytest

from config import ConfigError
from config.base import present
from config.document import Document
from config.examine import examine
from config.files import ROOT
from config.objectives import TIERS, cheapest_tier, lacking, standing
from config.objectives.derive import bound, with_changed
from config.recovery import Objective, Tier
from tests.config.stackfile import PROD, changed, line_of, reported
from tests.config.standbyfile import DR, SETTINGS, STANDBY, line, refusals
from tests.config.test_infeasible_objectives import COLD, NO_DATASTORE

if TYPE_CHECKING:
    from pathlib import Path

    from config.recovery import ServiceName
    from config.stack import StackConfig

START = "      objectives:\n        cluster: {scope: region"
END = "      tier: warm_standby\n"
NO_PROMISES = (DR[DR.index(START) : DR.index(END)], "")


def named(tier: str) -> tuple[str, str]:
    return END, f"      tier: {tier}\n"


def without(*stores: str) -> StackConfig:
    """Return dr with some of its stores not replicated."""
    return reduce(lambda config, store: with_changed(config, "recovery.standby", **{store: None}), stores, STANDBY)


def cold(config: StackConfig) -> StackConfig:
    """Return the settings with no node at rest."""
    groups = {
        name: with_changed(group, "scaling", min=0, desired=0)
        for name, group in present(config.cluster).node_groups.items()
    }
    return with_changed(config, "cluster", node_groups=groups)


def test_dr_is_a_warm_standby() -> None:
    assert standing(STANDBY) == "warm_standby" == present(STANDBY.recovery).tier


@pytest.mark.parametrize("tier", TIERS[:2])
def test_a_tier_below_what_stands_is_refused(tmp_path: Path, tier: str) -> None:
    (refused,) = refusals(tmp_path, named(tier))
    assert refused == (
        f"{line(named(tier)[1].strip(), named(tier))}: recovery.tier: what stands here is more: a warm standby, and is "
        f"paid for as one; got: {json.dumps(tier)}; allowed: warm_standby; do: write warm_standby, or take away what a "
        f"{tier.replace('_', ' ')} does not have"
    )


def test_all_that_is_lacking_of_a_tier_is_reported(tmp_path: Path) -> None:
    found = refusals(tmp_path, named("active_active"))
    assert [one.split(": ")[1] for one in found] == ["cluster.node_groups", "data", "edge.routing"]
    assert all("recovery.tier active_active asks for more than stands here" in one for one in found)
    assert all(one.endswith("; or write recovery.tier: warm_standby") for one in found)


def test_a_store_that_is_not_replicated_is_no_pilot_light(tmp_path: Path) -> None:
    swaps = (NO_PROMISES, NO_DATASTORE)
    (refused,) = (one for one in refusals(tmp_path, *swaps) if "recovery.tier" in one)
    assert refused == (
        f"{line('primary: prod', *swaps) - 1}: recovery.standby.redis: recovery.tier warm_standby asks for more than "
        "stands here; got: nothing; allowed: what a warm standby has; do: follow the primary's cache by a global "
        "datastore with a `lag_alarm`; or write recovery.tier: backup"
    )


def test_nodes_from_nothing_are_a_pilot_light(tmp_path: Path) -> None:
    swaps = (*COLD, NO_PROMISES)
    assert not [one for one in refusals(tmp_path, *swaps, named("pilot_light")) if "recovery.tier" in one]
    (refused,) = (one for one in refusals(tmp_path, *swaps) if "recovery.tier" in one)
    assert "; or write recovery.tier: pilot_light" in refused


def test_a_primary_names_no_tier(tmp_path: Path) -> None:
    text = changed(("      availability_percent: 98.7\n", "      tier: backup\n"), text=PROD)
    (refused,) = reported(text, tmp_path)
    assert refused.startswith(
        f"Pulumi.prod.yaml:{line_of(text, 'tier: backup')}: recovery.tier: a primary knows nothing"
    )


@pytest.mark.parametrize(
    "stores", [one for n in range(4) for one in itertools.combinations(("postgres", "redis", "buckets"), n)]
)
@pytest.mark.parametrize("nodes", ["warm", "none"])
def test_what_stands_is_the_best_tier_of_which_nothing_lacks(stores: tuple[str, ...], nodes: str) -> None:
    config = without(*stores) if nodes == "warm" else cold(without(*stores))
    expected: Tier = "backup" if stores else "warm_standby" if nodes == "warm" else "pilot_light"
    assert standing(config) == expected
    assert not lacking(expected, config)
    above = TIERS[TIERS.index(expected) + 1 :]
    assert above
    assert all(lacking(tier, config) for tier in above)


@pytest.mark.parametrize(
    ("service", "minutes", "tier"),
    [
        ("postgres", (15, 7), "pilot_light"),
        ("redis", (20, 15), "pilot_light"),
        ("buckets", (5, 15), "pilot_light"),
        ("cluster", (45, 0), "backup"),
        ("cluster", (15, 0), "warm_standby"),
        ("cluster", (2, 0), None),
    ],
)
def test_the_cheapest_tier_that_keeps_a_promise(
    service: ServiceName, minutes: tuple[int, int], tier: str | None
) -> None:
    config = cold(without("postgres", "redis", "buckets"))
    least = with_changed(config, "backup", copy_from_primary=None)
    assert standing(least) is None
    promised = Objective(scope="region", rto_minutes=minutes[0], rpo_minutes=minutes[1])
    kept = not bound(service, "region", config).breaks(promised)
    assert kept == (tier == "backup")
    found = cheapest_tier(service, promised, config)
    assert found == (tier if tier != "backup" else cheapest_tier(service, promised, config))
    assert found is None or TIERS.index(found) > TIERS.index("backup")


def over(lower: Any, upper: Any) -> Any:  # noqa: ANN401 - settings as they are parsed
    """Return settings with others over them, mapping by mapping, as bases are read."""
    if not isinstance(lower, dict) or not isinstance(upper, dict):
        return upper
    return {**lower, **{key: over(lower.get(key), one) for key, one in upper.items()}}


def bare(tier: Tier) -> dict[str, Any]:
    """Return dr's settings without a tier and all that its base sets."""
    settings = copy.deepcopy(SETTINGS)
    for key in ("tier", "objectives"):
        del settings["recovery"][key]
    for store in ("postgres", "redis", "buckets"):
        del settings["recovery"]["standby"][store]
    del settings["backup"]["copy_from_primary"]
    if tier in ("backup", "pilot_light"):
        for group in settings["cluster"]["node_groups"].values():
            group["scaling"] |= {"min": 0, "desired": 0}
    if tier == "active_active":
        del settings["data"]["postgres"], settings["data"]["redis"]
        for group in settings["cluster"]["node_groups"].values():
            group["scaling"] |= group.pop("active")
    return settings


def of_the_tier(settings: dict[str, Any]) -> list[str]:
    """Return what is wrong with the tier of settings."""
    try:
        examine(settings, None, "Pulumi.dr.yaml")
    except ConfigError as error:
        return [str(one) for one in error.problems if "recovery.tier" in str(one)]
    return []


@pytest.mark.parametrize("tier", get_args(Tier))
def test_the_base_of_a_tier_turns_on_what_it_needs(tier: Tier) -> None:
    base = ROOT / "bases" / f"tier-{tier.replace('_', '-')}.yaml"
    values: Any = Document(base.read_text(encoding="utf-8"), base.name).values
    assert values["recovery"]["tier"] == tier
    assert not of_the_tier(over(bare(tier), values))
    assert of_the_tier(over(bare(tier), {"recovery": {"tier": tier}}))
