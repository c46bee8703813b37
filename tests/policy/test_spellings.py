"""However a program spells an input that the provider reads alike, the verdict is the same.

The provider turns `"30"` into 30 and `"true"` into true, and the SDK has one object where Terraform has a block that
stands once. Every fixture of `policy/agreement` is judged in each of these spellings.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from policy.agreement.fixtures import catalogue
from policy.agreement.judged import judged
from policy.values import listed, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from policy.agreement.judged import Judged

_MAPS = frozenset({"tags", "variables"})
"""Inputs that are maps of any keys, and never a block."""
LEAST = 100


def _everywhere(value: object, change: Callable[[object], object]) -> object:
    if isinstance(value, dict):
        return {key: below if key in _MAPS else change(_everywhere(below, change)) for key, below in value.items()}
    if isinstance(value, list):
        return [_everywhere(each, change) if isinstance(each, dict | list) else change(each) for each in value]
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, dict) else value


def _alone(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict | str) else value


def _text_of_number(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _text_of_boolean(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


SPELLINGS: dict[str, Callable[[object], object]] = {
    "a block as a list of one": _listed,
    "a list of one as what is in it": _alone,
    "numbers as text": _text_of_number,
    "booleans as text": _text_of_boolean,
}


@cache
def verdicts() -> Sequence[Judged]:
    """Every fixture of AWS's resources, as it is written."""
    of_aws = [each for each in catalogue().fixtures if all(made.type.startswith("aws:") for made in each.stack)]
    return judged(of_aws)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_verdict_does_not_hang_on_the_spelling(spelling: str) -> None:
    pairs = []
    for verdict in verdicts():
        stack = [replace(made, inputs=_everywhere(made.inputs, SPELLINGS[spelling])) for made in verdict.fixture.stack]
        if stack != verdict.fixture.stack:
            pairs.append((verdict, replace(verdict.fixture, stack=stack)))
    assert len(pairs) > LEAST
    respelled = judged([fixture for _, fixture in pairs])
    assert [
        after.fixture.place
        for (before, _), after in zip(pairs, respelled, strict=True)
        if before.agrees != after.agrees
    ] == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (30, 30),
        (1.5, 1.5),
        ("30", 30),
        ("-1", -1),
        ("1.5", 1.5),
        (True, None),
        ("thirty", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_are_read_as_the_provider_reads_them(given: object, wanted: float | None) -> None:
    assert number(given) == wanted


def test_a_lone_value_is_a_list_of_one() -> None:
    assert listed("audit") == ["audit"]
    assert listed(["audit", "slow"]) == ["audit", "slow"]
