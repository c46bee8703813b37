"""How much of what the pack guards it sees change: `python -m tests.policy.mutation [STACK ...] [--json]`.

Rows of the pack say what they allow, so every input that one reads is given a value that it refuses, in each recorded
stack that has it: exactly that rule has to speak. Rules that are functions die by what their failing fixture says
otherwise than the passing one, put into a resource that stands, or else by what it has beside. Rules on types that no
recorded stack has die in their fixtures (test_rules.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from policy.deciding import listed
from policy.judging import Kind, judge_resource, judge_stack
from policy.pack import RULES
from policy.resources import Stack, adapt
from policy.rule import Profile, Rule
from policy.rules.switches import bad_word
from policy.waivers import Excuses
from tests.components.recording import recorded
from tests.policy.cases.stores import values_of
from tests.policy.harness import TODAY, Made
from tests.policy.test_mutations import WAIVERS
from tests.policy.test_rules import CASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policy import resources as judged
    from review.graph import Resource

STACKS: Final = ("small", "prod", "dr", "auctions", "shop")
"""Recorded stacks; `shop` is that of the tests, with whatever containers may have."""
BINDING: Final = tuple(rule for rule in RULES if rule.level.enforcement(Profile.PROD) == "mandatory")
_SETTINGS: Final = {rule.name: rule.defaults for rule in RULES}
_EXCUSES: Final = Excuses(WAIVERS, TODAY)
ALSO: Mapping[str, frozenset[str]] = {"alb-http-redirects": frozenset({"alb-https-listener"})}
"""Rule -> others that its flip breaks as well, since they ask the same input for more."""


NOT_ASKED = {("dr", "redis-in-transit"), ("dr", "redis-at-rest")} | {
    (stack, rule) for stack in STACKS for rule in ("nlb-has-groups", "kubernetes-default-account")
}
"""Stack and rule that asks nothing of it: the secondary of a datastore has the encryption of its primary, no balancer
is a network one that the internet reaches, and no service account is a namespace's own."""
GONE = object()


@dataclass(frozen=True)
class Change:
    """One input of one resource with a value that its row refuses."""

    rule: str
    type: str
    path: str
    value: Any


def made(stack: str) -> Sequence[Resource]:
    return recorded(stack).resources


@cache
def adapted(stack: str) -> Stack:
    """Return a recorded stack as rules see it, with what they read of it kept for the next flip."""
    return adapt(made(stack))


def said(stack: Stack, subjects: Iterable[judged.Resource]) -> frozenset[tuple[str, str]]:
    """Return rule and URN of what stops a stack, of the rules on single resources for some of these only."""
    them, found = tuple(subjects), []
    for rule in BINDING:
        found += judge_stack(rule, stack, _SETTINGS[rule.name])
        found += [one for each in them for one in judge_resource(rule, each, _SETTINGS[rule.name])]
    stops = (one for one in found if one.kind is not Kind.DEFERRED and _EXCUSES.cover(one) is None)
    return frozenset((one.rule.name, one.urn) for one in stops)


@cache
def said_before(stack: str) -> frozenset[tuple[str, str]]:
    """Return what stops a stack as it was recorded."""
    return said(adapted(stack), adapted(stack).resources)


def rows(types: frozenset[str]) -> Iterator[tuple[Rule, Change]]:
    """Yield a flip of each row that stops a stack of production, for each of its inputs and each type in the stack."""
    for rule in BINDING:
        if rule.allowed:
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
        return [put(each, path, new) for each in value or [None]]
    items = dict(value) if isinstance(value, dict) else {}
    items[step] = put(items.get(step), rest, new) if rest else new
    return items


def effect(stack: str, change: Change) -> set[frozenset[str]]:
    """Return what the flip breaks, on the first of a few resources of its type on which it breaks anything.

    Those that have the input come first: a rule may ask nothing of the others.
    """
    input_, *_ = change.path.split(".")
    victims = [each for each in made(stack) if each.type == change.type]
    for victim in sorted(victims, key=lambda each: input_ not in each.inputs)[:4]:
        mutant = replace(victim, inputs=put(dict(victim.inputs), change.path, change.value))
        if new := frozenset(rule for rule, _ in said(*changed(stack, mutant)) - said_before(stack)):
            return {new}
    return set()


def changed(stack: str, mutant: Resource) -> tuple[Stack, Sequence[judged.Resource]]:
    """Return a stack with a mutant in it, and the resources that are not what they were: those of a provider, too."""
    if mutant.type.startswith("pulumi:providers:"):
        whole = adapt([mutant if each.urn == mutant.urn else each for each in made(stack)])
        return whole, whole.resources
    provider = [each for each in made(stack) if each.urn == mutant.provider]
    *_, other = adapt([*provider, mutant]).resources
    return Stack(other if each.urn == other.urn else each for each in adapted(stack).resources), (other,)


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
                if inputs == victim.inputs and bad.protect == victim.protect and not bad.ignore_changes:
                    continue  # nothing of it is otherwise
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
    if rule.name in WITHOUT_CASE:
        yield [*resources, WITHOUT_CASE[rule.name]]


