"""The program on the SDK: what is waited for, how a failure is reported, what is collected."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi.runtime import stack

from components import runtime
from config.files import ROOT
from review import record as recording
from review.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from google.protobuf.message import Message
    from pulumi.runtime.proto import resource_pb2

    Future = asyncio.Future[object]

THINGS, PROPERTIES = 100, 20


def things() -> None:
    """Register a resource after the other, each with an output of the one before."""
    before: pulumi.Output[str] = pulumi.Output.from_input("")
    for number in range(THINGS):
        properties = {f"property{one}": before for one in range(PROPERTIES)}
        before = pulumi.CustomResource("trial:index:Thing", f"thing{number}", properties).id


def most_waited_for(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many futures the SDK waited for together, at most."""
    sizes: list[int] = []

    async def wait(futures: Collection[Future], return_when: str) -> tuple[set[Future], set[Future]]:
        sizes.append(len(futures))
        return await asyncio.wait(futures, return_when=return_when)

    monkeypatch.setattr(stack, "asyncio", SimpleNamespace(**{**vars(asyncio), "wait": wait}))
    assert len(record(things, "test").custom()) == THINGS, "everything is registered"
    return max(sizes)


def test_the_sdk_waits_for_one_task_and_not_for_every_output(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_waited_for(monkeypatch) < THINGS, "one task, and what the SDK makes of the resources meanwhile"


@pytest.mark.slow
def test_the_sdk_alone_waits_for_all_of_them_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where this fails, the SDK has changed, and `wait_once` may go."""
    monkeypatch.setattr(recording, "wait_once", lambda: None)
    assert most_waited_for(monkeypatch) > THINGS * PROPERTIES


def an_error() -> None:
    raise LookupError("the program's own")


def a_sentence() -> None:
    raise pulumi.RunError("network.cidr: overlaps")


def a_failed_apply() -> None:
    pulumi.CustomResource(
        "trial:index:Thing", "after", {"of": pulumi.Output.from_input(0).apply(lambda none: 1 / none)}
    )


def a_refused_resource() -> None:
    pulumi.CustomResource("trial:index:Thing", "thing0")


def a_value_that_cannot_be_sent() -> None:
    pulumi.CustomResource("trial:index:Thing", "after", {"of": object()})


@pytest.mark.slow
@pytest.mark.parametrize("waits", ["once", "as the SDK does"])
@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (an_error, LookupError, "the program's own"),
        (a_sentence, pulumi.RunError, "network.cidr: overlaps"),
        (a_failed_apply, ZeroDivisionError, "division by zero"),
        (a_refused_resource, ValueError, "registered twice"),
        (a_value_that_cannot_be_sent, ValueError, "unexpected input of type object"),
    ],
)
def test_a_failure_after_registrations_is_reported_as_by_the_sdk_alone(
    failure: Callable[[], None], kind: type[Exception], words: str, waits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if waits != "once":
        monkeypatch.setattr(recording, "wait_once", lambda: None)

    def program() -> None:
        things()
        failure()

    with pytest.raises(kind, match=words):
        record(program, "test")


def test_a_failure_is_reported_while_other_calls_are_still_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing function must not wait for a database of half an hour."""
    failed, answered = threading.Event(), []
    registered = recording._Recorder.RegisterResource

    def slow(self: recording._Recorder, request: resource_pb2.RegisterResourceRequest) -> Message:
        if request.name == "slow":
            answered.append(failed.wait(60))
        return registered(self, request)

    def program() -> None:
        pulumi.CustomResource("trial:index:Thing", "slow")
        a_failed_apply()

    monkeypatch.setattr(recording._Recorder, "RegisterResource", slow)
    try:
        with pytest.raises(ZeroDivisionError):
            record(program, "test")
        assert False not in answered, "the slow call has not come to its end"
    finally:
        failed.set()


def test_a_program_without_outputs_waits_for_nothing() -> None:
    assert record(lambda: None, "test").custom() == ()


@pytest.mark.parametrize("changed", [SimpleNamespace(), SimpleNamespace(outputs=[], lock=threading.Lock())])
def test_an_sdk_that_keeps_its_outputs_elsewhere_is_left_alone_and_named(
    changed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pulumi.runtime.settings.SETTINGS", changed)
    monkeypatch.setattr(pulumi.log, "get_engine", lambda: None)
    runtime.wait_once()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("info: components.runtime: this version of the Pulumi SDK")


GARBAGE = """
import gc
from components.runtime import collect_no_garbage
class Ring:
    def __init__(self): self.me = self
    def __del__(self): print("collected")
{first}
print(gc.isenabled())
Ring()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "said"),
    [("", "True\ncollected\n"), ("gc.disable()", "False\ncollected\n"), ("collect_no_garbage()", "False\n")],
)
def test_no_garbage_is_collected_while_the_program_runs_nor_when_it_exits(first: str, said: str) -> None:
    command = [sys.executable, "-c", GARBAGE.format(first=first)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - ours
    assert done.stdout == said
