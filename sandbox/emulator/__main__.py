"""`python -m sandbox.emulator`: an embedded AWS on loopback that lives as long as its starter wants.

Prints one JSON line {"port", "pid"} on standard output when it answers requests. While standard input stays open it
serves; at its end it saves its state and goes; the line `keep` lets it outlive the starter. SIGTERM ends it cleanly.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from sandbox.emulator.bind import hold, listen
from sandbox.emulator.settings import DEFAULT_ACCOUNT, LOG, Settings, export
from sandbox.emulator.workspace import workspace


def main() -> int:
    """Run one emulator; returns the exit status."""
    try:
        settings = _arguments()
    except ValueError as error:
        return _fail(error)
    if settings.state is not None:
        settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        logging.basicConfig(
            filename=settings.state / LOG,
            level=logging.WARNING,
            format="%(asctime)s %(levelname)s %(name)s %(message)s",
        )
    return _serve(settings)


def _serve(settings: Settings) -> int:
    try:
        held = None if settings.state is None else hold(settings.state)
        with listen(settings.port) as sock, workspace(settings.state) as directory:
            export(settings, int(sock.getsockname()[1]), directory)
            from sandbox.emulator.server import Server  # noqa: PLC0415 - reads the environment while it is imported

            asyncio.run(Server(settings, sock).run())
    except (OSError, RuntimeError) as error:
        return _fail(error)
    if held is not None:
        held.close()
    return 0


def _fail(error: Exception) -> int:
    sys.stderr.write(f"emulator: {error}\n")
    return 1


def _arguments() -> Settings:
    parser = argparse.ArgumentParser(prog="python -m sandbox.emulator", description="embedded AWS on loopback")
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 takes a free one (default)")
    parser.add_argument("--state", type=Path, help="directory its state is kept in; without it nothing is kept")
    parser.add_argument("--account", default=DEFAULT_ACCOUNT, help="account of callers without a 12-digit access key")
    parser.add_argument("--unpatched", action="store_true", help="leave the patches out, to see which are still needed")
    given = parser.parse_args()
    state = None if given.state is None else given.state.resolve()
    return Settings(state=state, port=given.port, account=given.account, patched=not given.unpatched)


if __name__ == "__main__":
    sys.exit(main())
