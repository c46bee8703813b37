"""The gate: what it counts beside the engine's own verdict."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from policy import gate
from policy.waivers import Waiver
from tests.policy.harness import TODAY

if TYPE_CHECKING:
    from pathlib import Path

URN = "urn:pulumi:prod::platform::aws:s3/bucketPolicy:BucketPolicy::logs"
RAN = {"policyAnalyzeStackSummaryEvent": {"policyPackName": "platform", "passed": ["tags-required"]}}
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
    return gate.judge([*events, RAN], waivers, TODAY, update_follows=update_follows)


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
        Waiver("s3-tls-only", "*", "reason", "owner", TODAY),
        Waiver("s3-tls-only", "*", "reason", "owner", TODAY - timedelta(days=1), covers="unknown"),
        Waiver("s3-tls-only", "*::other", "reason", "owner", TODAY, covers="unknown"),
    ],
    ids=["covers violations", "expired", "other resource"],
)
def test_no_other_waiver_excuses_it(waiver: Waiver) -> None:
    assert not judged(cannot_run("s3-tls-only"), waivers=(waiver,)).passed


def test_a_waiver_does_not_excuse_a_violation_that_the_pack_reported() -> None:
    waiver = Waiver("rds-not-public", "*", "reason", "owner", TODAY, covers="unknown")
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


def test_the_command_reads_an_event_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "events.json"
    log.write_text("".join(f"{json.dumps(event)}\n" for event in (cannot_run("s3-tls-only"), RAN)))
    assert gate.main([str(log)]) == 1
    assert gate.main([str(log), "--update-follows"]) == 0
    out = capsys.readouterr().out
    assert "blocking: s3-tls-only: logs" in out
    assert "pending: s3-tls-only: logs" in out
    assert out.endswith("pass: 0 blocking\n")
