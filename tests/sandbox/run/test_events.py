"""The engine's event log is read while it is written, and says what is being waited for."""

import json
from pathlib import Path

import pytest

from sandbox.run import engine, events
from sandbox.run.events import Events, Log

BUCKET = "urn:pulumi:prod::platform::platform:data:Buckets$aws:s3/bucket:Bucket::data-logs"


def step(kind: str, op: str, urn: str = BUCKET, *, custom: bool = True) -> dict[str, object]:
    return {kind: {"metadata": {"op": op, "urn": urn, "new": {"custom": custom}, "old": None}}}


def taken(*listed: dict[str, object]) -> Events:
    found = Events()
    for event in listed:
        found.take(event)
    return found


def published(old: dict[str, str], new: dict[str, str]) -> dict[str, object]:
    metadata = {"op": "same", "urn": "urn", "type": events.STACK, "old": {"outputs": old}, "new": {"outputs": new}}
    return {"resOutputsEvent": {"metadata": metadata}}


def test_a_stack_that_publishes_something_else_is_seen() -> None:
    assert taken(published({"a": "1"}, {"a": "1", "b": "2"})).outputs, "whoever reads it waits for it"
    assert not taken(published({"a": "1"}, {"a": "1"})).outputs


def test_what_has_begun_and_not_ended_is_under_way() -> None:
    found = taken(step("resourcePreEvent", "create"))
    assert found.longest() == "s3 Bucket data-logs creating 0 s", "kind, name, verb and time"
    found.take(step("resOutputsEvent", "create"))
    assert (found.longest(), found.finished) == ("", 1), "an end is an end"


def test_a_failed_operation_is_not_waited_for() -> None:
    found = taken(step("resourcePreEvent", "create"), step("resOpFailedEvent", "create"))
    assert not found.under_way, "nobody waits for it any more"


def test_components_are_not_waited_for() -> None:
    found = taken(step("resourcePreEvent", "create", custom=False))
    assert (found.longest(), found.changes) == ("", {BUCKET: "create"}), "no provider is at work on it"


def test_what_is_left_as_it_is_is_checked_only() -> None:
    found = taken(step("resourcePreEvent", "same"), step("resOutputsEvent", "same"))
    assert (found.checked, found.finished, found.changes) == (1, 0, {}), "nothing is done to it"


def test_the_longest_wait_is_named_and_the_others_counted() -> None:
    found = taken(*(step("resourcePreEvent", "delete", BUCKET + str(number)) for number in range(3)))
    assert found.longest() == "s3 Bucket data-logs0 deleting 0 s, and 2 more", "one line"


@pytest.mark.parametrize(
    ("diagnostic", "kept"),
    [
        ({"severity": "error", "message": "it broke", "urn": BUCKET}, True),
        ({"severity": "warning", "message": "left out", "urn": BUCKET}, True),
        ({"severity": "warning", "message": "using pulumi-resource-aws from $PATH at /x"}, False),
        ({"severity": "info", "message": "program says"}, False),
        ({"severity": "error", "message": "typing", "ephemeral": True}, False),
    ],
)
def test_errors_and_warnings_are_kept_and_the_rest_is_not(diagnostic: dict[str, object], *, kept: bool) -> None:
    assert bool(taken({"diagnosticEvent": diagnostic}).problems) is kept, "remarks on our own plugins are no warnings"


def test_rules_that_judged_are_counted_once() -> None:
    found = taken(
        {"policyAnalyzeSummaryEvent": {"passed": ["a", "b"]}},
        {"policyAnalyzeSummaryEvent": {"passed": ["a"], "failed": ["c"]}},
        {"policyAnalyzeStackSummaryEvent": {"passed": ["d"]}},
    )
    assert found.rules == {"a", "b", "c", "d"}, "by resource and by stack"


def test_a_log_is_read_as_it_grows_and_half_a_line_waits(tmp_path: Path) -> None:
    path = tmp_path / "events"
    log = Log(path)
    assert log.update().checked == 0, "there may be no log yet"
    line = json.dumps(step("resourcePreEvent", "create"))
    path.write_text(f"{line}\n{line[:20]}")
    assert log.update().checked == 1, "the engine is still writing the second"
    with path.open("a") as file:
        file.write(f"{line[20:]}\n")
    assert log.update().checked == 2, "now it is whole"


@pytest.mark.parametrize(
    ("urn", "label"),
    [
        (BUCKET, "s3 Bucket data-logs"),
        ("urn:pulumi:prod::platform::pulumi:providers:aws::aws", "pulumi aws aws"),
        ("urn:pulumi:prod::platform::platform:network:Network::network", "platform Network network"),
        ("", ""),
    ],
)
def test_a_resource_is_named_as_one_reads_it_aloud(urn: str, label: str) -> None:
    assert events.label(urn) == label, "service, kind and name"


def test_the_line_of_progress_counts_and_names() -> None:
    found = taken(step("resourcePreEvent", "create"))
    assert engine.described("prod", found, None) == "prod: 1 checked, 0 done; s3 Bucket data-logs creating 0 s"
    assert engine.described("prod", found, 7).startswith("prod: 1 checked, 0 of 7 done;"), "where it is known"
