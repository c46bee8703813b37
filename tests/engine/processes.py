"""What the kernel says of the processes of one world: who they are, how big, and whom they talk to.

A world's processes are known by a mark in their environment, which every child inherits, and by being below one that
carries it.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
LISTENING = "0A"
TABLES = ("tcp", "tcp6", "udp", "udp6")
TURN_SECONDS = 0.6
"""How often a watch looks; a look takes some 20 ms of the processor."""


def marked(mark: str) -> set[int]:
    """Pids of the processes that carry the mark or are below one that does."""
    found: set[int] = set()
    parents: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                state, parent, *_ = (entry / "stat").read_bytes().rpartition(b")")[2].split()
                if state in (b"Z", b"X"):
                    continue
                parents[int(entry.name)] = int(parent)
                if mark.encode() in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
    while below := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= below
    return found


def command_line(pid: int) -> str:
    """Program and arguments of a process; empty when it is gone."""
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def resident_bytes(pid: int) -> int:
    """Resident memory, shared pages included; 0 when the process is gone."""
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = (PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])
    return 0


@dataclass(frozen=True)
class Socket:
    """One internet socket: who has it, and the end of it that tells where it leads."""

    table: str
    listening: bool
    address: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether it is bound to, or leads to, this machine's loopback interface."""
        address = ip_address(self.address)
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return (mapped or address).is_loopback


def sockets(pids: set[int]) -> Iterator[tuple[int, Socket]]:
    """Pid and socket of every one that listens or is connected; a UDP socket without a peer counts as listening."""
    owners = {inode: pid for pid in pids for inode in inodes(pid)}
    for table in TABLES:
        with contextlib.suppress(OSError):
            for line in (PROC / "net" / table).read_text(encoding="ascii").splitlines()[1:]:
                words = line.split()
                if words[9] in owners:
                    yield owners[words[9]], socket_of(table, *words[1:4])


def inodes(pid: int) -> Iterator[str]:
    """Inodes of a process's sockets."""
    with contextlib.suppress(OSError):
        for entry in (PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                target = str(entry.readlink())
                if target.startswith("socket:["):
                    yield target[8:-1]


def socket_of(table: str, local: str, remote: str, state: str) -> Socket:
    """Read a line of the kernel's table: the local end of a listener, the remote end of a connection."""
    unconnected = remote.endswith(":0000")
    address, _, port = (local if unconnected else remote).partition(":")
    return Socket(table, state == LISTENING or unconnected, str(address_of(address)), int(port, 16))


def address_of(digits: str) -> IPv4Address | IPv6Address:
    """Read an address, which the kernel prints as 32-bit words in the machine's (little-endian) order."""
    words = [bytes.fromhex(digits[at : at + 8])[::-1] for at in range(0, len(digits), 8)]
    raw = b"".join(words)
    return IPv4Address(raw) if len(raw) == 4 else IPv6Address(raw)


@dataclass
class Watch:
    """Looks at a world's processes again and again, in a thread, while the `with` block runs.

    Attributes:
        mark: What they carry in their environment.
        looks: How often it looked.
        commands: Every command line seen.
        sockets: Every socket seen, with the command that had it.
        peak_bytes: Largest resident memory of all of them together.
        peak: Command -> resident bytes, at that moment.
    """

    mark: str
    looks: int = 0
    commands: set[str] = field(default_factory=set)
    sockets: set[tuple[str, Socket]] = field(default_factory=set)
    peak_bytes: int = 0
    peak: dict[str, int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def look(self) -> None:
        """Look once."""
        pids = marked(self.mark)
        named = {pid: command_line(pid) for pid in pids}
        sizes = {f"{pid} {named[pid]}": resident_bytes(pid) for pid in pids}
        self.looks += 1
        self.commands.update(filter(None, named.values()))
        self.sockets.update((named[pid], found) for pid, found in sockets(pids))
        if sum(sizes.values()) > self.peak_bytes:
            self.peak_bytes, self.peak = sum(sizes.values()), sizes

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(TURN_SECONDS):
            self.look()


def of_the_emulator(command: str) -> bool:
    """Whether a command line is the embedded AWS's, or that of a Lambda function which it keeps warm."""
    return "sandbox.emulator" in command or "/sandbox-emulator-" in command