def speaks(rule: Rule, resources: Sequence[Any]) -> bool:
    """Tell whether the rule finds a violation in the stack that no waiver excuses."""
    stack, settings = adapt(resources), _SETTINGS[rule.name]
    found = [v for each in stack.resources for v in judge_resource(rule, each, settings)]
    found += judge_stack(rule, stack, settings)
    return any(v.kind in (Kind.VIOLATION, Kind.UNKNOWN) and _EXCUSES.cover(v) is None for v in found)


@dataclass(frozen=True)
class Flips:
    """The score of a stack."""

    stack: str
    flips: int
    exact: int
    """Flips that break their rule and no other."""
    wrong: Mapping[str, Sequence[str]]
    """Rule and input -> rules that the flip breaks instead."""


@dataclass(frozen=True)
class Deaths:
    """The score of the rules that stop a stack of production."""

    binding: int
    judging: int
    """Those that judge a type of a recorded stack."""
    by_rows: int
    by_inputs: int
    """Functions that die by another input of a resource that stands."""
    by_additions: int
    """Functions that die by a resource beside those that stand."""
    left: Sequence[str]
    """Those that nothing kills."""

    @property
    def dead(self) -> int:
        """Return how many die in a recorded stack."""
        return self.by_rows + self.by_inputs + self.by_additions


DECLARED: Final = "realestate"
"""The stack that declares where its data may be, which some rules ask for before they judge anything."""
WITHOUT_CASE: Final[Mapping[str, Made]] = {
    "data-stays-where-declared": Made(type="aws:kms/key:Key", name="everywhere", inputs={"multiRegion": True})
}
"""Rule that no fixture of a single resource can break -> what breaks it in the stack that declares."""


def flips(stack: str) -> Flips:
    """Flip every guarded input of a stack."""
    types = frozenset(each.type for each in made(stack))
    changes = [
        one for one in (*(one for _, one in rows(types)), *switches(types)) if (stack, one.rule) not in NOT_ASKED
    ]
    wrong = {
        f"{one.rule} {one.type} {one.path}": sorted(*found) if found else []
        for one in changes
        if (found := effect(stack, one)) != {ALSO.get(one.rule, frozenset()) | {one.rule}}
    }
    return Flips(stack, len(changes), len(changes) - len(wrong), wrong)


def deaths(stacks: Sequence[str]) -> Deaths:
    """Kill every rule that judges a type of the stacks; what no change of them kills gets resources beside the last."""
    types = {stack: frozenset(each.type for each in made(stack)) for stack in stacks}
    judging = [rule for rule in BINDING if any(map(rule.covers, frozenset().union(*types.values())))]
    rowed = {rule.name for stack in stacks for rule, _ in rows(types[stack])}
    functions = [rule for rule in judging if rule.name not in rowed]
    survived = [
        rule
        for rule in functions
        if not any(speaks(rule, mutant) for stack in stacks for mutant in mutants(rule, made(stack)))
    ]
    grown = {rule.name: [one for at in (stacks[-1], DECLARED) for one in grafts(rule, made(at))] for rule in survived}
    left = [rule.name for rule in survived if not any(speaks(rule, one) for one in grown[rule.name])]
    by_additions = len(survived) - len(left)
    return Deaths(len(BINDING), len(judging), len(rowed), len(functions) - len(survived), by_additions, left)


def main(arguments: Sequence[str]) -> int:
    """Print the score; return 0 where every flip breaks exactly its rule and every rule dies, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.policy.mutation", description="Print the mutation score.")
    parser.add_argument("stacks", nargs="*", metavar="STACK", help=f"of {', '.join(STACKS)}; default: all")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    if strange := sorted(set(options.stacks) - set(STACKS)):
        parser.error(f"no such stack: {', '.join(strange)}; allowed: {', '.join(STACKS)}")
    chosen = options.stacks or STACKS
    scores, dead = [flips(stack) for stack in chosen], deaths(chosen)
    if options.json:
        document = {"stacks": [asdict(one) for one in scores], "rules": asdict(dead)}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in (*map(described, scores), dead_described(dead)))
    return int(bool(dead.left) or any(one.wrong for one in scores))


def described(score: Flips) -> str:
    """Return the lines of a stack."""
    wrong = (f"  {change}: breaks {', '.join(instead) or 'nothing'}" for change, instead in score.wrong.items())
    return "\n".join((f"{score.stack}: {score.exact} of {score.flips} flips break exactly their rule", *wrong))


def dead_described(dead: Deaths) -> str:
    """Return the lines of the rules."""
    said_ = (
        f"{dead.dead} of the {dead.judging} rules that stop a deployment and judge a type of these stacks die in one: "
        f"{dead.by_rows} rows, {dead.by_inputs} functions by changed inputs, {dead.by_additions} by additions; "
        f"{dead.binding - dead.judging} judge other types, and die in their fixtures"
    )
    return "\n".join((said_, *(f"  {name}: survives" for name in dead.left)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
