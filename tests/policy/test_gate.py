"""The gate: what it counts beside the engine's own verdict."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from policy import gate
from policy.configuration import ConfigError
from policy.eventlog import events
from policy.pack import RULES
from policy.waivers import Waiver
from tests.policy.harness import TODAY
from tests.policy.runs import SUMMARY, TYPES, stack_rules, whole

if TYPE_CHECKING:
    from pathlib import Path

URN = "urn:pulumi:prod::platform::aws:s3/bucketPolicy:BucketPolicy::logs"
Event = dict[str, object]


def said(rule: str, message: str, level: str = "mandatory") -> Event:
    return {
        "policyEvent": {
            "resourceUrn": URN,
            "message": message,
            "policyName": rule,
            "policyPackName": "platform",
            "enforcementLevel": level,
        }
    }


def cannot_run(rule: str) -> Event:
    text = f"can't run policy '{rule}' from policy pack 'platform@v0.0.1' during preview: string value at .policy"
    return said(rule, text, "advisory")


def judged(*events: Event, waivers: tuple[Waiver, ...] = (), update_follows: bool = False) -> gate.Verdict:
    return gate.judge(whole(said=events), waivers, TODAY, update_follows=update_follows)


def test_a_run_that_says_nothing_passes() -> None:
    assert judged().passed


def test_a_mandatory_violation_stops() -> None:
    verdict = judged(said("rds-not-public", "publiclyAccessible is true"))
    assert not verdict.passed
    assert str(verdict.blocking[0]) == "rds-not-public: logs: publiclyAccessible is true"


def test_the_title_that_the_sdk_puts_above_is_left_out() -> None:
    verdict = judged(said("rds-not-public", "Databases have no public address\npubliclyAccessible is true\n"))
    assert verdict.blocking[0].message == "publiclyAccessible is true"


def test_an_advisory_violation_is_advice() -> None:
    verdict = judged(said("rds-cmk", "kmsKeyId is not set", "advisory"))
    assert verdict.passed
    assert [note.rule for note in verdict.advice] == ["rds-cmk"]


def test_a_rule_that_could_not_run_stops_though_the_engine_lets_it_pass() -> None:
    assert not judged(cannot_run("s3-tls-only")).passed


def test_before_an_update_a_rule_that_waits_for_it_is_pending() -> None:
    verdict = judged(cannot_run("s3-tls-only"), update_follows=True)
    assert verdict.passed
    assert [note.rule for note in verdict.pending] == ["s3-tls-only"]


@pytest.mark.parametrize("rule", ["rds-not-public", "s3-policy-configured", "a-rule-of-another-pack"])
def test_before_an_update_no_other_rule_may_wait(rule: str) -> None:
    assert not judged(cannot_run(rule), update_follows=True).passed


def test_a_waiver_for_unknowns_excuses_a_rule_that_could_not_run() -> None:
    waiver = Waiver("s3-tls-only", "*BucketPolicy::logs", "reason", "owner", TODAY, covers="unknown")
    verdict = judged(cannot_run("s3-tls-only"), waivers=(waiver,))
    assert verdict.passed
    assert [note.rule for note in verdict.waived] == ["s3-tls-only"]


@pytest.mark.parametrize(
    "waiver",
    [
        Waiver("s3-tls-only", "*::logs", "reason", "owner", TODAY),
        Waiver("s3-tls-only", "*::logs", "reason", "owner", TODAY - timedelta(days=1), covers="unknown"),
        Waiver("s3-tls-only", "*::other", "reason", "owner", TODAY, covers="unknown"),
    ],
    ids=["covers violations", "expired", "other resource"],
)
def test_no_other_waiver_excuses_it(waiver: Waiver) -> None:
    assert not judged(cannot_run("s3-tls-only"), waivers=(waiver,)).passed


def test_a_waiver_does_not_excuse_a_violation_that_the_pack_reported() -> None:
    waiver = Waiver("rds-not-public", "*::logs", "reason", "owner", TODAY, covers="unknown")
    assert not judged(said("rds-not-public", "publiclyAccessible is true"), waivers=(waiver,)).passed


@pytest.mark.parametrize(
    "event",
    [{}, {"summaryEvent": {}}, {"policyAnalyzeStackSummaryEvent": {"policyPackName": "other"}}],
    ids=["no events", "ended early", "another pack"],
)
def test_a_run_in_which_the_pack_did_not_judge_stops(event: Event) -> None:
    verdict = gate.judge([event], (), TODAY)
    assert not verdict.passed
    assert "judged nothing" in verdict.blocking[0].message


def test_an_unheard_of_level_counts_as_mandatory() -> None:
    assert not judged(said("rds-not-public", "text", "remediate")).passed


def test_what_is_mandatory_stops_though_the_engine_took_it_as_advice() -> None:
    advised = said("rds-multi-az", "multiAz is false", "advisory")
    verdict = judged(advised)
    assert "give the gate its pack config" in verdict.blocking[0].message
    config = {"rds-multi-az": "advisory"}
    assert gate.judge(whole(config, said=[advised]), (), TODAY, expected=gate.levels(config)).passed


def names(verdict: gate.Verdict) -> set[str]:
    return {note.rule for note in verdict.blocking}


def test_every_rule_disabled_stops_and_each_is_named() -> None:
    log = [
        {
            key: {**value, "passed": []} if isinstance(value, dict) and "passed" in value else value
            for key, value in event.items()
        }
        for event in whole()
    ]
    covered = {rule.name for rule in RULES if rule.judge and any(map(rule.covers, TYPES))}
    off = {name for name, own in gate.levels().items() if own.level == "disabled"}
    assert names(gate.judge(log, (), TODAY)) == (covered | set(stack_rules())) - off


@pytest.mark.parametrize("rule", ["rds-multi-az", "s3-versioning-configured", "tags-required"])
def test_one_rule_disabled_stops_unless_the_gate_has_the_config_that_says_so(rule: str) -> None:
    config = {rule: "disabled"}
    assert names(gate.judge(whole(config), (), TODAY)) == {rule}
    verdict = gate.judge(whole(config), (), TODAY, expected=gate.levels(config))
    assert verdict.passed
    assert [str(note) for note in verdict.advice] == [f"{rule}: stack: is disabled by the pack config"]


def test_a_resource_that_the_pack_never_saw_stops() -> None:
    unseen = {"resourcePreEvent": {"metadata": {"op": "same", "urn": URN, "type": "aws:s3/bucketPolicy:BucketPolicy"}}}
    verdict = gate.judge(whole(said=[unseen]), (), TODAY)
    assert {"s3-tls-only", "s3-policy-no-any-principal", "region-allow-list"} <= names(verdict)
    assert "judged 0 of the 1 resources" in next(n.message for n in verdict.blocking if n.rule == "s3-tls-only")


@pytest.mark.parametrize("operation", ["delete", "delete-replaced", "read", "refresh", "discard"])
def test_what_is_not_made_need_not_be_judged(operation: str) -> None:
    gone = {"resourcePreEvent": {"metadata": {"op": operation, "urn": URN, "type": "aws:s3/bucket:Bucket"}}}
    assert gate.judge(whole(said=[gone]), (), TODAY).passed


def test_an_import_is_reported_for_the_engine_shows_it_to_no_rule() -> None:
    imported = {"resourcePreEvent": {"metadata": {"op": "import", "urn": URN, "type": "aws:s3/bucket:Bucket"}}}
    verdict = gate.judge(whole(said=[imported]), (), TODAY)
    assert verdict.passed
    assert [note.urn for note in verdict.advice] == [URN]


def test_another_pack_s_rules_are_not_counted() -> None:
    log = [{"policyAnalyzeStackSummaryEvent": {"policyPackName": "platform", "passed": ["some-rule"]}}, SUMMARY]
    assert gate.judge(log, (), TODAY, expected={}).passed
    assert not gate.judge(log, (), TODAY).passed


@pytest.mark.parametrize("left", range(1, len(whole())))
def test_a_log_cut_off_anywhere_stops(left: int) -> None:
    cut = whole()[:left]
    if SUMMARY.items() <= cut[-1].items():
        pytest.skip("whole but for the last line, which says nothing")
    assert any("ends before the engine summed up" in note.message for note in gate.judge(cut, (), TODAY).blocking)


def test_a_log_with_a_gap_stops() -> None:
    log = whole()
    del log[3]
    assert "event 4 follows event 2" in gate.judge(log, (), TODAY).blocking[0].message


def test_a_rule_that_did_not_end_is_named() -> None:
    dump = (
        "Timeout (0:01:00)!\nThread 0x00007f (most recent call first):\n"
        '  File "/p/rules/tagging.py", line 60 in tags-required\n  File "/p/judging.py", line 90 in _collect\n'
    )
    lines: list[Event] = [
        {"diagnosticEvent": {"severity": "info#err", "message": f"{line}\n"}} for line in dump.splitlines()
    ]
    failed: Event = {"diagnosticEvent": {"severity": "error", "message": "rpc error: code = Unavailable"}}
    verdict = gate.judge([*whole()[:5], *lines, failed], (), TODAY)
    assert "tags-required" in names(verdict)
    assert any("the engine says: rpc error: code = Unavailable" in note.message for note in verdict.blocking)


def test_a_pack_that_could_not_start_stops_in_the_engine_s_words() -> None:
    failed: Event = {"diagnosticEvent": {"severity": "error", "message": "could not start policy pack: no module"}}
    verdict = gate.judge([failed, SUMMARY], (), TODAY)
    assert "the engine says: could not start policy pack: no module" in verdict.blocking[0].message
    printed: Event = {"diagnosticEvent": {"severity": "info#err", "message": "ModuleNotFoundError: no module\n\n"}}
    verdict = gate.judge([printed, {"cancelEvent": {}}], (), TODAY)
    assert "the engine says: ModuleNotFoundError: no module" in verdict.blocking[0].message


def written(path: Path, log: list[Event]) -> Path:
    path.write_text("".join(f"{json.dumps(event)}\n" for event in log))
    return path


def test_the_command_reads_an_event_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = written(tmp_path / "events.json", whole(said=[cannot_run("s3-tls-only")]))
    assert gate.main([str(log)]) == 1
    assert gate.main([str(log), "--update-follows"]) == 0
    out = capsys.readouterr().out
    assert "blocking: s3-tls-only: logs" in out
    assert "pending: s3-tls-only: logs" in out
    assert f"rules judged {len(TYPES)} resources" in out
    assert out.endswith("pass: 0 blocking\n")


def test_the_command_takes_the_config_that_the_engine_was_given(tmp_path: Path) -> None:
    config = {"rds-multi-az": "disabled"}
    log, file = written(tmp_path / "events.json", whole(config)), tmp_path / "config.json"
    file.write_text(json.dumps(config))
    assert gate.main([str(log)]) == 1
    assert gate.main([str(log), "--config", str(file)]) == 0


@pytest.mark.parametrize("damage", ["cut", "no file", "no config", "faulty config"])
def test_the_command_stops_without_a_traceback(damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, config = written(tmp_path / "events.json", whole()), tmp_path / "config.json"
    words = {"cut": "line", "no file": "No such file", "no config": "cannot be read", "faulty config": "no level"}
    config.write_text('{"all": "Mandatory"}')
    if damage == "cut":
        log.write_text(log.read_text()[:-40])
    arguments = [str(log if damage != "no file" else tmp_path / "none")]
    if "config" in damage:
        arguments += ["--config", str(config if damage == "faulty config" else tmp_path / "none.json")]
    assert gate.main(arguments) == 1
    assert words[damage] in capsys.readouterr().out


def test_a_line_that_is_no_event_is_a_fault(tmp_path: Path) -> None:
    log = tmp_path / "events.json"
    for line in ('{"sequence": 1', "[]", "null", "\x00"):
        log.write_text("".join(f"{json.dumps(event)}\n" for event in whole()) + line)
        assert not gate.judge(events(log), (), TODAY).passed


def test_a_faulty_config_is_refused() -> None:
    with pytest.raises(ConfigError):
        gate.levels({"all": "disabled"})
