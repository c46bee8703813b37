"""Patterns of conditions, and which of the rules decides."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.emulator.traffic import rules
from sandbox.emulator.traffic.messages import Request


@pytest.mark.parametrize(
    ("text", "pattern", "takes"),
    [
        ("/a", "/a", True),
        ("/a.b", "/a?b", True),
        ("/axb", "/a.b", False),
        ("/*", r"/\*", True),
        ("/x", r"/\*", False),
        ("/?", r"/\?", True),
        ("\\", "\\\\", True),
        ("a\\b", "a\\b", True),
        ("[a]", "[a]", True),
        ("a", "[a]", False),
        ("", "*", True),
        ("", "?", False),
        ("a\nb", "a*b", True),
    ],
)
def test_a_text_is_as_a_pattern_says(text: str, pattern: str, takes: bool) -> None:  # noqa: FBT001
    assert rules.like(text, pattern, case=True) is takes


@given(st.text("ab.+/"), st.text("ab.+/*?"))
def test_wildcards_are_those_of_file_names(text: str, pattern: str) -> None:
    assert rules.like(text, pattern, case=True) == fnmatch.fnmatchcase(text, pattern)


@given(st.permutations([1, 2, 10, 49999]))
def test_the_lowest_number_decides_and_the_default_rule_is_last(order: list[int]) -> None:
    listed = [{"Priority": str(number), "Conditions": []} for number in order]
    listed.insert(2, {"Priority": "default", "IsDefault": True, "Conditions": []})
    found = rules.first(listed, Request("GET", "/", []))
    assert found is not None
    assert found["Priority"] == "1"
    assert rules.first(listed[2:3], Request("GET", "/", [])) == listed[2]


def test_a_group_without_weight_is_never_chosen() -> None:
    groups = [{"TargetGroupArn": "a", "Weight": "0"}, {"TargetGroupArn": "b", "Weight": "1"}]
    action = {"ForwardConfig": {"TargetGroups": groups}}
    assert {rules.group(action) for _ in range(50)} == {"b"}
    assert rules.group({"ForwardConfig": {"TargetGroups": groups[:1]}}) is None
