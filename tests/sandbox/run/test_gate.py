"""A plan or an update goes on only when engine and pack both let it, and what stops it is named."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.pack import all_rules
from sandbox.run import gate
from sandbox.run.commands.preview import unjudged
from sandbox.run.engine import Outcome
from sandbox.run.events import STACK, Log
from sandbox.run.failure import DeployError, DestroyError, RefusedError, SandboxError

URN = "urn:pulumi:prod::platform::aws:s3/bucket:Bucket::data-logs"
ASKED: dict[str, Any] = {"policyAnalyzeStackSummaryEvent": {"policyPackName": "platform", "passed": ["some-rule"]}}
SUMMARY: dict[str, Any] = {"summaryEvent": {"resourceChanges": {"same": 3, "create": 2}}}
VIOLATION: dict[str, Any] = {
    "policyEvent": {
        "policyName": "s3-encrypted",
        "resourceUrn": URN,
        "enforcementLevel": "mandatory",
        "message": "buckets are encrypted\nno rule. Fix: add one",
    }
}
ADVICE: dict[str, Any] = {"policyEvent": dict(VIOLATION["policyEvent"], enforcementLevel="advisory")}
CANNOT: dict[str, Any] = {
    "policyEvent": dict(VIOLATION["policyEvent"], enforcementLevel="advisory", message="can't run policy 'x'")
}
ERROR: dict[str, Any] = {"diagnosticEvent": {"severity": "error", "message": "no such zone", "urn": URN}}


@pytest.fixture
def said(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def outcome(said: Path, *listed: dict[str, Any], status: int = 0) -> Outcome:
    said.write_text("".join(json.dumps(event) + "\n" for event in listed))
    return Outcome(status, Log(said).update(), said.with_name("output.log"), said)


def planned(ended: Outcome, *, gated: bool = True) -> gate.Plan:
    return gate.planned("prod", ended, gated=gated)


def test_a_plan_that_nobody_objects_to_goes_on(said: Path) -> None:
    plan = planned(outcome(said, ASKED, ADVICE, SUMMARY))
    assert (plan.counts, plan.rules, plan.empty) == (Counter(same=3, create=2), 1, False), "as the engine summed up"
    assert len(plan.advice) == 1, "advice does not stop it"


def test_a_rule_that_waits_for_the_update_is_one_of_the_plan_s(said: Path) -> None:
    message = "can't run policy 'eks-secrets-kms'"
    waiting = {"policyEvent": dict(CANNOT["policyEvent"], policyName="eks-secrets-kms", message=message)}
    plan = planned(outcome(said, ASKED, waiting, SUMMARY))
    assert (plan.rules, len(plan.pending)) == (2, 1), "the one that judged, and the one that will"
    assert unjudged(plan) == ["  not judged before the update of prod: eks-secrets-kms on data-logs"]
    with pytest.raises(DeployError, match="can't run policy 'eks-secrets-kms'"):
        gate.deployed("prod", outcome(said, ASKED, waiting, SUMMARY), gated=True)
    assert plan.of == len(all_rules((), date(2026, 11, 30))), "the pack's, as the review counts them"


def test_a_refusal_names_rule_resource_and_fix(said: Path) -> None:
    with pytest.raises(RefusedError, match=r"s3-encrypted: data-logs: buckets are encrypted no rule\. Fix: add one"):
        planned(outcome(said, ASKED, VIOLATION, SUMMARY, status=1))


def test_a_rule_that_could_not_judge_is_a_refusal(said: Path) -> None:
    with pytest.raises(RefusedError, match="can't run policy 'x'"):
        planned(outcome(said, ASKED, CANNOT, SUMMARY))


def test_a_refusal_of_the_pack_does_not_hide_the_engine_s(said: Path) -> None:
    with pytest.raises(RefusedError, match=r"can't run policy 'x'(.|\n)*the engine refuses it:\n.*no such zone"):
        planned(outcome(said, ASKED, CANNOT, ERROR, SUMMARY, status=1))


def test_a_pack_that_was_not_asked_is_a_refusal(said: Path) -> None:
    with pytest.raises(RefusedError, match="judged nothing"):
        planned(outcome(said, SUMMARY))


def test_without_a_pack_nobody_is_asked(said: Path) -> None:
    assert planned(outcome(said, SUMMARY), gated=False).rules == 0, "a project need not have one"


def test_a_failed_preview_is_reported_in_the_engine_s_words(said: Path) -> None:
    with pytest.raises(RefusedError, match="s3 Bucket data-logs: no such zone"):
        planned(outcome(said, ERROR, status=1))


def test_an_engine_that_gives_no_error_is_reported_by_the_end_of_its_output(said: Path) -> None:
    ended = outcome(said, status=255)
    ended.log.write_text("much before\nModuleNotFoundError: no x\n\nerror: policy pack p failed to start\n")
    with pytest.raises(RefusedError, match="ModuleNotFoundError: no x\nerror: policy pack p failed to start"):
        planned(ended)


def test_our_own_pack_has_to_judge_by_every_rule(said: Path) -> None:
    ended = outcome(said, ASKED, SUMMARY)
    assert planned(ended).of, "of another project's pack only the name is known"
    with pytest.raises(RefusedError, match="s3-versioning-configured: stack: did not judge the stack"):
        planned(replace(ended, pack=Path(gate.__file__).parents[2] / "policy"))


def test_a_log_cut_off_is_a_refusal(said: Path) -> None:
    ended = outcome(said, ASKED, SUMMARY)
    said.write_text(said.read_text() + '{"policyEvent": {"policyNa')
    with pytest.raises(RefusedError, match="line 3 is no event: it is cut off or damaged"):
        planned(ended)


def test_an_error_that_only_passes_on_another_is_not_reported(said: Path) -> None:
    passed_on = {"diagnosticEvent": {"severity": "error", "message": "Exception calling: no such zone", "urn": URN}}
    with pytest.raises(RefusedError) as refused:
        planned(outcome(said, ERROR, passed_on, status=1))
    assert refused.value.what == "s3 Bucket data-logs: no such zone", "one fault is one line"


@pytest.mark.parametrize("listed", [[ASKED], [ASKED, ERROR, SUMMARY]], ids=["no summary", "an error in it"])
def test_a_preview_that_only_looks_well_is_a_failed_one(said: Path, listed: list[dict[str, Any]]) -> None:
    with pytest.raises(RefusedError):
        planned(outcome(said, *listed, status=0))


def test_a_plan_without_changes_is_empty(said: Path) -> None:
    unchanged = {"summaryEvent": {"resourceChanges": {"same": 5}}}
    assert planned(outcome(said, ASKED, unchanged)).empty, "there is nothing to deploy"


def test_a_plan_that_changes_nothing_but_outputs_is_not_empty(said: Path) -> None:
    unchanged = {"summaryEvent": {"resourceChanges": {"same": 5}}}
    metadata = {"op": "same", "urn": URN, "type": STACK, "old": {"outputs": {}}, "new": {"outputs": {"a": "1"}}}
    plan = planned(outcome(said, ASKED, {"resOutputsEvent": {"metadata": metadata}}, unchanged))
    assert not plan.empty, "another stack may wait for the output"


def test_an_update_is_judged_like_a_plan(said: Path) -> None:
    gate.deployed("prod", outcome(said, ASKED, SUMMARY), gated=True)
    with pytest.raises(DeployError, match=r"s3-encrypted(.|\n)*the world is as it was before"):
        gate.deployed("prod", outcome(said, ASKED, VIOLATION, SUMMARY, status=1), gated=True)
    with pytest.raises(DeployError, match="no such zone"):
        gate.deployed("prod", outcome(said, ERROR, SUMMARY, status=1), gated=True)


def test_a_failed_destruction_names_the_way_out(said: Path) -> None:
    gate.destroyed("prod", outcome(said, SUMMARY), saved=True)
    with pytest.raises(DestroyError, match=r"no such zone(.|\n)*`make down`"):
        gate.destroyed("prod", outcome(said, ERROR, SUMMARY, status=1), saved=True)


def test_a_destruction_that_wrote_no_state_is_not_kept(said: Path) -> None:
    with pytest.raises(SandboxError, match="it did not write its state") as reported:
        gate.destroyed("prod", outcome(said, status=137), saved=False)
    assert not isinstance(reported.value, DestroyError), "what it did destroy is not known"
