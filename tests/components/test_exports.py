from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.exports import Exports
from components.outputs import Outputs
from components.platform import Platform
from review.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.stack import StackConfig


@dataclass(frozen=True)
class _Told(Outputs):
    """An area that publishes what it is told to."""

    values: Mapping[str, pulumi.Input[Any]]

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        return self.values


@dataclass(frozen=True)
class _Other(_Told):
    """Another one."""


def _published(settings: StackConfig, make: Callable[[], tuple[Outputs, ...]]) -> Mapping[str, Any]:
    def program() -> None:
        Exports.of(Platform(settings=settings, options=pulumi.ResourceOptions(), outputs=make())).publish()

    return record(program, "test").of_type("pulumi:pulumi:Stack")[0].outputs


def test_a_stack_without_areas_tells_where_it_is_and_what_it_was_deployed_with(settings: StackConfig) -> None:
    published = _published(settings, tuple)
    assert published == {
        "region": "us-east-1",
        "settings": json.dumps(settings.model_dump(mode="json"), sort_keys=True),
    }


def test_what_each_area_publishes_becomes_an_output_of_that_name(settings: StackConfig) -> None:
    def areas() -> tuple[Outputs, ...]:
        return _Told({"group": pulumi.Output.from_input("sg-1")}), Outputs(), _Other({"ports": [1, 2]})

    published = _published(settings, areas)
    assert published["group"] == "sg-1"
    assert published["ports"] == [1, 2]
    assert set(published) == {"region", "settings", "group", "ports"}, "and nothing else"


@pytest.mark.parametrize("name", ["group", "region"])
def test_one_name_for_two_outputs_is_refused(settings: StackConfig, name: str) -> None:
    with pytest.raises(ValueError, match=f"output {name}: published by two areas"):
        _published(settings, lambda: (_Told({name: "a"}), _Other({name: "b"})))
