"""A module that the runner starts in tests: it says what it was given, and behaves as its arguments ask.

Arguments: `serve` answers GET with 200, or 503 where the file `sick` of its directory is there; `work` works until
SIGTERM; `deaf` ignores SIGTERM; `exit N` ends with status N; `check` is a health check.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PLACE = Path(os.environ.get("PLACE", "."))


def main(arguments: list[str]) -> int:
    """Do what the first argument names."""
    _say(f"began {' '.join(arguments)}")
    _note("arguments", json.dumps([Path(f"/proc/{os.getpid()}/cmdline").read_bytes().decode().split("\0")]))
    _note("environment", json.dumps(dict(os.environ)))
    wanted = arguments[0] if arguments else "work"
    if wanted == "exit":
        return int(arguments[1])
    if wanted == "check":
        return int((PLACE / "sick").exists())
    if wanted == "serve":
        threading.Thread(target=_serve, daemon=True).start()
    if wanted == "children":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
    return _work(deaf=wanted == "deaf")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _note(name: str, text: str) -> None:
    """Leave something for the test to read, in a file of the process's own."""
    if "PLACE" in os.environ:
        (PLACE / f"{name}-{os.getpid()}").write_text(text)


def _work(*, deaf: bool) -> int:
    ended = threading.Event()

    def told(*_: object) -> None:
        _say("got SIGTERM")
        _note("sigterm", str(time.time()))
        if not deaf:
            ended.set()

    signal.signal(signal.SIGTERM, told)
    while not ended.wait(0.1):
        pass
    _say("done")
    return 0


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer well, unless sick."""
        self.send_response(503 if (PLACE / "sick").exists() else 200)
        self.end_headers()
        self.wfile.write(b"probe")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _serve() -> None:
    ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), _Answer).serve_forever()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
