"""A program that has the SDK wait once fails in the real engine as any other does: with its words, and at once."""

import signal

import pytest

from sandbox.paths import CHECKOUT
from tests.sandbox.run.trial import PROGRAM, Trial

pytestmark = [pytest.mark.engine, pytest.mark.timeout(400)]

BEGIN = f"""
import sys
sys.path.append({str(CHECKOUT)!r})
from components.runtime import collect_no_garbage, wait_once
collect_no_garbage()
"""


def write(trial: Trial, end: str) -> None:
    (trial.project / "__main__.py").write_text(f"{BEGIN}{PROGRAM}{end}\nwait_once()\n")


def test_it_deploys_and_a_second_time_changes_nothing(trial: Trial) -> None:
    write(trial, "")
    trial.up()
    assert len(trial.buckets()) == 1, "the bucket is there"
    assert trial.document("up")["stacks"][0]["changes"] == {}, "nothing to do"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("raise LookupError('after registrations')", "LookupError: after registrations"),
        ("raise pulumi.RunError('network.cidr: overlaps')", "network.cidr: overlaps"),
        ("pulumi.Output.from_input(0).apply(lambda none: 1 / none)", "ZeroDivisionError"),
        ("aws.s3.Bucket('named', bucket='Not_A_Name', opts=mine)", "Not_A_Name"),
        ("pulumi.CustomResource('nowhere:index:Thing', 'thing')", "nowhere"),
    ],
)
def test_a_failure_is_reported_with_its_words_and_leaves_nothing_running(trial: Trial, end: str, words: str) -> None:
    write(trial, end)
    ended = trial.sandbox("up")
    assert ended.returncode == 1, "a failure is no success"
    assert words in ended.stdout, ended.stdout
    assert not trial.processes(), "nothing runs"


def test_a_failure_found_while_deploying_does_not_wait_for_what_is_being_made(trial: Trial) -> None:
    """The lifecycle of the slow bucket takes a minute; the function fails on a value that only its making knows."""
    trial.set(slow=True)
    write(trial, "bucket.arn.apply(lambda arn: 1 / pulumi.runtime.is_dry_run())")
    ended = trial.sandbox("up")
    assert ended.returncode == 1, "a failure is no success"
    assert "ZeroDivisionError" in ended.stdout, ended.stdout


def test_ctrl_c_ends_a_deployment_that_waits(trial: Trial) -> None:
    trial.set(slow=True)
    write(trial, "")
    process = trial.begun("up", until=lambda line: "BucketLifecycleConfiguration slow creating" in line)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130, rest
    assert not trial.processes(), "nothing of ours runs"
    assert not trial.locks(), "the stack is not locked"
