"""Two stacks of a trial project on the real engine: the second begins while the first waits, or both end."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from sandbox.run import state
from tests.sandbox.run.trial import SIGNALS

if TYPE_CHECKING:
    from tests.sandbox.run.trial import Trial

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(400)]
SOAK = pytest.mark.soak


@pytest.fixture
def pair(trial: Trial) -> Trial:
    """A primary that takes a minute and publishes one plain output, and a standby that reads it."""
    trial.write("prod", slow=True, plain=True)
    trial.write("dr", follows="prod")
    return trial


def times(trial: Trial, log: str) -> tuple[int, int]:
    """Return the first and the last time in an event log."""
    lines = (trial.run.logs / f"{log}.events.jsonl").read_text().splitlines()
    first, last = (json.loads(line)["timestamp"] for line in (lines[0], lines[-1]))
    return first, last


def test_the_second_is_there_before_the_first(pair: Trial) -> None:
    ended = pair.sandbox("up", "prod", "dr")
    assert ended.returncode == 0, ended.stdout
    assert times(pair, "dr-preview")[0] < times(pair, "prod-up")[1], "it was planned while the first waited"
    assert times(pair, "dr-up")[0] < times(pair, "prod-up")[1], "and deployed"
    assert state.outputs(state.read(pair.run, "trial", "dr"))["read"] == "known early", "with what that publishes"
    saved = state.read(pair.run, "trial", "prod")["deployment"]
    types = {one["type"] for one in saved["resources"]}
    assert "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration" in types, "the engine's own state"
    assert saved["manifest"]["version"], "as the engine writes it"
    again = pair.sandbox("up", "prod", "dr")
    assert again.stdout.count("no changes") >= 2, again.stdout


def test_the_engine_tells_of_a_stack_s_outputs_only_at_its_end(pair: Trial) -> None:
    """Should it tell them when they are known, its event log can be read instead of the language host's file."""
    pair.set(slow=True, plain=True)
    pair.up()
    lines = map(json.loads, (pair.run.logs / "prod-up.events.jsonl").read_text().splitlines())
    reported = [line["resOutputsEvent"]["metadata"] for line in lines if "resOutputsEvent" in line]
    assert reported[-1]["type"] == "pulumi:pulumi:Stack", "after a minute in which they were known"


@pytest.mark.parametrize("how", ["kill -9", pytest.param("Ctrl-C", marks=SOAK), pytest.param("kill", marks=SOAK)])
def test_both_end_and_leave_nothing_when_they_are_cut_off(pair: Trial, how: str) -> None:
    pair.write("dr", follows="prod", slow=True)
    process = pair.begun("up", "prod", "dr", until=lambda line: "deploy dr ..." in line)
    process.send_signal(SIGNALS[how])
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == (-signal.SIGKILL if how == "kill -9" else 130), rest
    assert not pair.processes(), "nothing of ours runs"
    assert not pair.locks(), "no stack is locked"
    pair.write("prod", plain=True)
    pair.write("dr", follows="prod")
    ended = pair.sandbox("up", "prod", "dr")
    assert ended.returncode == 0, ended.stdout
    assert len(pair.buckets()) == 2, "the next one finishes, from nothing"
    if how == "kill -9":
        assert "was cut off in phase deploy prod and deploy dr" in ended.stdout, "one line says what happened"
