"""`python -m sandbox`: arguments in, exit status out; a fault is reported in a few lines, never as a traceback."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.load import profiles
from sandbox.paths import CHECKOUT
from sandbox.run import lifetime, stacks
from sandbox.run.commands import down, drill, preview, setup, shell, status, up
from sandbox.run.failure import Interrupted, NoToolchainError, SandboxError
from sandbox.run.progress import Progress
from sandbox.run.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from rich.console import Console

    class Reports(Protocol):
        """What a command says at its end."""

        def document(self) -> dict[str, Any]:
            """Return this as plain data."""

        def show(self, console: Console) -> None:
            """Print this."""


COMMANDS = {
    "up": (up.run, "deploy stacks to the embedded AWS (default: prod, then dr)"),
    "preview": (preview.run, "show what `up` would change, and what the policy pack says (default: prod, dr)"),
    "down": (down.run, "stop everything and throw the embedded AWS away, with every stack in it"),
    "status": (status.run, "show what runs and what is deployed"),
    "setup": (setup.run, "bring engine and plugins together ahead of the first deployment"),
}

FAILED, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 reported why not, 130 interrupted."""
    options = parser().parse_args(arguments)
    forget_accounts()
    lifetime.interruptible()
    stream = sys.stderr if options.json or options.command == "shell" else sys.stdout
    with Progress(stream, quiet=options.command == "status") as progress:
        session = Session(options.project.resolve(), progress, " ".join([options.command, *options.stack]))
        try:
            refuse_elsewhere(sys.platform)
            return perform(session, options)
        except NoToolchainError as error:
            status = report_error(session, options, {"error": vars(error)}, str(error), FAILED)
            review(session, options)
            return status
        except SandboxError as error:
            return report_error(session, options, {"error": vars(error)}, str(error), FAILED)
        except Interrupted as stop:
            what = f"stopped by {stop}; nothing of ours runs any more"
            return report_error(session, options, {"error": {"what": what}}, what, INTERRUPTED)
        except Exception as error:  # noqa: BLE001 a fault of ours: one line for the user, the trace for whoever mends it
            what = f"internal error: {error!r}; the trace is in {trace(session)}"
            return report_error(session, options, {"error": {"what": what}}, what, FAILED)


def refuse_elsewhere(system: str) -> None:
    """Refuse systems other than Linux, before anything of them is needed.

    Raises:
        NoToolchainError: `system` is another one.
    """
    if system != "linux":
        fix = "run it on Linux, in a container or a virtual machine; check, quick, review and config.check work here"
        raise NoToolchainError("sandbox", f"needs Linux (/proc and prctl hold its processes); this is {system}", fix)


def forget_accounts() -> None:
    """Drop what this process knows of AWS accounts, with the files that could tell it more: it talks to no real one."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def perform(session: Session, options: argparse.Namespace) -> int:
    """Run the command and print its report; returns the exit status."""
    if options.command == "shell":
        return shell.run(session, options.stack, options.script)
    return reported(session, options, report_of(session, options))


def report_of(session: Session, options: argparse.Namespace) -> Reports:
    """Run the command; the clients of some are imported by these alone, as they take a tenth of a second."""
    report: Reports
    if options.command == "drill":
        report = drill.run(session, options.stack, keep=options.keep, copy=options.page)
    elif options.command == "demo":
        from sandbox.run.commands import demo  # noqa: PLC0415 see above

        report = demo.run(session, options.stack, keep=options.keep)
    elif options.command == "load" and options.url:
        from sandbox.run.commands import claims  # noqa: PLC0415 see above

        report = claims.run(session, options.stack, options.url, full=options.full)
    elif options.command == "load":
        from sandbox.run.commands import load  # noqa: PLC0415 see above

        report = load.run(session, options.stack, options.profile)
    elif options.command == "chaos":
        from sandbox.run.commands import chaos  # noqa: PLC0415 see above

        report = chaos.run(session, options.stack, options.only)
    else:
        command = down.destroyed if getattr(options, "destroy", False) else COMMANDS[options.command][0]
        report = command(session, options.stack)
    return report


def reported(session: Session, options: argparse.Namespace, report: Reports) -> int:
    """Print a command's report."""
    session.progress.close()
    if options.json:
        print_json(report.document())
    else:
        report.show(session.progress.console)
    return 0


