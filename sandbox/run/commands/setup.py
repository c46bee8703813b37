"""`setup`: bring the toolchain together ahead of the first deployment; nothing is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.run import journal
from sandbox.run.report import Report

if TYPE_CHECKING:
    from sandbox.run.session import Session


def run(session: Session, _: list[str]) -> Report:
    """Find, download or build every part.

    Raises:
        SandboxError: A part cannot be had.
    """
    with journal.exclusive(session.run), session.phase("toolchain"):
        session.toolchain()
    return Report("setup", phases=session.progress.phases)
