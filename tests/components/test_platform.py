from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi
import pytest

from components.outputs import Outputs
from components.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.stack import StackConfig

COMPONENTS = Path(__file__).parents[2] / "components"


@dataclass(frozen=True)
class _A(Outputs):
    value: int


@dataclass(frozen=True)
class _B(Outputs):
    value: int


@pytest.fixture
def platform(settings: StackConfig) -> Platform:
    return Platform(settings=settings, options=pulumi.ResourceOptions())


def _build(*outputs: Outputs) -> Iterator[Outputs]:
    yield from outputs


def test_what_was_built_is_found_by_its_type(platform: Platform) -> None:
    stands = platform.with_outputs(_build(_A(1))).with_outputs(_build()).with_outputs(_build(_B(2)))
    assert stands.get(_A) == _A(1)
    assert stands.needed(_B) == _B(2)
    assert platform.get(_A) is None, "an earlier area sees none of it"


def test_what_was_left_out_is_none_and_asking_for_it_as_needed_names_what_let_it_pass(platform: Platform) -> None:
    stands = platform.with_outputs(_build(_A(1)))
    assert stands.get(_B) is None
    with pytest.raises(LookupError, match=r"_B: needed and not there; config/rules/needs\.py"):
        stands.needed(_B)


def test_two_outputs_of_one_type_are_refused(platform: Platform) -> None:
    with pytest.raises(TypeError, match="outputs of one type: _A"):
        platform.with_outputs(_build(_A(1))).with_outputs(_build(_A(2)))


ASKS_FOR_THE_ROLE = re.compile(r"settings\.recovery\b|\.role\s*[!=]=")


def test_only_the_platform_and_recovery_ask_what_a_stack_is_to_another() -> None:
    files = {str(file.relative_to(COMPONENTS)): file.read_text(encoding="utf-8") for file in COMPONENTS.rglob("*.py")}
    asking = {name for name, text in files.items() if ASKS_FOR_THE_ROLE.search(text)}
    assert asking == {"platform.py", "recovery/area.py"}, "an area takes a value of its own type, or None"
