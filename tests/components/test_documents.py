"""JSON texts with outputs in them: the text, what it depends on, and what is not known yet."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown
from pulumi.runtime import settings

from components.documents import as_json

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
)


def resolve(make: Callable[[], pulumi.Output[str]]) -> tuple[str, bool, bool]:
    """Return an output's value, whether it is known and whether it is secret."""

    async def resolved() -> tuple[str, bool, bool]:
        output = make()
        return await output.future() or "", await output.is_known(), await output.is_secret()

    loop = asyncio.new_event_loop()  # `asyncio.run` looks through every task that a test has ever left
    try:
        return loop.run_until_complete(resolved())
    finally:
        loop.close()


@given(PLAIN)
def test_plain_data_becomes_its_json_with_sorted_keys(value: object) -> None:
    assert resolve(lambda: as_json(value)) == (json.dumps(value, sort_keys=True), True, False)


@given(PLAIN)
def test_an_output_is_written_where_it_stands(value: object) -> None:
    def make() -> pulumi.Output[str]:
        one = pulumi.Output.from_input(value)
        return as_json({"b": [one, {"c": one}], "a": 1}, compact=True)

    expected = json.dumps({"a": 1, "b": [value, {"c": value}]}, separators=(",", ":"), sort_keys=True)
    assert resolve(make) == (expected, True, False)


def test_a_text_with_a_secret_in_it_is_secret() -> None:
    assert resolve(lambda: as_json({"a": pulumi.Output.secret("b")})) == ('{"a": "b"}', True, True)


def test_a_text_is_not_known_before_all_of_its_outputs_are() -> None:
    def make() -> pulumi.Output[str]:
        unknown = pulumi.Output.from_input(Unknown())  # type: ignore[no-untyped-call] # SDK without annotations
        return as_json({"a": unknown, "b": pulumi.Output.from_input(1)})

    assert resolve(make) == ("", False, False)


@pytest.mark.parametrize("value", [{"a": object()}, {"a": {1, 2}}])
def test_what_json_cannot_say_is_refused_at_once(value: object) -> None:
    with pytest.raises(TypeError, match="in a JSON text: plain data and outputs are allowed"):
        as_json(value)


def test_no_output_is_made_of_plain_data() -> None:
    def made() -> int:
        before = len(settings.SETTINGS.outputs)
        as_json({str(number): ["a", {"b": "c"}] for number in range(100)})
        return len(settings.SETTINGS.outputs) - before

    async def count() -> int:
        return made()

    assert asyncio.run(count()) <= 2, "one of nothing, and the text"
