"""Every rule of the pack, on a passing, a failing, an unknown and an absent-property stack, both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest

from policy.pack import all_rules
from tests.policy.cases import (
    audit,
    backup,
    bucket,
    cache,
    cluster,
    compute,
    cost,
    database,
    edge,
    identity,
    key,
    kubernetes,
    messaging,
    network,
    overall,
    peering,
    replication,
    security_group,
)
from tests.policy.harness import TODAY, Made, Outcome, engine, offline

if TYPE_CHECKING:
    from tests.policy.case import Case

Judge = Callable[[str, Sequence[Made]], Outcome]

DOMAINS = (
    audit,
    backup,
    bucket,
    cache,
    cluster,
    compute,
    cost,
    database,
    edge,
    identity,
    key,
    kubernetes,
    messaging,
    network,
    overall,
    peering,
    replication,
    security_group,
)
CASES = {case.rule: case for module in DOMAINS for case in module.CASES} | {
    f"{case.rule}-other-type": case
    for case in (*cluster.COMPONENT_CASES, network.SINGLE_RULE_CASE, overall.RESOURCE_REGION_CASE)
}
SEVERAL = (audit.KEY_CASES, overall.API_CASES, overall.GLOBAL_CASES, cluster.ROLE_CASES)
CASES |= {f"{case.rule}-{at}": case for cases in SEVERAL for at, case in enumerate(cases)}
BY_BOTH = pytest.mark.parametrize("judge", [offline, engine], ids=["offline", "engine"])
BY_CASE = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def test_every_rule_has_fixtures() -> None:
    rules = {rule.name for rule in all_rules((), TODAY)} - {"waiver-not-expired"}
    assert rules == {case.rule for case in CASES.values()}, (
        "a rule without fixtures guards nothing that anyone knows of"
    )


@BY_CASE
@BY_BOTH
def test_a_good_stack_is_met_with_silence(case: Case, judge: Judge) -> None:
    assert judge(case.rule, case.passing) == "silent", "the rule cries wolf"


@BY_CASE
@BY_BOTH
def test_a_broken_property_is_a_violation(case: Case, judge: Judge) -> None:
    assert judge(case.rule, case.failing) == "violation", "the rule lets its own violation pass"


@BY_CASE
@BY_BOTH
def test_an_unknown_property_passes_only_where_presence_is_all(case: Case, judge: Judge) -> None:
    assert judge(case.rule, case.unknown) == case.unknown_is


@BY_CASE
@BY_BOTH
def test_an_absent_property_is_judged_by_the_default_of_aws(case: Case, judge: Judge) -> None:
    assert judge(case.rule, case.absent) == case.absent_is
