"""Remediation: off by default, one value, nothing else changed, and the rule silent afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from pulumi_policy import EnforcementLevel

from policy import crossguard
from policy.crossguard import policies
from policy.pack import RULES
from policy.remediation import REMEDIATIONS
from policy.testing import UNKNOWN, Made, remediated, secret
from policy.values import SECRET, Block
from policy.waivers import Waiver
from tests.policy.cases.database import DATABASE
from tests.policy.harness import TODAY, offline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policy.rule import Rule

BY_NAME = {rule.name: rule for rule in RULES}
OPEN = replace(DATABASE, inputs={**DATABASE.inputs, "publiclyAccessible": True, "password": secret("hush")})


WRONG = (
    (True, False),
    (False, True),
    (7, 1),
    (30, 7),
    ("IMMUTABLE", "MUTABLE"),
    ("Enabled", "Suspended"),
    ("required", "optional"),
)
"""Remediations, and what a program may have instead."""


def wrong(rule: str) -> dict[str, Any]:
    inputs: dict[str, Any] = {"tags": {"owner": "ada"}}
    [instead] = [bad for good, bad in WRONG if (type(good), good) == (type(REMEDIATIONS[rule]), REMEDIATIONS[rule])]
    for path in BY_NAME[rule].reads:
        around = inputs
        *above, last = path.split(".")
        for step in above:
            around = around.setdefault(step, {"beside": "stays"})
        around[last] = instead
    return inputs


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 inputs
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {*before, *after}:
            yield from differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif before != after:
        yield path


FORMS: dict[str, Callable[[Any], Any]] = {
    "secret": secret,
    "list of one": lambda value: [value],
    "list of two": lambda value: [value, value],
    "list of a secret": lambda value: [secret(value)],
    "secret list": lambda value: secret([value]),
}
"""How an object on the way to an input, or the input itself where it is no list, may be written."""


@pytest.mark.parametrize("rule", sorted(REMEDIATIONS))
def test_the_remediation_silences_the_rule_and_changes_only_what_it_reads(rule: str) -> None:
    for type_ in BY_NAME[rule].on:
        bad = Made(type=type_, inputs=wrong(rule))
        assert offline(rule, [bad]) == "violation"
        better = remediated(bad, rule)
        assert set(differences(bad.inputs, better)) == set(BY_NAME[rule].reads)
        assert offline(rule, [replace(bad, inputs=better)]) == "silent"


def test_a_remediation_is_of_a_rule_on_one_resource_whose_values_stand_in_no_setting() -> None:
    for name in REMEDIATIONS:
        rule = BY_NAME[name]
        assert rule.judge is not None
        assert not rule.settings, "a config may ask for more than the remediation gives"
        assert rule.allowed


def test_no_rule_remediates_by_itself() -> None:
    assert EnforcementLevel.REMEDIATE not in {each.enforcement_level for each in policies((), TODAY)}
    assert remediated(OPEN) == OPEN.inputs


def test_secrets_and_what_is_not_known_stay_as_they_are() -> None:
    database = replace(OPEN, inputs={**OPEN.inputs, "kmsKeyId": UNKNOWN, "deletionProtection": False})
    better = remediated(database, "rds-not-public", "rds-deletion-protection")
    assert better["publiclyAccessible"] is False
    assert better["deletionProtection"] is True
    assert (better["kmsKeyId"], better["password"]) == (UNKNOWN, secret("hush"))


def test_what_is_waived_or_not_known_is_not_remediated() -> None:
    waiver = Waiver("rds-not-public", "*::it", "a test", "ada", date(2027, 3, 31))
    assert remediated(OPEN, "rds-not-public", waivers=[waiver]) == OPEN.inputs
    unknown = Made(type=DATABASE.type, inputs={**DATABASE.inputs, "publiclyAccessible": UNKNOWN})
    assert remediated(unknown, "rds-not-public") == unknown.inputs


def test_an_object_on_the_way_is_remediated_in_every_form_that_it_may_have() -> None:
    left = {}
    for rule in sorted(REMEDIATIONS):
        steps = {path.partition(".")[0]: "." in path for path in BY_NAME[rule].reads}
        for form, written in FORMS.items():
            if form != "secret" and not all(steps.values()):
                continue
            inputs = wrong(rule)
            bad = Made(type=BY_NAME[rule].on[0], inputs=inputs | {step: written(inputs[step]) for step in steps})
            better = remediated(bad, rule)
            said = offline(rule, [bad]), offline(rule, [replace(bad, inputs=better)])
            kept = [str(better[step]).count("stays") for step, nested in steps.items() if nested]
            hidden = [str(better[step]).count(SECRET) for step in steps]
            wanted = ("violation", "silent")
            if (
                said != wanted
                or kept != [form.count("two") + 1] * len(kept)
                or hidden != ["secret" in form] * len(hidden)
            ):
                left[rule, form] = (said, better)
    assert left == {}


@pytest.mark.parametrize("nothing", [None, {}, [], [{}]], ids=str)
def test_an_object_that_is_not_there_is_made(nothing: object) -> None:
    template = Made(type="aws:ec2/launchTemplate:LaunchTemplate", inputs={"metadataOptions": nothing})
    [options] = Block(remediated(template, "lt-imdsv2-required")).blocks("metadataOptions")
    assert options.inputs == {"httpTokens": "required"}


def test_a_remediation_that_raises_ends_the_run_with_the_name_of_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def remediated_(rule: Rule, _: object) -> None:
        raise LookupError(f"no way to {rule.reads[0]}")

    monkeypatch.setattr(crossguard, "remediated", remediated_)
    with pytest.raises(RuntimeError, match=r"^rds-not-public: the remediation itself failed with LookupError: no way"):
        remediated(OPEN, "rds-not-public")
    assert remediated(DATABASE, "rds-not-public") == DATABASE.inputs, "what needs none asks for none"
