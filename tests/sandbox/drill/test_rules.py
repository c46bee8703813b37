"""What a load balancer answers by itself is what its rules say, in their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.drill.rules import Rule, answer

LISTED = {
    "RuleArn": "arn:rule",
    "Priority": "1",
    "IsDefault": False,
    "Conditions": [{"Field": "path-pattern", "Values": ["/standby-active"]}],
    "Actions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "MessageBody": "not active"}}],
}
WORD = Rule(1, ("/standby-active",), 200, "active")
PODS = Rule(2, ("/*",), 0, "")


def test_a_listed_rule_is_read_with_its_answer() -> None:
    assert Rule.read(LISTED) == Rule(1, ("/standby-active",), 404, "not active")


def test_a_listed_rule_that_leads_to_pods_answers_nothing_itself() -> None:
    assert Rule.read(LISTED | {"Actions": [{"Type": "forward"}]}).status == 0


@pytest.mark.parametrize("kinds", [["host-header"], ["path-pattern", "source-ip"], []])
def test_a_condition_that_is_judged_otherwise_is_refused(kinds: list[str]) -> None:
    with pytest.raises(ValueError, match="listener rule arn:rule: conditions"):
        Rule.read(LISTED | {"Conditions": [{"Field": kind, "Values": ["x"]} for kind in kinds]})


@pytest.mark.parametrize("rules", [(WORD, PODS), (PODS, WORD)])
def test_the_first_rule_that_matches_decides(rules: tuple[Rule, ...]) -> None:
    assert answer(rules, "/standby-active") == WORD, "whatever the order in which they are listed"
    assert answer(rules, "/Standby-active") is None, "case counts, so pods are asked"


def test_a_rule_that_leads_to_pods_hides_those_behind_it() -> None:
    assert answer((Rule(0, ("/stand*",), 0, ""), WORD), "/standby-active") is None


@given(st.text("/abc-", max_size=8))
def test_an_exact_path_is_matched_by_itself_alone(path: str) -> None:
    assert WORD.matches(path) == (path == "/standby-active")
