"""The whole chain on a trial project: deployed, refused, taken down. (Cut off: test_interrupts.py.)"""

import pytest

from sandbox.run.events import records
from tests.sandbox.run.trial import STACK_FILE, Trial

pytestmark = [pytest.mark.engine, pytest.mark.timeout(400)]


def test_up_deploys_and_a_second_one_changes_nothing(trial: Trial) -> None:
    first = trial.document("up")
    assert first["ok"], first
    assert first["stacks"][0]["areas"] == {"program": {"aws:s3/bucket:Bucket": 1}}, "the report counts what was made"
    assert first["stacks"][0]["policy"]["rules"] == 1, "the pack judged"
    assert len(trial.buckets()) == 1, "the emulator, asked with boto3, has it"
    second = trial.document("up")
    assert (second["stacks"][0]["changes"], second["stacks"][0]["deployed"]) == ({}, False), "nothing to do"
    assert (trial.project / "Pulumi.prod.yaml").read_text() == STACK_FILE, "the stack file stays as typed"


def test_down_throws_everything_away_and_leaves_nothing_running(trial: Trial) -> None:
    trial.up()
    ended = trial.sandbox("down")
    assert ended.returncode == 0, ended.stdout
    assert "the embedded AWS was thrown away with prod; nothing runs" in ended.stdout, "without the engine"
    assert not trial.processes(), "no process of ours runs"
    assert not list((trial.run.state / ".pulumi/stacks").rglob("*.json")), "no stack is left"
    assert "nothing runs" in trial.sandbox("status").stdout, "and status says so"
    assert trial.document("up")["stacks"][0]["changes"]["create"] >= 1, "the next one begins with an empty world"


def test_a_destruction_leaves_nothing_in_the_emulator_and_nothing_running(trial: Trial) -> None:
    trial.up()
    ended = trial.sandbox("down", "--destroy")
    assert ended.returncode == 0, ended.stdout
    assert "none of 1 resources looked for is left" in ended.stdout, "asked with boto3, protection lifted"
    assert not trial.processes(), "no process of ours runs"
    assert "nothing runs" in trial.sandbox("status").stdout, "and status says so"


def test_a_plan_the_pack_refuses_changes_nothing_and_leaves_the_world_standing(trial: Trial) -> None:
    trial.up()
    trial.set(buckets=2, public=True)
    refused = trial.sandbox("up")
    assert refused.returncode == 1, "a refusal is no success"
    for word in ("no-public", "bucket-1", "Fix: take the tag off"):
        assert word in refused.stdout, f"rule, resource and fix are named: {word}"
    assert "Traceback" not in refused.stdout, "no traceback"
    assert len(trial.buckets()) == 1, "nothing was changed"
    assert "standing" in trial.sandbox("status").stdout, "the world stands as before"


def test_a_refused_first_plan_leaves_nothing_running(trial: Trial) -> None:
    trial.set(public=True)
    assert trial.sandbox("up").returncode == 1, "refused"
    assert not trial.processes(), "what was started for the plan is stopped"


def test_a_program_that_fails_is_reported_with_its_own_words(trial: Trial) -> None:
    trial.set(crash=True)
    ended = trial.sandbox("up")
    assert ended.returncode == 1, "a failure is no success"
    assert "the program's own fault" in ended.stdout, "the reason is reported"
    assert not trial.processes(), "nothing runs"


def test_a_shell_reaches_the_world_and_what_it_changes_counts(trial: Trial) -> None:
    trial.up()
    typed = "pulumi preview -s prod --policy-pack policy && pulumi up -s prod --yes --skip-preview -c trial:buckets=2"
    ended = trial.sandbox("shell", "-c", typed)
    assert ended.returncode == 0, ended.stdout
    assert "3 unchanged" in ended.stdout.partition("Updating")[0], "no changes after up"
    assert len(trial.buckets()) == 2, "what was typed was done"
    assert trial.document("up")["stacks"][0]["changes"] == {"delete": 1}, "and is the state the next up starts from"
    assert (trial.project / "Pulumi.prod.yaml").read_text() == STACK_FILE, "the stack file stays as typed"


def test_no_secret_is_in_the_state_or_in_the_logs(trial: Trial) -> None:
    trial.up()
    passphrase = trial.run.passphrase.read_text()
    for path in trial.run.root.rglob("*"):
        if path.is_file() and path != trial.run.passphrase:
            text = path.read_bytes()
            assert b"hidden-in-state" not in text, f"{path} holds a secret in plain text"
            assert passphrase.encode() not in text, f"{path} holds the passphrase"


def test_the_event_log_is_what_the_gate_reads(trial: Trial) -> None:
    trial.up()
    events = list(records(trial.run.logs / "prod-preview.events.jsonl"))
    assert any("policyAnalyzeStackSummaryEvent" in event for event in events), "the pack judged the whole stack"
