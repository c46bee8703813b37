"""`status`: what runs and what is deployed, read from disk and from the emulator; nothing is started or changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sandbox.emulator import client
from sandbox.run import inventory, journal, locks, state
from sandbox.run.journal import Status
from sandbox.run.report import Report, StackReport

if TYPE_CHECKING:
    from sandbox.run.journal import Entry
    from sandbox.run.session import Session


def run(session: Session, names: list[str]) -> Report:
    """Tell how things are."""
    entry = journal.read(session.run.journal)
    found = client.find(session.run.emulator)
    reports = []
    consistent = entry.status is not Status.CHANGING
    for name in (names or state.stacks(session.run, session.project_name)) if consistent else []:
        listed = inventory.resources(state.read(session.run, session.project_name, name))
        dropped = inventory.dropped(session.run.root / inventory.DROPPED, listed)
        reports.append(StackReport(name, resources=listed, dropped=dropped))
    lines = [
        describe(entry, found),
        *(f"{lock.stack} is locked by process {lock.pid}" for lock in locks.find(session.run)),
    ]
    if entry.times:
        lines.append("last up: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in entry.times.items()))
    return Report("status", reports, emulator=found.url if found else "", lines=lines)


def describe(entry: Entry, found: client.Emulator | None) -> str:
    """Return how the world is in one line."""
    ago = f"{time.time() - entry.since:.0f} s"
    if entry.status is Status.CHANGING:
        if entry.process and entry.process.runs():
            return f"`{entry.command}` is at work, in phase {entry.phase or 'begin'} for {ago}"
        return f"`{entry.command}` was cut off in phase {entry.phase or 'begin'}; the next command puts things right"
    if entry.status is Status.STANDING:
        if found is None:
            return "the embedded AWS has ended without us; the next command starts it from its last consistent state"
        return f"standing for {ago}; the embedded AWS is process {found.pid}"
    return "nothing runs"
