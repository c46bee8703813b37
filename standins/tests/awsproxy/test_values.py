from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from standins.awsproxy import values

LEAVES = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@given(st.dictionaries(st.text(max_size=5), TREES, max_size=4))
def test_properties_survive_the_wire_unchanged(properties: dict[str, Any]) -> None:
    assert values.from_struct(values.to_struct(properties)) == properties


def test_plain_text_of_secrets_is_only_for_comparing() -> None:
    assert values.plain({"a": values.secret(["x", values.secret("y")])}) == {"a": ["x", "y"]}


def test_wrapping_a_secret_twice_changes_nothing() -> None:
    assert values.secret(values.secret("x")) == values.secret("x")


def test_unknowns_are_found_inside_secrets_and_lists() -> None:
    assert values.contains_unknown({"a": [values.secret(values.UNKNOWN)]}) is True
    assert values.contains_unknown({"a": ["known"]}) is False


def test_what_is_not_known_is_left_out_of_a_recorded_state() -> None:
    state = {"a": values.UNKNOWN, "b": [1.0, values.UNKNOWN], "c": values.secret(values.UNKNOWN), "d": {"e": "x"}}
    assert values.without_unknowns(state) == {"b": [1.0], "d": {"e": "x"}}
