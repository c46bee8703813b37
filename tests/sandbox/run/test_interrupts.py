"""A trial project whose commands are cut off at every phase, fail on the way, or meet each other."""

import itertools
import json
import os
import re
import signal

import pytest

from tests.sandbox.run.trial import SIGNALS, STACK_FILE, Trial

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(400)]

SOAK = pytest.mark.soak
PHASES = ("toolchain", "emulator", "preview prod", "deploy prod", "verify prod", "checkpoint")
TURNS = (("Ctrl-C", "kill -9"), ("kill -9", "Ctrl-C"))
"""The first of each pair is tried of every other phase in a rehearsal, the second when it soaks."""
CUTS = [
    pytest.param(how, phase, marks=[SOAK] * late, id=f"{how}-{phase}")
    for at, phase in enumerate(PHASES)
    for late, how in enumerate(TURNS[at % 2])
]


def test_one_stack_of_several_is_not_thrown_away_but_can_be_destroyed(trial: Trial) -> None:
    (trial.project / "Pulumi.other.yaml").write_text(STACK_FILE)
    assert trial.sandbox("up", "prod", "other").returncode == 0
    refused = trial.sandbox("down", "other")
    assert refused.returncode == 1, refused.stdout
    assert "the embedded AWS is thrown away as a whole, and prod would go with it" in refused.stdout
    assert "make down DESTROY=1 STACKS='other'" in refused.stdout, "what can be done instead"
    assert len(trial.buckets()) == 2, "nothing was touched"
    alone = trial.sandbox("down", "--destroy", "other")
    assert "other stacks stand" in alone.stdout, alone.stdout
    assert len(trial.buckets()) == 1, "the other one's bucket is gone"
    assert trial.sandbox("down", "prod").returncode == 0, "prod is all there is"
    assert not trial.processes(), "nothing runs"


def test_what_a_failed_destruction_has_destroyed_stays_destroyed(trial: Trial) -> None:
    trial.set(buckets=2)
    trial.up()
    full = next(name for name in trial.buckets() if name.startswith("bucket-1"))
    trial.s3().put_object(Bucket=full, Key="one", Body=b"of somebody")
    failed = trial.sandbox("down", "--destroy")
    assert failed.returncode == 1, failed.stdout
    assert "BucketNotEmpty" in failed.stdout, "the engine says what is in its way"
    assert trial.buckets() == [full], "the emulator has the one that could not be deleted"
    assert trial.held_by_state() == [full], "and so has the state, which is written once, at the end"
    trial.s3().delete_object(Bucket=full, Key="one")
    assert trial.sandbox("down", "--destroy").returncode == 0, "the next one goes on there"


