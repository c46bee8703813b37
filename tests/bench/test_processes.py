"""Each part gets what its processes took, and nothing else; what is measured ends with the bench."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest

from standins.toolchain import terraform
from standins.toolchain.launchers import PLUGINS
from tests.bench import commands, jobs
from tests.bench.commands import FailedError, NotPossibleError, Run
from tests.bench.processes import Name, Stat, Watch, family, part_of

pytestmark = pytest.mark.slow  # seconds of the processor are burnt to be counted

BURN = "import sys, time\nwhile time.process_time() < float(sys.argv[1]): pass\n"


@pytest.fixture
def burners(tmp_path: Path) -> list[str]:
    """A shell script that burns three times as much in a `pulumi` as in a `terraform`, below another shell."""
    for name in ("pulumi", "terraform"):
        (tmp_path / name).symlink_to(sys.executable)
    (tmp_path / "burn.py").write_text(BURN)
    inner = f"cd {tmp_path}; ./pulumi -S burn.py 1.2 & ./terraform -S burn.py 0.4; wait"
    return ["/bin/sh", "-c", f"echo $$ >{tmp_path}/pid; /bin/sh -c '{inner}'; :"]


def test_each_part_gets_the_processor_time_of_its_processes(burners: list[str], tmp_path: Path) -> None:
    parts = commands.run("burners", burners, Watch(tmp_path / "pid")).parts
    assert 2.4 < parts["CLI"].seconds / parts["terraform"].seconds < 3.6


def test_nothing_counts_that_runs_elsewhere(tmp_path: Path) -> None:
    script = f"echo $$ >{tmp_path}/pid; sleep 0.5"
    words = [sys.executable, "-S", "-c", BURN, "0.4"]
    with subprocess.Popen(words) as other:  # noqa: S603 our own interpreter
        done = commands.run("idle", ["/bin/sh", "-c", script], Watch(tmp_path / "pid"))
        other.wait()
    assert set(done.parts) == {"other"}
    assert done.processor < 0.2


def test_what_stands_beside_counts_from_the_beginning_of_the_command_on(tmp_path: Path) -> None:
    script = f"{BURN}print(flush=True)\nsys.stdin.readline()"
    pipe = subprocess.PIPE
    words = [sys.executable, "-S", "-c", script, "0.6"]
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as beside:  # noqa: S603 our own interpreter
        assert beside.stdout is not None
        beside.stdout.readline()
        script = f"echo $$ >{tmp_path}/pid; sleep 0.3"
        done = commands.run("short", ["/bin/sh", "-c", script], Watch(tmp_path / "pid", lambda: [beside.pid]))
        beside.communicate("\n")
    assert done.processor < 0.3, "0.6 s were spent before"


def test_the_peak_is_that_of_the_largest_moment(tmp_path: Path) -> None:
    (tmp_path / "pulumi").symlink_to(sys.executable)
    hold = "import time; held = bytes(range(256)) * 800000; time.sleep(0.3); del held; time.sleep(0.2)"
    script = f'echo $$ >{tmp_path}/pid; {tmp_path}/pulumi -S -c "{hold}"; :'
    parts = commands.run("memory", ["/bin/sh", "-c", script], Watch(tmp_path / "pid")).parts
    assert 200e6 < parts["CLI"].peak_bytes < 280e6


def test_an_orphan_stays_in_its_family() -> None:
    orphan, other = Name(30, 7), Name(40, 8)
    found = {
        10: Stat(Name(10, 1), 1, 0),
        30: Stat(orphan, 1, 2.0),
        31: Stat(Name(31, 9), 30, 1.0),
        40: Stat(other, 1, 5.0),
    }
    assert {name.pid for name, _ in family(found, {10}, [orphan])} == {10, 30, 31}
    reused = found | {30: Stat(Name(30, 99), 1, 4.0)}
    assert {name.pid for name, _ in family(reused, {10}, [orphan])} == {10}


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("/venv/bin/python -P -m standins.language 127.0.0.1:1", "program"),
        ("/venv/bin/python -u -m standins.language.pack /policy 127.0.0.1:1", "pack"),
        ("/usr/bin/python3 -u -m pulumi.policy 127.0.0.1:1 /policy", "pack"),
        ("/venv/bin/python -m sandbox.emulator --port 0", "emulator"),
        ("/cache/cli/pulumi preview -s prod", "CLI"),
        ("/cache/bridge/pulumi-terraform-bridge-dynamic 127.0.0.1:1", "bridge"),
        ("/plugins/terraform-provider-aws_v5.100.0_x5", "Terraform provider"),
        ("/usr/local/bin/terraform plan", "terraform"),
        ("/bin/sh -c pulumi preview", "other"),
        ("/venv/bin/python -I -S /checkout/guard.py 5 -- pulumi preview -m standins.language", "other"),
        ("", "other"),
    ],
)
def test_a_process_is_known_by_its_program_or_module(command: str, part: str) -> None:
    assert part_of(command.split()) == part


def test_every_plugin_of_the_sandbox_is_known() -> None:
    parts = {part_of(["python", "-P", "-m", module]) for module in PLUGINS.values()}
    assert len(parts) == len(PLUGINS)
    assert parts <= set(jobs.ENGINE)


def test_a_job_that_fails_is_no_time() -> None:
    with pytest.raises(FailedError, match=r"broken ended with status 3:\nwhy"):
        commands.python("broken", "-c", "print('why'); raise SystemExit(3)")


def test_seconds_of_the_processor_are_those_of_the_command_and_its_children() -> None:
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {burn!r}])"
    assert commands.python("child", "-S", "-c", child).processor > 0.5


def test_an_interrupted_command_is_ended_with_what_it_started(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    class Stopping(Watch):
        def __enter__(self) -> Self:
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
                pass
            raise StopError

    script = f"echo $$ >{tmp_path}/pid; exec sleep 600"
    with pytest.raises(StopError):
        commands.run("long", ["/bin/sh", "-c", script], Stopping(tmp_path / "pid"))
    assert not Path("/proc", (tmp_path / "pid").read_text().strip()).exists()


def test_a_preview_that_plans_something_else_is_no_comparison(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    events = [{"preludeEvent": {}}, {"summaryEvent": {"resourceChanges": {"same": 5, "update": 1}}}]
    monkeypatch.setattr(commands, "planned", lambda _: {"update": 1})
    monkeypatch.setattr(commands, "shell", lambda *_: Run(1, 1, ""))
    with pytest.raises(FailedError, match=r"plans {'update': 1}, not no change"):
        commands.preview("preview", tmp_path, "prod", {})
    monkeypatch.undo()
    log = tmp_path / "events.jsonl"
    log.write_text("\n".join(map(json.dumps, events)))
    assert commands.planned(log) == {"update": 1}
    log.write_text(json.dumps(events[0]))
    with pytest.raises(FailedError, match="summed nothing up"):
        commands.planned(log)


def test_without_terraform_the_plan_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(terraform, "find", lambda: tmp_path)
    with pytest.raises(NotPossibleError, match="no terraform on this machine"):
        commands.terraform_plan(tmp_path, 5)
