"""`python -m preflight STACK`: ask the account what would stop or spoil a first `up`, read-only.

Exit status: 0 = nothing would, and everything was asked. 1 = something would, or could not be asked. 2 = nothing could
be asked: the stack file is wrong, or there are no credentials.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from typing import TYPE_CHECKING

from config import ConfigError, stack_file
from config.files import valid_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.files import StackFile
    from preflight.finding import Finding
    from preflight.plan import Plan


class _NothingAskedError(Exception):
    """There are no credentials, or what the stack makes is unknown; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, print, and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _ask(options, valid_file(stack_file(options.stack)))
    except (ConfigError, _NothingAskedError) as error:
        print(error, file=sys.stderr)
        if options.json:
            print(json.dumps({"stack": options.stack, "error": str(error)}, indent=2))
        return 2


def _ask(options: argparse.Namespace, file: StackFile) -> int:
    from preflight.account import CredentialsError, connect  # noqa: PLC0415  boto3: a wrong file is reported before that
    from preflight.finding import faults  # noqa: PLC0415
    from preflight.run import run  # noqa: PLC0415

    try:
        account = connect(options.endpoint)
        plan = _plan(options.stack.rpartition("/")[2], file)
        began = time.monotonic()
        findings = run(account, plan, dns=options.dns, progress=_progress)
    except CredentialsError as error:
        raise _NothingAskedError(str(error)) from error
    _show(options, plan, findings, f"{account.calls} calls in {time.monotonic() - began:.1f} s")
    return int(bool(faults(findings)))


def _plan(stack: str, file: StackFile) -> Plan:
    from pulumi import RunError  # noqa: PLC0415  imports the SDKs, which takes a second

    from preflight.plan import Plan  # noqa: PLC0415
    from review.recording import record_stack  # noqa: PLC0415

    try:
        return Plan(stack, file.settings, record_stack(stack, file.settings), file.layers)
    except (RunError, ValueError) as error:
        raise _NothingAskedError(f"{stack}: {error}") from error


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\r" if done < of else "\r\x1b[K"
        print(f"asked {done} of {of} ...", end=end, file=sys.stderr, flush=True)


def _show(options: argparse.Namespace, plan: Plan, findings: Sequence[Finding], asked: str) -> None:
    from preflight.report import as_json, as_text  # noqa: PLC0415

    account_id = plan.settings.identity.account_id
    if options.json:
        print(json.dumps(as_json(plan.stack, account_id, findings), indent=2))
    else:
        print("\n".join(as_text(plan.stack, account_id, findings, asked)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m preflight", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--dns", action="store_true", help="also ask public DNS whether the domain is in use")
    parser.add_argument("--endpoint", metavar="URL", help="ask this address, not AWS (default: AWS_ENDPOINT_URL)")
    return parser


if __name__ == "__main__":
    gc.disable()  # garbage does not matter to a process of seconds; looking for it takes a third of the recording
    sys.exit(main())
