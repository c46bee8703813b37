"""Hostile cases: what each does, a stack that does it, and one like it that does not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from policy.configuration import resolve
from policy.judging import Kind, judge_resource, judge_stack
from policy.pack import RULE_NAMES, RULES
from policy.resources import adapt
from policy.rule import Profile
from tests.policy.harness import UNKNOWN, Made

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from policy.rule import Rule, Settings

Inputs = dict[str, object]

ROWS: Final = Path(__file__).resolve().parent / "rows.yaml"
NOT_KNOWN: Final = "~unknown~"
"""In place of a value that is not known before the update."""
OURS: Final = "100000000004"
"""The account of the stacks, by their provider."""
THEIRS: Final = "999999999999"
FAR: Final = "eu-west-1"
PROVIDER: Final = Made(
    type="pulumi:providers:aws", name="main", inputs={"region": "us-east-1", "allowedAccountIds": [OURS]}
)


@dataclass(frozen=True)
class Attack:
    """One case."""

    what: str
    bad: Sequence[Made]
    twin: Sequence[Made] = ()
    """The same stack without the harm: no rule that stops the bad one may stop it."""
    by: str = ""
    """The rule that stops it; needed where no stack is like it and harmless, such as one that uses a door."""
    profile: Profile = Profile.PROD

    @property
    def caught(self) -> set[str]:
        """The rules that stop the harm and not its twin."""
        found = stopping(self.bad, self.profile, frozenset({self.by}) if self.by else RULE_NAMES)
        if self.twin:
            return found - stopping(self.twin, self.profile, found)
        return found if self.by else set()


@cache
def _binding(profile: Profile) -> Sequence[tuple[Rule, Settings]]:
    """Return the rules that stop stacks of a profile, with their settings: made once, for thousands of stacks."""
    configured = resolve(RULES, {}, profile)
    return [(rule, own.settings) for rule in RULES if (own := configured[rule.name]).stops]


def stopping(stack: Sequence[Made], profile: Profile = Profile.PROD, among: AbstractSet[str] = RULE_NAMES) -> set[str]:
    """Return which of some rules stop a deployment of a stack, beside the provider of the account."""
    whole = adapt([PROVIDER, *stack])
    found = set()
    for rule, settings in _binding(profile):
        if rule.name in among:
            covered = (each for type_ in rule.among(whole.by_type) for each in whole.by_type[type_] if rule.judge)
            verdicts = [verdict for each in covered for verdict in judge_resource(rule, each, settings)]
            verdicts += judge_stack(rule, whole, settings)
            if any(verdict.kind is not Kind.DEFERRED for verdict in verdicts):
                found.add(rule.name)
    return found


def token(short: str) -> str:
    """Return a type token: `sqs/queue` is `aws:sqs/queue:Queue`, one with a colon is whole already."""
    name = short.rpartition("/")[2]
    return short if ":" in short else f"aws:{short}:{name[0].upper()}{name[1:]}"


def made(short: str, called: str = "it", /, **inputs: object) -> Made:
    """Return a resource by its short type, in the provider of the account."""
    type_ = token(short)
    return Made(type=type_, name=called, inputs=inputs, provider=PROVIDER.urn if type_.startswith("aws:") else "")


def attack(what: str, short: str, bad: Inputs, good: Inputs | None = None, **more: object) -> Attack:
    """Return a case of one resource: what harms, and what stands in its place in the twin.

    Keyword arguments: `around`, resources beside it in both; `by` and `profile` as in `Attack`.
    """
    around: Sequence[Made] = more.pop("around", ())  # type: ignore[assignment]
    twin = [*around, made(short, **good)] if good is not None else ()
    return Attack(what, [*around, made(short, **bad)], twin, **more)  # type: ignore[arg-type]


def rows() -> Mapping[str, tuple[Attack, ...]]:
    """Return the kinds of `rows.yaml`: type, what harms, and what stands in its place or the rule that stops it."""
    written = ROWS.read_text(encoding="utf-8").replace(NOT_KNOWN, UNKNOWN)
    return {kind: tuple(_row(*row) for row in listed) for kind, listed in yaml.safe_load(written).items()}


def _row(short: str, bad: Inputs, good: Inputs) -> Attack:
    what = f"{short} {json.dumps(bad)[:80]}"
    return attack(what, short, bad, by=str(good["by"])) if "by" in good else attack(what, short, bad, good)


def document(*statements: Mapping[str, object]) -> str:
    """Return a policy as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: object, resource: object = "*", **more: object) -> Inputs:
    """Return a statement of an identity's policy."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def admit(principal: object = "*", action: object = "*", **more: object) -> Inputs:
    """Return a statement of a resource's policy."""
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **more}


def root(account: str = THEIRS) -> Inputs:
    """Return an account as a principal."""
    return {"AWS": f"arn:aws:iam::{account}:root"}