def test_a_destruction_whose_engine_was_killed_is_undone(trial: Trial) -> None:
    trial.set(lingering=True)
    trial.up()
    before = trial.buckets()
    process = trial.begun("down", "--destroy", until=lambda line: "deleting" in line)
    os.kill(trial.engine(), signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 1, rest
    assert "the last consistent state is put back" in rest, "nobody knows what it had destroyed"
    again = trial.sandbox("up")
    assert "no changes" in again.stdout, "engine and emulator agree"
    assert trial.buckets() == before, "everything is back"


def test_an_update_that_fails_on_the_way_is_undone(trial: Trial) -> None:
    trial.up()
    before = trial.buckets()
    trial.set(buckets=2, broken=True)
    failed = trial.sandbox("up")
    assert failed.returncode == 1, failed.stdout
    assert "NoSuchBucket" in failed.stdout, "the engine's reason"
    assert not trial.processes(), "nothing of ours runs"
    trial.set()
    assert "no changes" in trial.sandbox("up").stdout, "the state says what the emulator has"
    assert trial.buckets() == before, "which is what it had"


def test_what_is_typed_in_the_shell_is_written_as_it_is_done(trial: Trial) -> None:
    trial.set(broken=True)
    typed = "env | grep CHECKPOINTS; pulumi up -s prod --yes --skip-preview"
    failed = trial.sandbox("shell", "-c", typed)
    assert "NoSuchBucket" in failed.stdout, failed.stdout
    assert "PULUMI_SKIP_CHECKPOINTS" not in failed.stdout, "nothing puts back what a person does"
    made = {name.rpartition("-")[0] for name in trial.held_by_state()}
    assert made == {"bucket-0", "made"}, "what was made is in the state"


@pytest.mark.parametrize(("how", "phase"), CUTS)
def test_an_interrupted_first_up_leaves_nothing_and_the_next_one_finishes(trial: Trial, how: str, phase: str) -> None:
    trial.set(slow=phase == "deploy prod")
    process = trial.begun("up", until=lambda line: f"{phase} ..." in line)
    process.send_signal(SIGNALS[how])
    rest, _ = process.communicate(timeout=60)
    expected = -signal.SIGKILL if how == "kill -9" else 130
    assert process.returncode == expected, rest
    assert not trial.processes(), "nothing of ours runs"
    assert not trial.locks(), "the stack is not locked"
    trial.set()
    ended = trial.sandbox("up")
    assert ended.returncode == 0, ended.stdout
    assert len(trial.buckets()) == 1, "the next one finishes"


@pytest.mark.parametrize("how", ["kill -9", pytest.param("Ctrl-C", marks=SOAK), pytest.param("kill", marks=SOAK)])
def test_an_interrupted_change_is_undone_as_a_whole(trial: Trial, how: str) -> None:
    trial.up()
    before = trial.buckets()
    trial.set(buckets=3, slow=True)
    process = trial.begun("up", until=lambda line: "BucketLifecycleConfiguration slow creating" in line)
    process.send_signal(SIGNALS[how])
    process.communicate(timeout=60)
    assert not trial.processes(), "nothing of ours runs, the world that stood included"
    trial.set()
    again = trial.sandbox("up")
    assert "no changes" in again.stdout, "engine and emulator are both what they were"
    assert trial.buckets() == before, "the buckets of the half-made change are gone"
    if how == "kill -9":
        assert re.search(
            r"`up` was cut off in phase deploy prod; the last consistent state is put back", again.stdout
        ), "one line says what happened"


def test_progress_is_shown_at_least_every_five_seconds(trial: Trial) -> None:
    trial.set(slow=True)
    ended = trial.sandbox("up")
    times = [float(found) for found in re.findall(r"^\[ *([0-9.]+) s\]", ended.stdout, re.MULTILINE)]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert max(gaps) <= 5.0, f"the user sees a sign of life, gaps were {gaps}"
    assert re.search(r"s3 BucketLifecycleConfiguration slow creating \d+ s", ended.stdout), "and what is waited for"


def test_a_shell_without_a_world_starts_one_and_ends_it(trial: Trial) -> None:
    ended = trial.sandbox("shell", "-c", "pulumi preview -s prod; exit 7")
    assert ended.returncode == 7, "the status is the shell's"
    assert "1 to create" in ended.stdout or "3 to create" in ended.stdout, ended.stdout
    assert not trial.processes(patience_seconds=0), "what the shell needed has ended with it"
    assert "nothing runs" in trial.sandbox("status").stdout, "and the world rests"


def test_a_killed_shell_takes_its_commands_along(trial: Trial) -> None:
    process = trial.begun("shell", "-c", "echo begun; sleep 600", until=lambda line: line == "begun\n")
    process.kill()
    process.communicate(timeout=60)
    assert not trial.processes(), "nothing of ours runs"


def test_two_commands_at_a_time_are_one_too_many(trial: Trial) -> None:
    first = trial.begun("up", until=lambda line: "preview prod ..." in line)
    second = trial.sandbox("up")
    first.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 1), "the first is not disturbed"
    assert f"`up` is at work here (process {first.pid}" in second.stdout, "the second says who is at work"


def test_an_emulator_that_died_is_started_again_with_its_world(trial: Trial) -> None:
    trial.up()
    pid = json.loads(trial.run.journal.read_text())["emulator"]["pid"]
    os.kill(pid, signal.SIGKILL)
    assert not trial.processes(), "it is dead"
    again = trial.sandbox("up")
    assert "the embedded AWS has ended without us" in again.stdout, "said in one line"
    assert "no changes" in again.stdout, "engine and emulator agree"
    assert len(trial.buckets()) == 1, "its bucket is back"