def report_error(
    session: Session, options: argparse.Namespace, document: dict[str, Any], text: str, exit_status: int
) -> int:
    """Tell why a command ended early."""
    session.progress.close()
    if options.json:
        print_json({"command": options.command, "ok": False} | document)
    session.progress.console.print(text, markup=False)
    return exit_status


def trace(session: Session) -> Path:
    """Write the traceback of the exception being handled to a file; returns it."""
    path = session.run.logs / "internal-error.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(traceback.format_exc(), encoding="utf-8")
    return path


def review(session: Session, options: argparse.Namespace) -> None:
    """Say of our own stacks what can be said without the engine; the command has failed all the same."""
    if options.json or session.project != CHECKOUT or options.command not in ("up", "preview"):
        return
    sys.stdout.flush()
    for stack in stacks.meant(session.project, options.stack):
        subprocess.run([sys.executable, "-m", "review", stack], cwd=CHECKOUT, check=False)  # noqa: S603 our own module


def print_json(document: dict[str, Any]) -> None:
    """Print the one document of a `--json` run."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m sandbox", description="The stacks, on an embedded AWS.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--json", action="store_true", help="one JSON document on standard output; progress on the other"
    )
    shared.add_argument(
        "--project", type=Path, default=CHECKOUT, help="another Pulumi project (default: this checkout)"
    )
    commands = top.add_subparsers(dest="command", required=True)
    for name, (_, what) in COMMANDS.items():
        command = commands.add_parser(name, parents=[shared], help=what, description=what)
        command.add_argument("stack", nargs="*", help="names of stacks")
        if name == "down":
            rehearsal = "let the engine destroy the stacks (default: all) and ask the embedded AWS what is left"
            command.add_argument("--destroy", action="store_true", help=rehearsal)
    what = "a shell in which plain pulumi commands reach the embedded AWS (default: for prod and dr)"
    own = commands.add_parser("shell", parents=[shared], help=what, description=what)
    own.add_argument("stack", nargs="*", help="stacks to have at hand")
    own.add_argument("-c", dest="script", help="run this script and end")
    what = "take the primary's region away, fail over and back, keep evidence (default: standby dr)"
    own = commands.add_parser("drill", parents=[shared], help=what, description=what)
    own.add_argument("stack", nargs="*", help="the standby, with its primary or alone")
    own.add_argument("--keep", action="store_true", help="leave the world as it is after the failback")
    own.add_argument("--page", type=Path, help="write the page of evidence to this file, too")
    what = "show a system of agents from end to end with plain clients (default: agents)"
    own = commands.add_parser("demo", parents=[shared], help=what, description=what)
    own.add_argument("stack", nargs="*", help="name of the stack")
    own.add_argument("--keep", action="store_true", help="leave what was submitted, to ask the same again by hand")
    what = "run a stack's experiments of AWS FIS, keep evidence, put the world back"
    own = commands.add_parser("chaos", parents=[shared], help=what, description=what)
    own.add_argument("stack", nargs="*", help="name of the stack")
    own.add_argument("--only", help="name of the one experiment that is meant (default: all of them)")
    what = "users of locust against a system of agents: figures, and objectives of its stack file (default: agents)"
    own = commands.add_parser("load", parents=[shared], help=what, description=what)
    own.add_argument("stack", nargs="*", help="name of the stack")
    own.add_argument("--profile", choices=sorted(profiles.PROFILES), default=profiles.DEFAULT, help="how many users")
    own.add_argument("--url", help="ask this system, which serves, and hold it to the claims of its stack file")
    own.add_argument("--full", action="store_true", help="with --url: as many users as are claimed, not 50 at most")
    return top
