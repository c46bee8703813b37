"""Where an emulator unpacks functions and puts what it needs while it runs: gone with it, or with its successor."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "sandbox-emulator-"
_PAUSES_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""How long to wait for processes of a killed emulator, which end after it and write until then."""


@contextmanager
def workspace(state: Path | None) -> Iterator[Path]:
    """Make a directory for this run and let this process's temporary files go there.

    With a state directory its name follows from that one, so what a killed emulator left is cleared by the next one of
    the same state, which holds it alone. The state directory itself is not used: whoever copies it wants state only.

    Args:
        state: State directory, already held; None gives a directory of its own to each run.

    Raises:
        OSError: It cannot be cleared or made, for instance because it belongs to somebody else.
    """
    if state is None:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX))
    else:
        name = hashlib.sha256(str(state).encode()).hexdigest()[:16]
        path = Path(tempfile.gettempdir()) / f"{_PREFIX}{name}"
        if path.is_symlink() or path.exists():
            _clear(path)
        path.mkdir(mode=0o700)
    before, tempfile.tempdir = tempfile.tempdir, str(path)
    try:
        yield path
    finally:
        tempfile.tempdir = before
        shutil.rmtree(path, ignore_errors=True)


def _clear(path: Path) -> None:
    for pause in _PAUSES_S:
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
        time.sleep(pause)
    shutil.rmtree(path)
