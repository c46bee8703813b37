"""Every row of the pack, flipped wherever a recorded stack has its input: the rule speaks, and no other does.

Rows say what they allow, so their flips are made here. Rules that are functions die by what their failing fixture says
otherwise than the passing one, put into a resource that stands. A small stack is flipped in every run, whole ones in
those that take time.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from config.load import load_file, stack_file
from policy.deciding import listed
from policy.evaluate import PackConfig, evaluate
from policy.judging import Kind, judge_resource, judge_stack
from policy.pack import RULES
from policy.resources import adapt
from policy.rule import Level, Rule, Settings
from policy.rules.switches import bad_word
from policy.waivers import excuse
from review.recording import record_stack
from tests.config import containersfile
from tests.policy.cases.stores import values_of
from tests.policy.harness import TODAY
from tests.policy.test_mutations import WAIVERS
from tests.policy.test_rules import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.graph import Resource

STACKS = ("prod", "dr", "shop")
BINDING = (Level.MANDATORY, Level.PRODUCTION)
ALSO: Mapping[str, frozenset[str]] = {"alb-http-redirects": frozenset({"alb-https-listener"})}
"""Rule -> others that its flip breaks as well, since they ask the same input for more."""


NOT_ASKED = {("dr", "redis-in-transit"), ("dr", "redis-at-rest")}
"""Stack and rule that asks nothing of it: the secondary of a datastore has the encryption of its primary."""
GONE = object()


@dataclass(frozen=True)
class Change:
    """One input of one resource with a value that its row refuses."""

    rule: str
    type: str
    path: str
    value: Any


@cache
def recorded(stack: str) -> Sequence[Resource]:
    settings = containersfile.accepted() if stack == "shop" else load_file(stack_file(stack))
    return record_stack(stack, settings).resources


def said(resources: Sequence[Resource]) -> frozenset[tuple[str, str]]:
    found = evaluate(resources, PackConfig(today=TODAY, waivers=WAIVERS))
    return frozenset((finding.rule.name, finding.urn) for finding in found if finding.blocking)


def rows(types: frozenset[str]) -> Iterator[tuple[Rule, Change]]:
    """Yield a flip of each row that stops a stack of production, for each of its inputs and each type in the stack."""
    for rule in RULES:
        if rule.allowed and rule.level in BINDING:
            for type_ in sorted(types.intersection(rule.on)):
                for path in rule.reads:
                    yield rule, Change(rule.name, type_, path, values_of(rule).bad)


def switches(types: frozenset[str]) -> Iterator[Change]:
    """Yield a flip of each switch that no rule of its own judges."""
    rules = {"encryption": "encryption-not-off", "transit": "encryption-not-off", "exposure": "public-access-not-on",
             "logs": "logs-not-off", "loss": "protection-not-off"}  # fmt: skip
    for type_ in sorted(types):
        own = [rule for rule in RULES if type_ in rule.on]
        for one in listed().get(type_, ()):
            if (word := bad_word(one)) and one.type == "bool" and not any(rule.reads_input(one.path) for rule in own):
                yield Change(rules[one.kind], type_, one.path, word == "on")


def put(value: Any, path: str, new: object) -> Any:  # noqa: ANN401 JSON in, JSON out
    """Inputs with every value at a dotted path replaced, through lists; what is not there is made."""
    step, _, rest = path.partition(".")
    if isinstance(value, list | tuple):
        return [put(each, path, new) for each in value]
    items = dict(value) if isinstance(value, dict) else {}
    items[step] = put(items.get(step), rest, new) if rest else new
    return items


def effect(stack: str, change: Change) -> set[frozenset[str]]:
    """What the flip breaks, on each of the first resources of its type on which it breaks anything."""
    resources, before = recorded(stack), said_before(stack)
    effects = set()
    for victim in [each for each in resources if each.type == change.type][:4]:
        inputs = put(dict(victim.inputs), change.path, change.value)
        after = said([replace(each, inputs=inputs) if each is victim else each for each in resources])
        if new := frozenset(rule for rule, _ in after - before):
            effects.add(new)
            break
    return effects


@cache
def said_before(stack: str) -> frozenset[tuple[str, str]]:
    return said(recorded(stack))


@pytest.mark.parametrize("stack", ["small", *(pytest.param(name, marks=pytest.mark.slow) for name in STACKS)])
def test_every_row_flipped_breaks_exactly_itself(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    types = frozenset(each.type for each in recorded(stack))
    changes = [change for _, change in rows(types)] + list(switches(types))
    assert len(changes) > (10 if stack == "small" else 50)
    wrong = {
        change: found
        for change in changes
        if (stack, change.rule) not in NOT_ASKED
        and (found := effect(stack, change)) != {ALSO.get(change.rule, frozenset()) | {change.rule}}
    }
    with capsys.disabled():
        sys.stdout.write(f"\n{stack}: {len(changes) - len(wrong)} of {len(changes)} flips break exactly their rule\n")
    assert wrong == {}


def mutants(rule: Rule, resources: Sequence[Resource]) -> Iterator[list[Resource]]:
    """Yield the stack with what a failing fixture of the rule has otherwise than the passing one."""
    for case in (case for case in CASES.values() if case.rule == rule.name):
        good = {(made.type, made.name): made for made in case.passing}
        for bad in case.failing:
            fine = good.get((bad.type, bad.name)) or next((m for m in case.passing if m.type == bad.type), None)
            before = fine.inputs if fine else {}
            changed = {key: value for key, value in bad.inputs.items() if before.get(key, GONE) != value}
            lost = set(before) - set(bad.inputs)
            for victim in [each for each in resources if each.type == bad.type][:6]:
                inputs = {key: value for key, value in {**victim.inputs, **changed}.items() if key not in lost}
                mutant = replace(
                    victim,
                    inputs=inputs,
                    protect=bad.protect,
                    ignore_changes=[*victim.ignore_changes, *bad.ignore_changes],
                )
                yield [mutant if each is victim else each for each in resources]
        for partner in {made.type for made in case.passing} - set(rule.on):
            yield [each for each in resources if each.type != partner]


def grafts(rule: Rule, resources: Sequence[Resource]) -> Iterator[list[Any]]:
    """Yield the stack with the resources of a failing fixture of the rule beside its own."""
    for case in (case for case in CASES.values() if case.rule == rule.name):
        yield [*resources, *case.failing]


def speaks(rule: Rule, resources: Sequence[Any]) -> bool:
    """Whether the rule finds a violation in the stack that no waiver excuses."""
    stack, settings = adapt(resources), Settings(rule.settings)
    found = [v for each in stack.resources for v in judge_resource(rule, each, settings)]
    found += judge_stack(rule, stack, settings)
    return any(v.kind in (Kind.VIOLATION, Kind.UNKNOWN) and excuse(v, WAIVERS, TODAY) is None for v in found)


@pytest.mark.slow
def test_every_binding_rule_that_judges_a_stack_dies_by_a_mutation(capsys: pytest.CaptureFixture[str]) -> None:
    types = {stack: frozenset(each.type for each in recorded(stack)) for stack in STACKS}
    judging = [
        rule for rule in RULES if rule.level in BINDING and any(map(rule.covers, frozenset().union(*types.values())))
    ]
    rowed = {rule.name for stack in STACKS for rule, _ in rows(types[stack])}
    functions = [rule for rule in judging if rule.name not in rowed]
    survived = [
        rule
        for rule in functions
        if not any(speaks(rule, mutant) for stack in STACKS for mutant in mutants(rule, recorded(stack)))
    ]
    left = [rule.name for rule in survived if not any(speaks(rule, grown) for grown in grafts(rule, recorded("shop")))]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(judging) - len(left)} of {len(judging)} binding rules die in a recorded stack: {len(rowed)} rows, "
            f"{len(functions) - len(survived)} functions by changed inputs, {len(survived) - len(left)} by additions\n"
        )
    assert len(survived) < len(judging) // 8, "a change of what stands is worth more than something beside it"
    assert left == []
