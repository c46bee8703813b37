"""Sizes that move: one owner each, sensible policies, counts for a standby that takes over."""

from __future__ import annotations

import pytest

from config.files import ROOT
from config.load import load_file, stack_file
from config.rules.scaling import RULES
from tests.config.stackfile import refused

GPU = "          scaling: {per: group, min: 2, desired: 2, max: 10}\n          autoscaler: true\n"
TRACKING = "            target_tracking: {cpu_percent: 70, warmup_seconds: 240}\n"
STEPS = "steps: [{cpu_percent: 80, add_percent: 20}, {cpu_percent: 90, add_percent: 50}]"
POLICY = "          policies: {target_tracking: {cpu_percent: 70, warmup_seconds: 60}}\n"
NODE_GROUPS = "cluster.node_groups"


def paths(*swaps: tuple[str, str]) -> dict[str, str]:
    """What is wrong by path, of what the rules of this family and the model find."""
    return {path: problem.what for path, problem in refused(*swaps).items() if path.startswith(NODE_GROUPS)}


def test_a_group_with_both_owners_is_refused() -> None:
    assert paths((GPU, GPU + POLICY)) == {f"{NODE_GROUPS}.gpu.autoscaler": "two owners of one size"}


def test_every_group_of_the_seed_has_an_owner() -> None:
    for stack in ("prod", "dr"):
        groups = load_file(stack_file(stack)).cluster.node_groups
        unowned = [name for name, group in groups.items() if not group.autoscaler and group.policies is None]
        assert unowned == [], "section 2.2: nothing is sized by hand"


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        ((TRACKING, ""), "general.policies.steps", "nothing removes nodes again"),
        (
            (STEPS, "steps: [{cpu_percent: 90, add_percent: 20}, {cpu_percent: 80, add_percent: 50}]"),
            "general.policies.steps.steps",
            "steps do not rise",
        ),
        (
            ("America/New_York, min: 5}", "America/New_York, min: 21}"),
            "general.policies.scheduled.working-day.min",
            "outside of the group's counts",
        ),
        ((GPU, GPU.replace("autoscaler: true", "policies: {}")), "gpu.policies", "no policy in it"),
        ((GPU, GPU + "          active: {min: 3, desired: 3}\n"), "gpu.active", "a primary is never activated"),
    ],
)
def test_what_makes_no_sense_is_refused(swap: tuple[str, str], path: str, what: str) -> None:
    assert paths(swap) == {f"{NODE_GROUPS}.{path}": what}


@pytest.mark.parametrize("counts", [(0, 2), (3, 2), (2, 11)])
def test_an_active_standby_has_no_fewer_nodes_and_no_more_than_its_maximum(counts: tuple[int, int]) -> None:
    config = load_file(stack_file("dr"))
    group = config.cluster.node_groups["blockchain"]
    active = group.model_copy(update={"active": group.active and group.active.model_copy(
        update={"min": counts[0], "desired": counts[1] if counts[1] != 11 else 16}
    )})  # fmt: skip
    groups = {**config.cluster.node_groups, "blockchain": active}
    changed = config.model_copy(update={"cluster": config.cluster.model_copy(update={"node_groups": groups})})
    (problem,) = [problem for rule in RULES for problem in rule(changed)]
    assert problem.what == "counts out of order"


def test_the_decision_is_written_down() -> None:
    assert (ROOT / "docs/adr/0012-scaling.md").is_file(), "the model points there"
