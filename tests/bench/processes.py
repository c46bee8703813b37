"""What each process of a command costs: seconds of the processor and peak memory, by the part that it plays.

The kernel keeps both for every process (`/proc/<pid>/stat`, `VmHWM` in `/proc/<pid>/status`) until it is reaped, so
that a look every 50 ms misses at most the last of them.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

PROC = Path("/proc")
LOOK_SECONDS = 0.05
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

OTHER = "other"
MODULES = {
    ".language.pack": "pack",
    ".language": "program",
    ".awsproxy": "AWS proxy",
    ".ekscomponent": "EKS component",
    ".kuberender": "Kubernetes renderer",
    ".emulator": "emulator",
    "pulumi.policy": "pack",
    "sandbox": "sandbox",
}
"""End of the module that `python -m` runs -> part; the first that fits counts."""
PROGRAMS = {
    "pulumi-language-python": "program",
    "pulumi-terraform-bridge": "bridge",
    "pulumi-resource-aws": "AWS plugin",
    "pulumi-resource-eks": "EKS component",
    "pulumi-resource-kubernetes": "Kubernetes renderer",
    "pulumi": "CLI",
    "terraform-provider-aws": "Terraform provider",
    "terraform": "terraform",
}
"""Beginning of the file name of a program -> part; the first that fits counts."""


class Name(NamedTuple):
    """A process, distinguished from a later one with the same id by its start in kernel ticks."""

    pid: int
    start: int


class Stat(NamedTuple):
    """What the kernel says of a process: who it is, who started it, and its seconds of the processor so far."""

    name: Name
    parent: int
    seconds: float


@dataclass
class Part:
    """What the processes of one part took.

    Attributes:
        seconds: Of the processor, together.
        peak_bytes: Resident memory of the largest, at its largest.
    """

    seconds: float = 0.0
    peak_bytes: int = 0


def part_of(arguments: Sequence[str]) -> str:
    """Return the part that a process plays, by its command line."""
    if not arguments:
        return OTHER
    program = Path(arguments[0]).name
    if program.startswith("python"):
        module = module_of(arguments)
        return next((part for end, part in MODULES.items() if module.endswith(end)), OTHER)
    return next((part for begin, part in PROGRAMS.items() if program.startswith(begin)), OTHER)


def module_of(arguments: Sequence[str]) -> str:
    """Return the module that a Python interpreter was started with; empty for a file or a text."""
    for at, word in enumerate(arguments[1:], start=1):
        if word == "-m":
            return arguments[at + 1] if at + 1 < len(arguments) else ""
        if word == "-c" or not word.startswith("-"):
            return ""
    return ""


def stats() -> dict[int, Stat]:
    """Return every process that can be seen, those that wait to be reaped included."""
    found = {}
    for entry in os.listdir(PROC):  # noqa: PTH208 twenty times a second: no path objects
        if entry.isdigit():
            with contextlib.suppress(OSError, IndexError):
                found[int(entry)] = stat(int(entry))
    return found


def stat(pid: int) -> Stat:
    """Read the kernel's line on a process.

    Raises:
        OSError: There is no such process.
    """
    with open(f"{PROC}/{pid}/stat", "rb") as file:  # noqa: PTH123 see above
        fields = file.read().rpartition(b")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Stat(Name(pid, int(fields[19])), int(fields[1]), ticks / TICKS_PER_SECOND)


def arguments_of(pid: int) -> list[str]:
    """Return a process's command line; empty when it has ended."""
    with contextlib.suppress(OSError):
        text = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
        return text.rstrip("\0").split("\0") if text else []
    return []


def peak_bytes(pid: int) -> int:
    """Return the largest resident memory that a process has had; 0 when it has ended."""
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "status").read_bytes().splitlines():
            if line.startswith(b"VmHWM:"):
                return 1024 * int(line.split()[1])
    return 0


@dataclass
class _Seen:
    part: str = OTHER
    seconds: float = 0.0
    peak_bytes: int = 0


@dataclass
class Watch:
    """Looks at what is below a process, in a thread, while the `with` block runs.

    Attributes:
        root: File into which the process writes its id once it starts; nothing counts before.
        beside: Returns, at that moment, processes that are not below it and count from then on (the emulator).
        wall: Seconds by the clock from that moment until the process was last seen.
    """

    root: Path
    beside: Callable[[], Iterable[int]] = tuple
    wall: float = 0.0
    _begun: float = 0.0
    _main: int = 0
    _roots: set[int] = field(default_factory=set)
    _seen: dict[Name, _Seen] = field(default_factory=lambda: defaultdict(_Seen))
    _before: dict[Name, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def look(self) -> None:
        """Look once."""
        if not self._roots and not self._begin():
            return
        found = stats()
        if self._main in found:
            self.wall = time.perf_counter() - self._begun
        for name, seconds in family(found, self._roots, self._seen):
            seen = self._seen[name]
            seen.seconds = seconds
            if arguments := arguments_of(name.pid):  # of the moment: a process becomes another by `exec`
                seen.part = part_of(arguments)
                seen.peak_bytes = max(seen.peak_bytes, peak_bytes(name.pid))

    def parts(self) -> dict[str, Part]:
        """Return what each part took so far."""
        parts: dict[str, Part] = defaultdict(Part)
        for name, seen in self._seen.items():
            part = parts[seen.part]
            part.seconds += seen.seconds - self._before.get(name, 0.0)
            part.peak_bytes = max(part.peak_bytes, seen.peak_bytes)
        return dict(parts)

    def _begin(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            self._main = int(self.root.read_text(encoding="ascii"))
            self._roots.add(self._main)
            self._begun = time.perf_counter()
            for pid in self.beside():
                self._roots.add(pid)
                found = stat(pid)
                self._before[found.name] = found.seconds
        return bool(self._roots)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.look()


def family(found: Mapping[int, Stat], roots: set[int], known: Iterable[Name]) -> list[tuple[Name, float]]:
    """Return the processes that are below a root, or were when they were last looked at, with their seconds.

    What lost its parent belongs to another one by then, so that ancestry alone would lose it.
    """
    members = roots | {name.pid for name in known if name.pid in found and found[name.pid].name == name}
    while new := {pid for pid, each in found.items() if each.parent in members} - members:
        members |= new
    return [(found[pid].name, found[pid].seconds) for pid in members if pid in found]
