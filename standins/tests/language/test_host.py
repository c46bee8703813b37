"""The real engine runs programs and policy packs through our host as it does through the official one."""

# ruff: noqa: S603 - the engine of the toolchain
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from standins.tests.language.conftest import Project
from standins.tests.toolchain.waiting import ended
from standins.toolchain import guard

pytestmark = [pytest.mark.engine, pytest.mark.timeout(400)]

PROGRAM = """
import sys, pulumi
print("said aloud")
print("said aside", file=sys.stderr)
pulumi.log.warn("beware")
class Thing(pulumi.ComponentResource):
    def __init__(self, name): super().__init__("trial:index:Thing", name)
Thing("{name}")
pulumi.export("name", pulumi.Config().require_object("settings")["name"])
pulumi.export("dry", pulumi.runtime.is_dry_run())
"""


def test_a_program_speaks_through_the_engine(project: Project) -> None:
    project.write(PROGRAM.format(name="good"))
    ended = project.pulumi("preview", "--policy-pack", "pack")
    assert ended.returncode == 0, ended.stdout
    for words in (
        "said aloud",
        "said aside",
        "warning: beware",
        "trial:index:Thing good create",
        '"one"',
        "+ 2 to create",
    ):
        assert words in ended.stdout, f"{words!r} comes through"


def test_an_update_is_no_dry_run_and_a_second_one_changes_nothing(project: Project) -> None:
    project.write(PROGRAM.format(name="good"))
    assert project.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "pack").returncode == 0, "deployed"
    assert project.pulumi("stack", "output", "dry").stdout.strip() == "false", "the program knows"
    again = project.pulumi("preview", "--expect-no-changes")
    assert again.returncode == 0, again.stdout


def test_a_violation_fails_the_preview_by_name(project: Project) -> None:
    project.write(PROGRAM.format(name="bad"))
    refused = project.pulumi("preview", "--policy-pack", "pack")
    assert refused.returncode != 0, "mandatory is mandatory"
    assert "no-bad-name" in refused.stdout, "the rule is named"
    assert "bad is no name. Cure: give it a better one" in refused.stdout, "with what it says"


def test_a_pack_that_does_not_start_fails_the_preview_with_its_words(project: Project) -> None:
    project.write(PROGRAM.format(name="good"), pack="raise RuntimeError('the waiver file is faulty')")
    refused = project.pulumi("preview", "--policy-pack", "pack")
    assert refused.returncode != 0, "no pack, no verdict"
    assert "the waiver file is faulty" in refused.stdout, "the reason comes through"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("raise ValueError('no such zone')", "ValueError: no such zone"),
        ("raise pulumi.RunError('network.cidr: overlaps')", "error: network.cidr: overlaps"),
        ("sys.exit('give it a name')", "error: give it a name"),
        ("import not_installed", "ModuleNotFoundError: No module named 'not_installed'"),
        ("pulumi.Output.from_input(1).apply(lambda _: 1 / 0)", "ZeroDivisionError"),
    ],
)
def test_a_program_that_fails_fails_the_preview_with_its_words(project: Project, line: str, words: str) -> None:
    project.write(f"{PROGRAM.format(name='good')}\n{line}\n")
    failed = project.pulumi("preview")
    assert failed.returncode != 0, "a failure is no success"
    assert words in failed.stdout, failed.stdout


def test_the_engine_is_not_kept_waiting_when_it_is_done(project: Project) -> None:
    project.write(PROGRAM.format(name="good"))
    project.pulumi("preview")
    begun = time.monotonic()
    project.pulumi("preview", "--policy-pack", "pack")
    assert time.monotonic() - begun < 5.0, "a plugin that does not end when told to costs five seconds"


def test_host_and_pack_end_with_the_kill_9_of_the_engine(project: Project) -> None:
    project.write(PROGRAM.format(name="good") + "open('begun', 'w').close()\nimport time\ntime.sleep(600)\n")
    os.mkfifo(project.root / "begun")
    with subprocess.Popen(
        project.command("preview", "--policy-pack", "pack"),
        cwd=project.root,
        env=project.env,
        stdout=subprocess.DEVNULL,
    ) as engine:
        Path(project.root / "begun").read_text()
        below = guard.descendants(engine.pid)
        commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in below]
        engine.send_signal(signal.SIGKILL)
    assert any(b"standins.language.pack" in command for command in commands), "host and pack were running"
    assert all(ended(pid) for pid in below), "neither outlives the engine"
