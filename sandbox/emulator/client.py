"""Start, find and end an emulator from another process, through its lease and its control paths."""

from __future__ import annotations

import http.client
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sandbox.emulator.settings import LOOPBACK, RUNNING

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).resolve().parents[2]

_START_S = 90.0
_CONTROL_S = 30.0
_STOP_S = 30.0
_PAUSE_S = 0.02
_OK = 200


class EmulatorError(RuntimeError):
    """The emulator did not start, did not answer, or refused; the message is its own where it gave one."""


@dataclass
class Emulator:
    """A running emulator.

    Attributes:
        port: Its TCP port on loopback.
        pid: Its process id.
        process: The child process when this process started it; holding its input open is the lease.
        words: What that process says on standard error, in a file: a pipe that nobody reads would fill and block it.
    """

    port: int
    pid: int
    process: subprocess.Popen[bytes] | None = None
    words: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for AWS_ENDPOINT_URL."""
        return f"http://{LOOPBACK}:{self.port}"

    def status(self) -> dict[str, object]:
        """What it says of itself: port, pid, state, account, kept, emulator, patches."""
        return control(self.port, "GET", "status")

    def save(self) -> dict[str, object]:
        """Write its state to its directory now; returns services, size_bytes and seconds.

        Raises:
            EmulatorError: It has no directory, or some value could not be written.
        """
        return control(self.port, "POST", "save")

    def advance(self, seconds: float, step: float = 60) -> None:
        """Set its clock forward, minute by minute, and do what falls due; 0 does what is due now.

        Args:
            seconds: How far.
            step: Longest step in seconds, 60 or more; 86,400 for what ages by days.

        Raises:
            EmulatorError: The clock would go back, or further than 10,080 steps.
        """
        control(self.port, "POST", f"advance?seconds={seconds:.3f}&step={step:.3f}")

    def keep(self) -> None:
        """Let it outlive this process; waits until it has left this terminal and session.

        Raises:
            EmulatorError: This process did not start it, or it did not answer in time.
        """
        if self.process is None or self.process.stdin is None:
            raise EmulatorError("only the starter of an emulator can let it outlive itself")
        self.process.stdin.write(b"keep\n")
        self.process.stdin.flush()
        _until(lambda: self.status()["kept"] is True, _STOP_S, "the emulator did not acknowledge `keep`")
        self.process.stdin.close()

    def stop(self) -> None:
        """End it cleanly, with its state saved, and wait until it is gone.

        Raises:
            EmulatorError: It is still there after 30 seconds, or its last save failed.
        """
        if self.alive():
            control(self.port, "POST", "stop")
        _until(lambda: not self.alive(), _STOP_S, f"the emulator (process {self.pid}) does not end")
        if self.process is not None and self.process.returncode:
            raise EmulatorError(_last_words(self.words, self.process.returncode))

    def alive(self) -> bool:
        """Whether its process still runs."""
        if self.process is not None:
            return self.process.poll() is None
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


def start(
    state: Path | None,
    *,
    account: str | None = None,
    port: int = 0,
    patched: bool = True,
    timeout_s: float = _START_S,
) -> Emulator:
    """Start an emulator that lives until this process ends, stops it, or lets it go with `keep`.

    Args:
        state: Directory of its state; None keeps nothing.
        account: Account of callers without a 12-digit access key.
        port: TCP port on loopback; 0 takes a free one.
        patched: Whether the patches are applied.
        timeout_s: How long to wait for it to answer requests; it includes up to 15 s for a predecessor that is saving.

    Raises:
        EmulatorError: It ended or did not answer in time.
    """
    command = [sys.executable, "-m", "sandbox.emulator", "--port", str(port)]
    command += [] if state is None else ["--state", str(state)]
    command += [] if account is None else ["--account", account]
    command += [] if patched else ["--unpatched"]
    words = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the emulator it belongs to
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, env=_environment()
    )
    line = _first_line(process, timeout_s)
    if not line:
        process.kill()
        process.wait()
        raise EmulatorError(_last_words(words, process.returncode))
    said = json.loads(line)
    return Emulator(said["port"], said["pid"], process, words)


def find(state: Path) -> Emulator | None:
    """Find the emulator that serves a state directory; None when none answers for it."""
    try:
        said = json.loads((state / RUNNING).read_text(encoding="ascii"))
        status = control(said["port"], "GET", "status")
    except (FileNotFoundError, ValueError, EmulatorError):
        return None
    if status["pid"] != said["pid"] or status["state"] != str(state.resolve()):
        return None
    return Emulator(said["port"], said["pid"])


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path}


def _first_line(process: subprocess.Popen[bytes], timeout_s: float) -> bytes:
    assert process.stdout is not None  # noqa: S101 - tells the type checker what Popen was given
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline() if selector.select(timeout_s) else b""


def _last_words(words: IO[bytes] | None, status: int) -> str:
    if words is None:
        return f"the emulator ended with status {status}"
    words.seek(0)
    said = words.read().decode(errors="replace").strip()
    return said or f"the emulator did not answer (status {status})"


def control(port: int, method: str, name: str) -> dict[str, object]:
    """Ask one of the emulator's own paths.

    Args:
        port: Its port on loopback.
        method: GET or POST.
        name: The path below /_sandbox/, with its query.

    Raises:
        EmulatorError: No emulator answers there, or it refuses; the message is its own then.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_CONTROL_S)
    try:
        connection.request(method, f"/_sandbox/{name}")
        response = connection.getresponse()
        answer: dict[str, object] = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EmulatorError(f"no emulator answers on {LOOPBACK}:{port}: {error}") from error
    finally:
        connection.close()
    if response.status != _OK:
        raise EmulatorError(str(answer.get("error", answer)))
    return answer


def _until(done: Callable[[], bool], seconds: float, failure: str) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise EmulatorError(failure)
        time.sleep(_PAUSE_S)
