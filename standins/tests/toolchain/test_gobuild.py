"""Binaries are built once, whole or not at all, and a failed or interrupted build leaves none."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from standins.paths import CACHE_VARIABLE, IMPORT_ROOT
from standins.tests.toolchain.waiting import ended, lines
from standins.toolchain import cache, gobuild
from standins.toolchain.errors import ToolchainError

GO = """#!/bin/sh
case "$1 $2" in
  "env GOVERSION") echo go1.26.1 ;;
  "env GOMODCACHE") echo {modules} ;;
  list*) echo "go: downloading example.com/a v1.0.0" >&2; echo a; echo b; {fetch} ;;
  build*) echo built >> {log}; echo a >&2; {compile}
     while [ $# -gt 0 ]; do [ "$1" = -o ] && echo binary > "$2"; shift; done ;;
esac
"""
"""A Go command that keeps a log of its builds; what it does while fetching and compiling is put in."""

BUILD = "import sys; from standins.toolchain import gobuild; gobuild.build([gobuild.CLI], lambda line: None)"


class Machine:
    """A cache, and a Go command to order."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.log = root, root / "log"
        monkeypatch.setenv(CACHE_VARIABLE, str(root / "cache"))
        monkeypatch.setenv("PATH", f"{root / 'bin'}:/usr/bin:/bin")
        self.go()

    def go(self, fetch: str = "true", compile_: str = "true") -> None:
        command = self.root / "bin" / "go"
        command.parent.mkdir(exist_ok=True)
        modules = self.root / "modules"
        command.write_text(GO.format(modules=modules, log=self.log, fetch=fetch, compile=compile_))
        command.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def quiet(_: str) -> None:
    """Say nothing."""


def test_a_binary_that_is_there_is_not_built_again(machine: Machine) -> None:
    gobuild.build([gobuild.CLI], quiet)
    gobuild.build([gobuild.CLI], quiet)
    assert gobuild.CLI.binary.read_text() == "binary\n", "the compiler's output is in its place"
    assert lines(machine.log) == ["built"], "once is enough"


def test_what_is_there_needs_no_go_and_waits_for_no_other_build(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    gobuild.build([gobuild.CLI], quiet)
    monkeypatch.setenv("PATH", str(machine.root))
    with cache.exclusive(lambda: None):
        gobuild.build([gobuild.CLI], quiet)
    assert gobuild.CLI.binary.exists()


def test_each_program_that_is_missing_is_built(machine: Machine) -> None:
    gobuild.build([gobuild.CLI, gobuild.BRIDGE_PROGRAM], quiet)
    assert gobuild.CLI.binary.exists(), "the engine"
    assert gobuild.BRIDGE_PROGRAM.binary.exists(), "the bridge"
    assert lines(machine.log) == ["built", "built"], "each once"


def test_sources_and_objects_of_a_finished_build_are_removed(machine: Machine) -> None:
    gobuild.build([gobuild.CLI], quiet)
    assert not (machine.root / "cache" / "build").exists(), "two gigabytes are not kept for nothing"


def test_the_user_s_own_module_cache_is_used_when_it_has_the_sources(machine: Machine) -> None:
    (machine.root / "modules/github.com/pulumi/pulumi/pkg" / f"v3@v{gobuild.CLI.version}").mkdir(parents=True)
    env = gobuild.environment(str(machine.root / "bin/go"), [gobuild.CLI])
    assert "GOTMPDIR" not in env, "nothing is downloaded twice"


def test_the_place_of_a_binary_changes_with_its_locked_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = gobuild.CLI.binary
    source = tmp_path / "cli"
    source.mkdir()
    for name in ("go.mod", "go.sum"):
        (source / name).write_bytes((gobuild.CLI.source / name).read_bytes())
    with (source / "go.sum").open("a") as file:
        file.write("example.com/a v1.0.0 h1:other\n")
    monkeypatch.setattr(gobuild, "MODULES", tmp_path)
    assert gobuild.CLI.binary != before, "other sources are another binary"


def test_progress_counts_packages(machine: Machine) -> None:
    machine.go(compile_="sleep 0.7")
    said: list[str] = []
    gobuild.build([gobuild.CLI], said.append)
    assert "cli: 1 of 2 packages compiled" in said, "done and total"


@pytest.mark.parametrize(
    ("fetch", "compile_", "doing"),
    [
        ("echo 'no such host' >&2; exit 1", "true", "fetching its sources"),
        ("true", "echo 'syntax error'; exit 1", "compiling"),
    ],
)
def test_a_failure_says_what_go_says_and_leaves_no_binary(
    machine: Machine, fetch: str, compile_: str, doing: str
) -> None:
    machine.go(fetch, compile_)
    with pytest.raises(ToolchainError, match=rf"{doing} failed(.|\n)*(no such host|syntax error)"):
        gobuild.build([gobuild.CLI], quiet)
    assert not gobuild.CLI.binary.exists(), "half a binary is none"


def test_without_go_the_message_names_what_to_install(machine: Machine) -> None:
    (machine.root / "bin/go").unlink()
    with pytest.raises(
        ToolchainError, match=r"go: not found on PATH.*install Go 1\.26 or newer, or put pulumi 3\.272\.0 or newer"
    ):
        gobuild.build([gobuild.CLI], quiet)


def test_a_go_that_is_too_old_is_refused(machine: Machine) -> None:
    command = machine.root / "bin/go"
    command.write_text("#!/bin/sh\necho go1.21.4\n")
    with pytest.raises(ToolchainError, match=r"go: go1\.21\.4 is too old"):
        gobuild.build([gobuild.CLI], quiet)


def test_a_killed_build_leaves_no_process_and_no_binary_and_the_next_one_finishes(machine: Machine) -> None:
    pids = machine.root / "pids"
    machine.go(compile_=f"echo $$ >> {pids}; mkfifo {machine.root}/begun; echo > {machine.root}/begun; sleep 600")
    with subprocess.Popen([sys.executable, "-c", BUILD], cwd=IMPORT_ROOT) as building:  # noqa: S603 our own builder
        while not (machine.root / "begun").exists() and building.poll() is None:
            threading.Event().wait(0.02)
        (machine.root / "begun").read_text()
        building.kill()
    assert all(ended(int(pid)) for pid in lines(pids)), "the compiler ends with the builder"
    assert not gobuild.CLI.binary.exists(), "half a binary is none"
    machine.go()
    gobuild.build([gobuild.CLI], quiet)
    assert gobuild.CLI.binary.exists(), "the lock went with its holder"


def test_two_builders_build_once(machine: Machine) -> None:
    machine.go(compile_="sleep 0.7")
    waits: list[str] = []
    other = threading.Thread(target=gobuild.build, args=([gobuild.CLI], waits.append))
    other.start()
    gobuild.build([gobuild.CLI], waits.append)
    other.join()
    assert lines(machine.log) == ["built"], "the second finds the binary of the first"
    assert "another run is building; waiting for it" in waits, "and says what it waits for"
