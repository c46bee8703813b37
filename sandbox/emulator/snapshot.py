"""The whole state of the emulator in one file, replaced as a whole, so that no kill leaves half of it.

ministack writes one file per service, at a clean shutdown only, and logs what it could not write. Here a save either
holds every service or fails, and it may be asked for at any time.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sandbox.emulator.codec import Json, UnsavableError, decode, encode

if TYPE_CHECKING:
    from pathlib import Path

FILE = "snapshot.json"
FORMAT = 1
"""Version of the file's layout; another version is refused, not guessed at."""

_ATTEMPTS = 5
_PAUSE_S = 0.05

GetState: TypeAlias = Callable[[], object]


class SnapshotError(RuntimeError):
    """The state could not be written or read; the message names every service and value in the way."""


@dataclass(frozen=True)
class Saved:
    """What a save wrote.

    Attributes:
        services: How many services had state.
        size_bytes: Size of the file.
        seconds: How long it took.
    """

    services: int
    size_bytes: int
    seconds: float


def save(directory: Path, services: Mapping[str, GetState], version: str) -> Saved:
    """Write the state of all services to the directory.

    Args:
        directory: State directory; created, for the owner only, when absent.
        services: Service name to the function that returns its state; None means it has none to save.
        version: Version of the emulator, recorded and compared on load.

    Raises:
        SnapshotError: A value cannot be written; the previous snapshot stays as it was.
    """
    started = time.monotonic()
    states: dict[str, Json] = {}
    problems: list[str] = []
    for name, get_state in sorted(services.items()):
        try:
            state = _state(name, get_state)
        except (UnsavableError, RuntimeError) as error:
            problems.append(f"{name}: {error}")
        else:
            if state is not None:
                states[name] = state
    if problems:
        raise SnapshotError("; ".join(problems))
    text = json.dumps({"format": FORMAT, "emulator": version, "services": states}, separators=(",", ":"))
    _replace(directory, text)
    return Saved(len(states), len(text), time.monotonic() - started)


def _state(name: str, get_state: GetState) -> Json:
    """Take one service's state, again when a worker thread changed it meanwhile."""
    for attempt in range(_ATTEMPTS):
        try:
            return encode(get_state(), name)
        except RuntimeError as error:
            if "changed size during iteration" not in str(error) or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_S)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _replace(directory: Path, text: str) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = directory / f"{FILE}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(directory / FILE)


def load(directory: Path, version: str) -> dict[str, object]:
    """Read the state of all services; an absent file is an empty state.

    Raises:
        SnapshotError: The file is damaged, or was written by another version of the layout or the emulator.
    """
    path = directory / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SnapshotError(f"{path}: damaged ({error}); remove it to start empty") from error
    found = (document.get("format"), document.get("emulator"))
    if found != (FORMAT, version):
        raise SnapshotError(
            f"{path}: written as format, emulator {found}; this one reads {(FORMAT, version)}; remove it to start empty"
        )
    return {name: decode(state) for name, state in document["services"].items()}
