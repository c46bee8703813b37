"""The commands that are measured: each in a session of its own, watched, and ended when the bench is."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.paths import CHECKOUT, run_directory
from sandbox.run import journal
from standins.toolchain import terraform
from standins.toolchain.process import ProcessName, Warden
from tests.bench import synthetic
from tests.bench.processes import Part, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
    "SHELL": "/bin/sh",
    "PYTHONPATH": str(CHECKOUT),
}
"""Compiled modules are kept between runs, as they are for anybody."""
PATIENCE_SECONDS = 30.0
TAIL_CHARACTERS = 2000

PREVIEW = (
    "exec env PULUMI_DEBUG_COMMANDS=true pulumi preview -s {stack} --non-interactive --color never --parallel 48 "
    "--event-log {events} {pack}"
)
"""What `make preview` types."""
PLAN = (
    "cd {directory} && exec env CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE={configuration} "
    "terraform plan -input=false -no-color"
)
OVERRIDE = """provider_installation {{
  dev_overrides {{
    "hashicorp/aws" = {directory}
  }}
}}
"""
"""Terraform's own way to use a provider's binary as it lies there; it needs no `init` and asks no registry."""


class NotPossibleError(Exception):
    """What a job needs is not on this machine; the text says what."""


class FailedError(Exception):
    """A command failed, so it has no time."""


@dataclass(frozen=True)
class Run:
    """A command that ended well.

    Attributes:
        wall: Seconds by the clock.
        processor: Seconds of the processor, with those of the processes that it started.
        output: What it said on standard output.
        parts: What each part of it took, where it was watched.
    """

    wall: float
    processor: float
    output: str
    parts: Mapping[str, Part] = field(default_factory=dict)


def run(name: str, words: Sequence[str | Path], watch: Watch | None = None) -> Run:
    """Run a command to its end; one that is interrupted is ended first, with everything it started.

    Args:
        name: What it is called where it fails.
        words: The command.
        watch: Looks at its processes meanwhile; without one the command has no parts.

    Raises:
        FailedError: It ended with an error.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 our own commands
            list(map(str, words)), cwd=CHECKOUT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=output,
            stderr=errors, start_new_session=True,
        )  # fmt: skip
        warden = Warden(ProcessName.of(process.pid))  # a bench that is killed takes it along
        try:
            with watch or contextlib.nullcontext():
                _, status, used = os.wait4(process.pid, 0)
                wall = time.perf_counter() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
        except BaseException:
            end(process)
            raise
        finally:
            warden.let_go()
        output.seek(0)
        errors.seek(0)
        said, complained = output.read(), errors.read()
    if process.returncode:
        raise FailedError(f"{name} ended with status {process.returncode}:\n{(said + complained)[-TAIL_CHARACTERS:]}")
    if watch is None:
        return Run(wall, used.ru_utime + used.ru_stime, said)
    parts = watch.parts()
    return Run(watch.wall, sum(part.seconds for part in parts.values()), said, parts)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a command to end, which ends what it started; kill one that does not."""
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def python(name: str, *words: str) -> Run:
    """Run our interpreter."""
    return run(name, [sys.executable, *words])


def shell(name: str, project: Path, stack: str, script: str) -> Run:
    """Run a script in the sandbox's shell of a project: what is measured works against its embedded AWS.

    Only the script's processes count, not those that make the shell ready.
    """

    def emulator() -> list[int]:
        process = journal.read(run_directory(project).journal).emulator
        return [process.pid] if process is not None and process.runs() else []

    with tempfile.TemporaryDirectory(prefix="platform-bench-") as place:
        root = Path(place, "pid")
        whole = f"echo $$ >{shlex.quote(str(root))}; {script}"
        words = [sys.executable, "-m", "sandbox", "shell", "--project", str(project), stack, "-c", whole]
        return run(name, words, Watch(root, emulator))


def deployed(stack: str) -> None:
    """Say whether a stack of this checkout is deployed.

    Raises:
        NotPossibleError: It is not.
    """
    status: dict[str, Any] = json.loads(python("status", "-m", "sandbox", "status", "--json").output)
    if stack not in {each["stack"] for each in status["stacks"]}:
        raise NotPossibleError(f"{stack} is not deployed here; `make up` first")


def preview(name: str, project: Path, stack: str, changes: Mapping[str, int], *, pack: bool = False) -> Run:
    """Preview a stack; what it plans is part of what is measured.

    Args:
        name: What it is called where it fails.
        project: Directory of the Pulumi project.
        stack: The stack.
        changes: Operation -> number of resources that the preview must find, those left as they are not counted.
        pack: Whether the project's policy pack judges it.

    Raises:
        FailedError: It failed, or planned something else.
    """
    with tempfile.TemporaryDirectory(prefix="platform-bench-") as place:
        events = Path(place, "events.jsonl")
        script = PREVIEW.format(
            stack=stack, events=shlex.quote(str(events)), pack="--policy-pack policy" if pack else ""
        )
        done = shell(name, project, stack, script)
        found = planned(events)
    if found != changes:
        raise FailedError(f"{name} is no comparison: it plans {found or 'no change'}, not {changes or 'no change'}")
    return done


def planned(events: Path) -> dict[str, int]:
    """Return what a preview's event log sums up: operation -> number of resources."""
    for line in events.read_text(encoding="utf-8").splitlines():
        summary = json.loads(line).get("summaryEvent")
        if summary:
            return {
                operation: number for operation, number in summary["resourceChanges"].items() if operation != "same"
            }
    raise FailedError("the preview summed nothing up")


def synthetic_preview(directory: Path, count: int) -> Run:
    """Preview a synthetic project for the first time; the stack and its provider are made as well."""
    name = f"preview of {count:,} resources"
    return preview(name, directory, synthetic.STACK, {"create": count + 2})


def terraform_plan(directory: Path, count: int) -> Run:
    """Plan a synthetic project's resources with Terraform and the provider that the bridge uses.

    Raises:
        NotPossibleError: Terraform or the provider is not on this machine.
        FailedError: It failed, or planned something else.
    """
    provider = terraform.find()
    if shutil.which("terraform") is None or provider is None:
        raise NotPossibleError(f"no {'terraform' if provider else 'Terraform AWS provider'} on this machine")
    place = directory / synthetic.TERRAFORM
    binaries = place / "provider"
    binaries.mkdir(exist_ok=True)
    link = binaries / "terraform-provider-aws"
    link.unlink(missing_ok=True)
    link.symlink_to(provider)
    configuration = place / "terraform.rc"
    configuration.write_text(OVERRIDE.format(directory=json.dumps(str(binaries))), encoding="utf-8")
    words = {"directory": shlex.quote(str(place)), "configuration": shlex.quote(str(configuration))}
    done = shell(f"plan of {count:,} resources", directory, synthetic.STACK, PLAN.format(**words))
    if f"Plan: {count} to add, 0 to change, 0 to destroy." not in done.output:
        raise FailedError(f"terraform plans something else than {count} resources:\n{done.output[-TAIL_CHARACTERS:]}")
    return done
