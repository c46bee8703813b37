"""Runs all checks side by side within a time, and lets none of them be silently fine."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from preflight.account import CouldNotAskError, CredentialsError
from preflight.finding import Finding, Level
from preflight.table import BY_DNS, CHECKS, FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from preflight.account import Account
    from preflight.plan import Plan
    from preflight.table import Check

LIMIT_SECONDS: Final = 180.0
"""Time for all checks together; a call ends after a minute at most."""
_AT_ONCE: Final = 8
"""Checks that run side by side: more of them only makes AWS throttle."""


def run(
    account: Account,
    plan: Plan,
    *,
    dns: bool = False,
    limit_seconds: float = LIMIT_SECONDS,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Finding]:
    """Return every finding, the worst first.

    Args:
        account: Who is asked.
        plan: What the stack makes.
        dns: Whether public DNS is asked too.
        limit_seconds: Time after which a check that has no answer yet counts as not asked.
        progress: Called with the number of checks that are done, and of all.

    Raises:
        CredentialsError: Nothing can be asked.
    """
    findings = ask(FIRST, account, plan)
    if not findings:  # another account's state says nothing
        checks = (*CHECKS, BY_DNS) if dns else CHECKS
        results = _side_by_side(checks, account, plan, limit_seconds, progress)
        findings = [finding for check in checks for finding in results[check.name]]
    order = list(Level)
    return sorted(_merged(findings), key=lambda finding: order.index(finding.level))


def _merged(findings: list[Finding]) -> list[Finding]:
    """Tell once what could not be asked for one reason, with all that it leaves open."""
    first: dict[str, Finding] = {}
    kept: list[Finding] = []
    for finding in findings:
        if finding.level is not Level.UNASKED:
            kept.append(finding)
        elif finding.found in first:
            before = first[finding.found]
            first[finding.found] = replace(before, what=f"{before.what}, {finding.what}")
        else:
            first[finding.found] = finding
    return [*kept, *first.values()]


def _side_by_side(
    checks: Sequence[Check],
    account: Account,
    plan: Plan,
    limit_seconds: float,
    progress: Callable[[int, int], None],
) -> dict[str, list[Finding]]:
    waiting: queue.SimpleQueue[Check] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[Check, list[Finding] | CredentialsError]] = queue.SimpleQueue()
    for check in checks:
        waiting.put(check)
    for _ in range(_AT_ONCE):  # daemons: one that hangs does not keep the process
        threading.Thread(target=_work, args=(waiting, done, account, plan), daemon=True).start()
    deadline = time.monotonic() + limit_seconds
    results: dict[str, list[Finding]] = {}
    while len(results) < len(checks):
        try:
            check, result = done.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(result, CredentialsError):
            raise result
        results[check.name] = result
        progress(len(results), len(checks))
    late = f"no answer within {limit_seconds:g} s"
    for check in checks:
        results.setdefault(check.name, _placed(check, plan, [_unasked(check, late)]))
    return results


def _work(
    waiting: queue.SimpleQueue[Check],
    done: queue.SimpleQueue[tuple[Check, list[Finding] | CredentialsError]],
    account: Account,
    plan: Plan,
) -> None:
    while True:
        try:
            check = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            done.put((check, ask(check, account, plan)))
        except CredentialsError as error:
            done.put((check, error))


def ask(check: Check, account: Account, plan: Plan) -> list[Finding]:
    """Return what one check finds; what it found before a call was refused stays found.

    Raises:
        CredentialsError: Nothing can be asked.
    """
    findings: list[Finding] = []
    try:
        findings.extend(check.run(account, plan))
    except CredentialsError:
        raise
    except CouldNotAskError as error:
        fix = f"allow {error.action} (preflight/policy.json), or find out by hand"
        findings.append(_unasked(check, str(error), fix))
    except Exception as error:  # noqa: BLE001  an answer of another shape is no answer, and no reason to lose the others
        findings.append(_unasked(check, f"an answer that was not understood: {type(error).__name__}: {error}"))
    return _placed(check, plan, findings)


def _unasked(check: Check, found: str, fix: str = "run it again, or find out by hand") -> Finding:
    return Finding(level=Level.UNASKED, what=f"check {check.name}", found=found, needed="an answer", fix=fix)


def _placed(check: Check, plan: Plan, findings: list[Finding]) -> list[Finding]:
    """Add the check and the place in the stack file."""
    places = [plan.place(one.path) for one in findings]
    placed = zip(findings, places, strict=True)
    return [replace(one, check=check.name, file=file, line=line) for one, (file, line) in placed]
