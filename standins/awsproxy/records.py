"""What was not done, written down by name: JSON lines in the run directory, for who reports at the end.

`dropped.jsonl`: properties the program set that the Terraform provider at hand does not know. `held/<stack>.jsonl`:
resources whose create, update or delete was held back. Values are never written, they may be secret.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standins.paths import RUN_VARIABLE, RunDirectory

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoRunDirectoryError(LookupError):
    """The plugin was started without the directory it writes into."""


@dataclass(frozen=True)
class Dropped:
    """A property left out of the calls to the provider."""

    urn: str
    type: str
    property: str
    reason: str


@dataclass(frozen=True)
class HeldOperation:
    """A create, update or delete that was recorded, not done."""

    urn: str
    type: str
    action: str
    id: str
    reason: str


def run_directory(environ: Mapping[str, str]) -> RunDirectory:
    """Run directory that this plugin belongs to.

    Raises:
        NoRunDirectoryError: The environment names none.
    """
    given = environ.get(RUN_VARIABLE)
    if not given:
        raise NoRunDirectoryError(f"{RUN_VARIABLE} is not set: it names the directory for logs and records")
    return RunDirectory(Path(given))


class Journal:
    """Appends records; one write per line, so that several plugins can share the files.

    Args:
        run: The run directory.
    """

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        self._seen: set[Dropped] = set()

    def dropped(self, record: Dropped) -> bool:
        """Record a dropped property; returns whether it is new to this process."""
        if record in self._seen:
            return False
        self._seen.add(record)
        self._append(self._run.dropped, record)
        return True

    def held(self, stack: str, record: HeldOperation) -> None:
        """Record a held operation of a stack."""
        self._append(self._run.held / f"{stack}.jsonl", record)

    def _append(self, path: Path, record: Dropped | HeldOperation) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({**asdict(record), "time": round(time.time(), 3)}) + "\n"
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
