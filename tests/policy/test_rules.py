"""Every rule of the pack, on a passing, a failing, an unknown and an absent-property stack, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from policy.pack import all_rules
from tests.policy.cases import (
    api,
    audit,
    backup,
    bucket,
    cache,
    cluster,
    compute,
    containers,
    cost,
    database,
    edge,
    exposure,
    identity,
    key,
    kubernetes,
    messaging,
    network,
    overall,
    peering,
    policy_size,
    replication,
    security_group,
)
from tests.policy.harness import TODAY, engine, offline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.policy.case import Case
    from tests.policy.harness import Made, Outcome

DOMAINS = (
    api,
    audit,
    backup,
    bucket,
    cache,
    cluster,
    compute,
    containers,
    cost,
    database,
    edge,
    exposure,
    identity,
    key,
    kubernetes,
    messaging,
    network,
    overall,
    peering,
    policy_size,
    replication,
    security_group,
)
CASES = {case.rule: case for module in DOMAINS for case in module.CASES} | {
    f"{case.rule}-other-type": case
    for case in (*cluster.COMPONENT_CASES, network.SINGLE_RULE_CASE, overall.RESOURCE_REGION_CASE)
}
SEVERAL = (audit.KEY_CASES, overall.API_CASES, overall.GLOBAL_CASES, cluster.ROLE_CASES)
CASES |= {f"{case.rule}-{at}": case for cases in SEVERAL for at, case in enumerate(cases)}
BY_CASE = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def judged(rule: str, stack: Sequence[Made]) -> dict[str, Outcome]:
    """Return what the review makes of a rule on a stack, and what the engine hears."""
    return {"offline": offline(rule, stack), "engine": engine(rule, stack)}


def by_both(outcome: Outcome) -> dict[str, Outcome]:
    return {"offline": outcome, "engine": outcome}


def test_every_rule_has_fixtures() -> None:
    rules = {rule.name for rule in all_rules((), TODAY)} - {"waiver-not-expired", "waiver-used"}
    assert rules == {case.rule for case in CASES.values()}, (
        "a rule without fixtures guards nothing that anyone knows of"
    )


@BY_CASE
def test_a_good_stack_is_met_with_silence(case: Case) -> None:
    assert judged(case.rule, case.passing) == by_both("silent"), "the rule cries wolf"


@BY_CASE
def test_a_broken_property_is_a_violation(case: Case) -> None:
    assert judged(case.rule, case.failing) == by_both("violation"), "the rule lets its own violation pass"


@BY_CASE
def test_an_unknown_property_passes_only_where_presence_is_all(case: Case) -> None:
    assert judged(case.rule, case.unknown) == by_both(case.unknown_is)


@BY_CASE
def test_an_absent_property_is_judged_by_the_default_of_aws(case: Case) -> None:
    assert judged(case.rule, case.absent) == by_both(case.absent_is)
