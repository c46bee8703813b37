from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from google.protobuf.descriptor import FieldDescriptor
from pulumi.runtime.proto import provider_pb2

from standins.awsproxy import values
from standins.awsproxy.backend import Backend
from standins.awsproxy.bridge import Binaries, Bridge
from standins.awsproxy.relay import Relay
from standins.awsproxy.verdicts import TYPES, Verdicts
from standins.paths import RUN_VARIABLE, RunDirectory
from standins.tests.awsproxy.driver import NONE, SOME, Engine

if TYPE_CHECKING:
    from standins.awsproxy.values import Message, Properties

TOKEN = "aws:wafv2/webAcl:WebAcl"
CONFIGURATION = provider_pb2.ConfigureRequest(args=values.to_struct({"region": "us-east-1"}))
UNCHANGED = provider_pb2.DiffResponse(changes=NONE, stables=["name"])
INPUTS: Properties = {"name": "front", "tags": {"a": "1", "b": "2"}}
OTHER: dict[int, object] = {
    FieldDescriptor.TYPE_STRING: "other",
    FieldDescriptor.TYPE_BOOL: True,
    FieldDescriptor.TYPE_MESSAGE: values.to_struct({"name": "other"}),
}


@pytest.fixture
def binaries(tmp_path: Path) -> Binaries:
    for name in ("bridge", "provider"):
        (tmp_path / name).write_text(name)
    return Binaries(tmp_path / "bridge", tmp_path / "provider")


def verdicts(place: Path, binaries: Binaries, configuration: Message = CONFIGURATION) -> Verdicts:
    made = Verdicts(place / "verdicts", binaries)
    made.configured(configuration)
    return made


def question(inputs: Properties = INPUTS) -> Message:
    struct = values.to_struct(inputs)
    return provider_pb2.DiffRequest(id="1", urn="urn", olds=struct, news=struct, old_inputs=struct)


def test_the_same_question_has_the_same_answer_in_another_process(tmp_path: Path, binaries: Binaries) -> None:
    assert verdicts(tmp_path, binaries).known(TOKEN, question()) is None
    verdicts(tmp_path, binaries).keep(TOKEN, question(), UNCHANGED)
    turned = dict(reversed([(name, value) for name, value in INPUTS.items()]))
    assert verdicts(tmp_path, binaries).known(TOKEN, question(turned)) == UNCHANGED, "order of properties says nothing"


@pytest.mark.parametrize("field", [field.name for field in provider_pb2.DiffRequest.DESCRIPTOR.fields])
def test_a_question_that_differs_in_anything_is_another_one(tmp_path: Path, binaries: Binaries, field: str) -> None:
    known = verdicts(tmp_path, binaries)
    known.keep(TOKEN, question(), UNCHANGED)
    asked, described = question(), provider_pb2.DiffRequest.DESCRIPTOR.fields_by_name[field]
    if isinstance(getattr(asked, field), str | bool):
        setattr(asked, field, OTHER[described.type])
    elif described.type == FieldDescriptor.TYPE_MESSAGE and hasattr(getattr(asked, field), "CopyFrom"):
        getattr(asked, field).CopyFrom(OTHER[described.type])
    else:
        getattr(asked, field).extend([OTHER[described.type]] if described.type in OTHER else [1])
    assert asked != question()
    assert known.known(TOKEN, asked) is None


@pytest.mark.parametrize("name", ["bridge", "provider"])
@pytest.mark.parametrize("change", ["size", "age"])
def test_another_build_gives_its_own_answers(tmp_path: Path, binaries: Binaries, name: str, change: str) -> None:
    verdicts(tmp_path, binaries).keep(TOKEN, question(), UNCHANGED)
    if change == "size":
        (tmp_path / name).write_text("longer than before")
    else:
        os.utime(tmp_path / name, (1, 1))
    assert verdicts(tmp_path, binaries).known(TOKEN, question()) is None


def test_another_configuration_gives_its_own_answers(tmp_path: Path, binaries: Binaries) -> None:
    verdicts(tmp_path, binaries).keep(TOKEN, question(), UNCHANGED)
    tagged = provider_pb2.ConfigureRequest(args=values.to_struct({"region": "us-east-1", "defaultTags": "{}"}))
    assert verdicts(tmp_path, binaries, tagged).known(TOKEN, question()) is None
    assert Verdicts(tmp_path / "verdicts", binaries).known(TOKEN, question()) is None, "not configured"


