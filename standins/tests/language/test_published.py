"""Outputs of a stack are written down when the engine has taken them, and no secret is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

from standins.language import published
from standins.paths import OUTPUTS_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

STACK = "urn:pulumi:prod::p::pulumi:pulumi:Stack::p-prod"
COMPONENT = "urn:pulumi:prod::p::trial:index:Thing::thing"
SECRET = {published.SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}


class Engine:
    """The engine as the SDK's client shows it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.there: list[bool] = []

    def RegisterResourceOutputs(self, request: Any) -> str:  # noqa: ANN401, ARG002, N802 shape set by gRPC
        """Note whether the outputs are written down already."""
        self.there.append(self.file.exists())
        return "taken"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine(tmp_path / "outputs.json")
    monkeypatch.setenv(OUTPUTS_VARIABLE, str(engine.file))
    monkeypatch.setattr(settings, "get_monitor", lambda: engine)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    return engine


def register(engine: Engine, urn: str, outputs: dict[str, Any]) -> object:
    request = resource_pb2.RegisterResourceOutputsRequest(urn=urn)
    request.outputs.update(outputs)
    return engine.RegisterResourceOutputs(request)


def test_a_stack_s_outputs_are_written_when_the_engine_has_them(engine: Engine) -> None:
    published.tell()
    outputs = {"name": "n", "count": 3, "on": True, "ids": ["a", "b"], "by": {"zone": {"a": 1.5}}}
    assert register(engine, COMPONENT, {"other": "thing"}) == "taken"
    assert register(engine, STACK, outputs) == "taken", "the SDK gets the engine's answer"
    assert engine.there == [False, False], "not before the engine has them, and not a component's"
    assert json.loads(engine.file.read_text()) == outputs


@pytest.mark.parametrize("value", [SECRET, {"deep": [SECRET]}, published.UNKNOWN, [published.UNKNOWN]])
def test_nothing_is_written_where_one_is_more_than_plain_data(engine: Engine, value: object) -> None:
    published.tell()
    register(engine, STACK, {"name": "n", "other": value})
    assert not engine.file.exists()


def test_a_preview_publishes_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    published.tell()
    register(engine, STACK, {"name": "n"})
    assert not engine.file.exists()


def test_a_client_of_another_shape_is_left_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_monitor", object)
    published.tell()
    assert not engine.file.exists(), "and the program runs"
