"""Derive the AWS plugin's shape table ahead of the first command that needs it: it takes half a minute, once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from standins.paths import module_path
from standins.toolchain import launchers, process
from standins.toolchain.errors import ToolchainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from standins.paths import RunDirectory
    from standins.toolchain.chain import Toolchain

NOWHERE = launchers.World(port=9, account_id="000000000000")
"""An endpoint that is named but not called: the discard port."""

LOG = "tables.log"


def derive(run: RunDirectory, toolchain: Toolchain, progress: Callable[[str], None]) -> None:
    """Derive the table unless it is there, which takes a moment; nothing is to be done for the official plugin.

    Raises:
        ToolchainError: The plugin ended without one; the text is its own.
    """
    if toolchain.bridge is None:
        return
    env = launchers.environment(run, toolchain, NOWHERE) | {"PYTHONPATH": module_path()}
    run.logs.mkdir(parents=True, exist_ok=True)
    log = run.logs / LOG
    command = [sys.executable, "-P", "-m", "standins.awsproxy", "tables"]
    with log.open("w", encoding="utf-8") as file, process.start(command, env=env, output=file) as running:
        status = running.wait(lambda: progress("deriving the shape table of the AWS plugin"))
    if status:
        raise ToolchainError(f"{log.read_text(encoding='utf-8').strip()[-2000:]}\nsee {log}")