@pytest.mark.parametrize("changes", [SOME, provider_pb2.DiffResponse.DIFF_UNKNOWN])
def test_only_no_change_is_kept(tmp_path: Path, binaries: Binaries, changes: int) -> None:
    known = verdicts(tmp_path, binaries)
    known.keep(TOKEN, question(), provider_pb2.DiffResponse(changes=changes))
    assert known.known(TOKEN, question()) is None
    assert not (tmp_path / "verdicts").exists()


def test_types_whose_plan_may_depend_on_more_are_always_asked(tmp_path: Path, binaries: Binaries) -> None:
    known = verdicts(tmp_path, binaries)
    for token in ("aws:lambda/function:Function", "aws:ec2/vpc:Vpc"):
        known.keep(token, question(), UNCHANGED)
        assert known.known(token, question()) is None


@pytest.mark.parametrize("content", [b"\xff\xff", b"", provider_pb2.DiffResponse(changes=SOME).SerializeToString()])
def test_a_file_that_says_nothing_is_no_answer(tmp_path: Path, binaries: Binaries, content: bytes) -> None:
    known = verdicts(tmp_path, binaries)
    known.keep(TOKEN, question(), UNCHANGED)
    (file,) = (tmp_path / "verdicts").iterdir()
    file.write_bytes(content)
    assert known.known(TOKEN, question()) is None


def test_where_nothing_can_be_written_the_provider_is_asked_again(tmp_path: Path, binaries: Binaries) -> None:
    (tmp_path / "verdicts").write_text("in the way")
    known = verdicts(tmp_path, binaries)
    known.keep(TOKEN, question(), UNCHANGED)
    assert known.known(TOKEN, question()) is None


class Counting(Backend):
    """A backend whose bridge answers "no change", with or without a line in the log."""

    def __init__(self, place: Path, binaries: Binaries, *, says: bool) -> None:
        self.asked = 0
        self._says = says
        self._log = Relay("")
        super().__init__(Bridge(binaries, {}, place / "log"), place / "none", RunDirectory(place), self._log)

    async def call(self, context: Message, method: str, request: Message) -> Message:  # noqa: ARG002 as it is called
        self.asked += method == "Diff"
        self._log.lines += self._says
        return UNCHANGED


@pytest.mark.parametrize(("says", "asked"), [(False, 1), (True, 2)])
def test_a_verdict_with_words_is_asked_for_again(tmp_path: Path, binaries: Binaries, *, says: bool, asked: int) -> None:
    backend = Counting(tmp_path, binaries, says=says)

    async def twice() -> list[Message]:
        await backend.configure(None, CONFIGURATION)
        return [await backend.diff(None, TOKEN, question()) for _ in range(2)]

    assert asyncio.run(twice()) == [UNCHANGED, UNCHANGED]
    assert backend.asked == asked


@pytest.mark.engine
def test_a_web_acl_is_judged_once_while_nothing_changes(engine: Engine, environ: dict[str, str]) -> None:
    kept = Path(environ[RUN_VARIABLE]) / "verdicts"
    metrics = {"cloudwatchMetricsEnabled": True, "metricName": "m", "sampledRequestsEnabled": False}
    wanted = {"name": "front", "scope": "REGIONAL", "defaultAction": {"allow": {}}, "visibilityConfig": metrics}
    inputs = engine.inputs(TOKEN, "front", {**wanted, "description": "one"})
    identity, state = engine.create(TOKEN, "front", inputs)
    assert TOKEN in TYPES
    first = engine.diff(TOKEN, "front", identity, (state, inputs, inputs))
    (file,) = kept.iterdir()
    written = file.stat().st_mtime_ns
    assert engine.diff(TOKEN, "front", identity, (state, inputs, inputs)) == first
    assert first.changes == NONE
    assert file.stat().st_mtime_ns == written, "the second answer is the first one"
    file.unlink()
    assert engine.diff(TOKEN, "front", identity, (state, inputs, inputs)) == first, "as the provider says it again"
    drifted = {**state, "description": "by hand"}
    assert engine.diff(TOKEN, "front", identity, (drifted, inputs, inputs)).changes == SOME
    assert engine.diff(TOKEN, "front", identity, (state, inputs, {**inputs, "description": "two"})).changes == SOME
    assert len(list(kept.iterdir())) == 1, "changes are not kept"
    engine.delete(TOKEN, "front", identity, state)
