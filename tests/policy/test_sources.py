"""The verdict is the same wherever a stack is read: every stack of the project, whole and broken, and every fixture."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from policy.pack import RULES
from policy.rule import WhenUnknown
from tests.components.recording import STACKS, recorded
from tests.policy import sources
from tests.policy.mutants import as_sent, in_order, mutants
from tests.policy.test_rules import CASES

if TYPE_CHECKING:
    from policy.rule import Rule
    from review.graph import Resource
    from tests.policy.sources import Verdicts

QUICK: Final = {"prod", "small"}
"""Stacks of which `make quick` has time to judge a recording in every way."""
BY_NAME: Final[dict[str, Rule]] = {rule.name: rule for rule in RULES}
FIXTURES: Final = [
    (BY_NAME[case.rule], sources.apart(stack))
    for case in CASES.values()
    for stack in (case.passing, case.failing, case.unknown, case.absent)
    if case.rule in BY_NAME
]
"""Rules, each with its fixtures."""
ABOUT_SECRETS: Final = ("rds-no-plaintext-password", "no-plaintext-password")
"""Rules that tell a secret from plain text, and are the only ones that do."""

HIDDEN: Final = {
    "data-egress-allow-list": "an input that is hidden as a whole names no region that anyone could read",
    "eks-nodegroup-private-subnets": "subnets that are hidden as a whole are none that anyone could find",
    "msk-private-subnets": "subnets that are hidden as a whole are none that anyone could find",
    "rds-replica-key-in-region": "a key that is given is one, whatever its ARN",
    "sg-data-tier-ingress-by-sg": "a group that is hidden as a whole is none that anyone could find",
    "subnet-data-tier-no-igw": "a route whose target is hidden leads nowhere that anyone could read",
}
"""Rules that judge a value and pass one that a state keeps encrypted as a whole -> why."""


@cache
def sent(stack: str) -> tuple[Resource, ...]:
    """Return what a stack registers and what its plugins make, as the engine would send it."""
    graph = recorded(stack)
    return tuple(map(as_sent, in_order((*graph.resources, *graph.made))))


def differences(one: Verdicts, other: Verdicts) -> list[tuple[str, ...]]:
    return sorted(one ^ other)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in STACKS]
)
def test_a_stack_is_judged_alike_whole_and_broken(name: str) -> None:
    whole = sent(name)
    for stack in (whole, mutants(Random(name), whole)):  # noqa: S311 the same mutants every time
        found = sources.offline(stack)
        assert differences(sources.state(stack), found) == [], "in a state"
        assert differences(sources.engine(stack), found) == [], "in a preview"
        assert differences(sources.preview(stack), found) == [], "in a preview's JSON"
        assert differences(sources.engine(stack, reads="read back"), found) == [], "in an update"
    assert len(found) > 10, "half of its resources are broken"


def test_every_fixture_is_judged_alike() -> None:
    assert len(FIXTURES) > 1000
    apart: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for rule, stack in FIXTURES:
        found = sources.offline(stack, [rule])
        secret, secrets = sources.opened(stack), sources.opened_below(stack)
        for how, other in (
            ("state", sources.state(stack, [rule])),
            ("preview", sources.engine(stack, [rule])),
            ("preview's JSON", sources.preview(stack, [rule])),
            ("update", sources.engine(stack, [rule], reads="read back")),
            ("secrets", sources.offline(secret, [rule])),
            ("secrets in the engine", sources.engine(secret, [rule])),
            ("secrets below", sources.offline(secrets, [rule])),
            ("secrets below in the engine", sources.engine(secrets, [rule])),
        ):
            if other != found and not (rule.name in ABOUT_SECRETS and how.startswith("secrets")):
                apart[rule.name, how] = differences(other, found)
    assert apart == {}


@pytest.mark.parametrize("name", ABOUT_SECRETS)
def test_a_rule_about_secrets_is_broken_by_plain_text_alone(name: str) -> None:
    rule, failing = BY_NAME[name], CASES[name].failing
    for judge in (sources.offline, sources.state, sources.engine):
        assert [kind for _, _, kind, _ in judge(failing, [rule])] == ["violation"]
        assert judge(sources.opened(failing), [rule]) == frozenset()


def test_what_a_state_hides_is_passed_by_no_rule_that_judges_values() -> None:
    """`pulumi policy analyze --file` shows `[secret]` where it cannot decrypt: not known, so not passed."""
    passed = set()
    for case in CASES.values():
        if case.rule not in BY_NAME or not sources.offline(case.failing, [BY_NAME[case.rule]]):
            continue
        rule, failing = BY_NAME[case.rule], sources.apart(case.failing)
        exported, analyzed = sources.hidden(failing), sources.redacted(failing)
        found = sources.offline(exported, [rule])
        assert found == sources.offline(analyzed, [rule]) == sources.engine(analyzed, [rule]), rule.name
        if not found and rule.when_unknown is not WhenUnknown.PASS and case.unknown_is != "silent":
            passed.add(rule.name)
    assert passed == set(HIDDEN)
