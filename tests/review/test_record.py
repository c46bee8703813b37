"""A recording takes nothing from the SDK that nobody reads, and leaves the SDK as it was."""

from __future__ import annotations

import pulumi
import pytest
from pulumi.runtime import resource as sdk
from pulumi.runtime.proto import source_pb2

from review import record as recording
from review.record import record


def one() -> None:
    pulumi.CustomResource("trial:index:Thing", "thing")


def failing() -> None:
    one()
    raise LookupError("the program's own")


def test_no_stack_trace_is_taken_while_recording_and_the_sdk_takes_them_again_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[str] = []

    def trace() -> source_pb2.StackTrace:
        taken.append("a trace")
        return source_pb2.StackTrace()

    monkeypatch.setattr(sdk, "_get_stack_trace", trace)
    assert len(record(one, "test").custom()) == 1
    with pytest.raises(LookupError):
        record(failing, "test")
    assert taken == []
    assert sdk._get_stack_trace is trace


def test_an_sdk_that_takes_its_traces_elsewhere_is_left_alone_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(sdk, "_get_stack_trace")
    monkeypatch.setattr(pulumi.log, "get_engine", lambda: None)
    with recording._without_stack_traces():
        assert not hasattr(sdk, "_get_stack_trace")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("info: review.record: this version of the Pulumi SDK")
