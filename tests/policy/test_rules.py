"""Every rule of the pack, on a passing, a failing, an unknown and an absent-property stack, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from policy.evaluate import Kind, Profile
from policy.pack import all_rules
from policy.waivers import Waiver
from tests.policy.cases import (
    api,
    audit,
    backup,
    beanstalk,
    bucket,
    cache,
    cluster,
    compute,
    containers,
    cost,
    database,
    edge,
    experiments,
    exposure,
    groups,
    identity,
    key,
    kubernetes,
    layout,
    messaging,
    models,
    network,
    on_demand,
    overall,
    peering,
    policy_size,
    recommended,
    replication,
    security_group,
    service_checks,
    sharing,
    stores,
    world,
)
from tests.policy.harness import SWITCHED_ON, TODAY, UNKNOWN, engine, findings, offline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.rule import Rule
    from tests.policy.case import Case
    from tests.policy.harness import Made, Outcome

DOMAINS = (
    api,
    audit,
    backup,
    beanstalk,
    bucket,
    cache,
    cluster,
    compute,
    containers,
    cost,
    database,
    edge,
    experiments,
    exposure,
    groups,
    identity,
    key,
    kubernetes,
    layout,
    messaging,
    models,
    network,
    on_demand,
    overall,
    peering,
    policy_size,
    recommended,
    replication,
    security_group,
    sharing,
    service_checks,
    world,
)
CASES = {case.rule: case for module in DOMAINS for case in module.CASES} | {
    f"{case.rule}-other-type": case
    for case in (
        *cluster.COMPONENT_CASES,
        network.SINGLE_RULE_CASE,
        overall.RESOURCE_REGION_CASE,
        world.POD_CASE,
        recommended.BASE64_CASE,
    )
}
SEVERAL = (
    backup.REACH_CASES,
    groups.INLINE_CASES,
    audit.KEY_CASES,
    overall.API_CASES,
    overall.GLOBAL_CASES,
    cluster.ROLE_CASES,
)
CASES |= {f"{case.rule}-{at}": case for cases in (*SEVERAL, stores.CASES) for at, case in enumerate(cases)}
BY_CASE = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
ONE_EACH = {next(iter(module.CASES)).rule for module in DOMAINS}
ALL_BUT_ONE_SLOWLY = pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=name, marks=() if name in ONE_EACH else pytest.mark.slow) for name, case in CASES.items()],
)
"""Every case; `make quick` takes one of each area: what is tested there is the evaluator's doing, not the rule's."""


def judged(rule: str, stack: Sequence[Made]) -> dict[str, Outcome]:
    """Return what the review makes of a rule on a stack, and what the engine hears."""
    return {"offline": offline(rule, stack), "engine": engine(rule, stack)}


def by_both(outcome: Outcome) -> dict[str, Outcome]:
    return {"offline": outcome, "engine": outcome}


KINDS = frozenset({"pass", "fail", "unknown", "[secret]", "absent", "waived", "expired"})
APART = {
    "data-stays-where-declared": KINDS,  # of a stack whose file declares residency (test_residency.py)
    "residency-exception-not-ended": KINDS,
    "waiver-not-expired": KINDS,  # both read waivers, and no input (test_waivers.py)
    "waiver-used": KINDS,
    "types-judged": {"waived", "expired"},  # it blames the stack as a whole, and is advice
    "redis-no-standalone-cluster": {"pass"},  # the type as such is wrong
    "vpc-no-default-vpc": {"pass"},
    "iam-no-users": {"pass"},
    "ecr-no-public-repository": {"pass"},
    "iam-no-user-policies": {"pass"},
    "waf-not-classic": {"pass"},
}
"""Kinds of fixtures that a rule cannot have."""


def kinds(rule: Rule, case: Case) -> Iterator[str]:
    """Yield the kinds of fixtures in which the rule really has something to judge."""
    for kind, stack in (("pass", case.passing), ("fail", case.failing)):
        if any(rule.covers(made.type) for made in stack):
            yield kind
    if hidden(case) != case.unknown:
        yield from ("unknown", "[secret]")
    if case.absent not in (case.passing, case.failing):
        yield "absent"
    if any(f.urn and f.rule.name == rule.name for f in findings(case.failing, profile=Profile.FIPS, rules=SWITCHED_ON)):
        yield from ("waived", "expired")


def test_every_rule_has_a_fixture_of_every_kind() -> None:
    cases: dict[str, list[Case]] = {}
    for case in CASES.values():
        cases.setdefault(case.rule, []).append(case)
    rules = {rule.name: rule for rule in all_rules((), TODAY)}
    assert set(cases) <= set(rules), "a fixture of no rule"
    lacking = {
        name: without
        for name, rule in rules.items()
        if (without := KINDS - {kind for case in cases.get(name, ()) for kind in kinds(rule, case)})
    }
    assert lacking == APART, "a rule without fixtures guards nothing that anyone knows of"


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


@ALL_BUT_ONE_SLOWLY
def test_what_a_state_file_hides_is_judged_as_unknown(case: Case) -> None:
    assert offline(case.rule, hidden(case)) == case.unknown_is


def hidden(case: Case) -> Sequence[Made]:
    """The unknown stack as a state file has it, which keeps no secret."""
    return [replace(made, inputs=_hidden(made.inputs)) for made in case.unknown]


def _hidden(value: Any) -> Any:  # noqa: ANN401 JSON in, JSON out
    if isinstance(value, Mapping):
        return {key: _hidden(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_hidden(below) for below in value]
    return "[secret]" if value == UNKNOWN else value


@ALL_BUT_ONE_SLOWLY
def test_a_waiver_excuses_the_violation_until_its_last_day(case: Case) -> None:
    found = [
        f
        for f in findings(case.failing, profile=Profile.FIPS, rules=SWITCHED_ON)
        if f.rule.name == case.rule and f.kind is Kind.VIOLATION
    ]
    assert found
    if any(not f.urn for f in found):
        assert "waived" in APART.get(case.rule, ()), "what blames a resource can be waived by its name"
        return
    waivers = {Waiver(case.rule, f"*::{f.urn.rpartition('::')[2]}", "reason", "owner", TODAY) for f in found}
    assert left(case, waivers) == set(), "it is excused"
    expired = {replace(waiver, expires=TODAY - timedelta(days=1)) for waiver in waivers}
    assert left(case, expired) == {(f.urn, f.problem) for f in found}, "and is not any more"
    assert any(f.rule.name == "waiver-not-expired" for f in findings(case.failing, waivers=list(expired)))


def left(case: Case, waivers: set[Waiver]) -> set[tuple[str, str]]:
    """What a rule says of the failing stack and no waiver excuses."""
    found = findings(case.failing, profile=Profile.FIPS, rules=SWITCHED_ON, waivers=list(waivers))
    return {(f.urn, f.problem) for f in found if f.rule.name == case.rule and f.waiver is None}
