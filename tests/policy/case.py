"""The compact table of fixtures: for each rule a passing, a failing, an unknown and an absent-property stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from tests.policy.harness import UNKNOWN, Made, Outcome, altered

Stack = Sequence[Made]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Four stacks and what the rule says of each."""

    rule: str
    passing: Stack
    failing: Stack
    unknown: Stack
    absent: Stack
    unknown_is: Outcome
    absent_is: Outcome


class Expected(TypedDict, total=False):
    """What differs from: an unknown fails closed, an absent property is a violation, nothing stands around."""

    unknown_is: Outcome
    absent_is: Outcome
    around: Stack


def value_case(rule: str, good: Made, guard: str, bad: object, **expected: Unpack[Expected]) -> Case:
    """Case of a rule on one value: a good resource and the one mutation that breaks it."""
    around = expected.get("around", ())

    def with_guard(value: object) -> Stack:
        return [*around, replace(good, inputs=altered(good.inputs, guard, value))]

    return Case(
        rule=rule,
        passing=[*around, good],
        failing=with_guard(bad),
        unknown=with_guard(UNKNOWN),
        absent=with_guard(None),
        unknown_is=expected.get("unknown_is", "unknown"),
        absent_is=expected.get("absent_is", "violation"),
    )


def pair_case(rule: str, owner: str, partner: str, key: str, inputs: Mapping[str, object] | None = None) -> Case:
    """Case of a rule that wants a partner: linked by dependency, by value, not at all, and to something else."""
    owned = Made(type=owner, name="owner", id="owner-id", inputs=inputs or {})
    other = Made(type=owner, name="other", id="other-id", inputs=inputs or {})
    unlinked = Made(type=partner, name="partner")
    linked = replace(unlinked, inputs={key: UNKNOWN}, property_dependencies={key: [owned.urn]})
    by_value = replace(unlinked, inputs={key: "owner-id"})
    return Case(
        rule=rule,
        passing=[owned, by_value],
        failing=[owned, replace(by_value, inputs={key: "other-id"}), other],
        unknown=[owned, linked],
        absent=[owned, unlinked],
        unknown_is="silent",
        absent_is="violation",
    )


def forbidden_case(rule: str, forbidden: str, allowed: str) -> Case:
    """Case of a rule against a type as such: no input of it can make it right."""
    return Case(
        rule=rule,
        passing=[Made(type=allowed)],
        failing=[Made(type=forbidden, inputs={"name": "it"})],
        unknown=[Made(type=forbidden, inputs={"name": UNKNOWN})],
        absent=[Made(type=forbidden)],
        unknown_is="violation",
        absent_is="violation",
    )
