"""One running emulator: its requests, its lease, its state and its end.

Import this only after `settings.export`: ministack reads its environment while it is imported.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import ministack.app as ministack
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core import lambda_runtime
from ministack.services import s3

from sandbox.emulator import clock, lease, patches, snapshot, tally
from sandbox.emulator.control import Action, Control, Query
from sandbox.emulator.cut import CUTS, HOME, Border
from sandbox.emulator.patches import stores
from sandbox.emulator.repeats import Repeats
from sandbox.emulator.settings import LOG, LOOPBACK, RUNNING, Settings
from sandbox.emulator.tasks import control as tasks
from sandbox.emulator.tasks.agent import Agent
from sandbox.emulator.traffic.running import TRAFFIC

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from hypercorn.typing import ASGIFramework

VERSION = version("ministack")

_OWN = "patches"
"""Name under which the stores of the patches are saved, beside the emulator's services."""

_CLOCK = "clock"
"""Name under which the lead of the clock is saved."""

_OWN_BEFORE = "cures"
"""The name in states saved before December 2026; they are still read."""

_GRACE_S = 1.0
_KEEP_ALIVE_S = 75
_TICK_S = 5.0

log = logging.getLogger(__name__)


class Server:
    """An emulator from its first request to its saved end.

    Args:
        settings: How it runs; already exported.
        sock: The bound socket.
    """

    def __init__(self, settings: Settings, sock: socket.socket) -> None:
        self._settings = settings
        self._socket = sock
        self._port = int(sock.getsockname()[1])
        self._stop = asyncio.Event()
        self._kept = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: Exception | None = None

    async def run(self) -> None:
        """Serve until the lease ends, SIGTERM arrives or a stop is asked for; state is saved on the way out.

        Raises:
            SnapshotError: The state to start from cannot be read, or the final state cannot be written.
            RuntimeError: The emulator does not answer requests.
        """
        clock.install()
        if self._settings.patched:
            patches.apply()
            TRAFFIC.begin()
        self._take_over_persistence()
        self._watch_signals()
        announcement = asyncio.create_task(self._announce())
        ticking = asyncio.create_task(self._tick())
        emulator = tally.Tally(Border(Repeats(ministack.app), _region_of_bucket))
        app = cast("ASGIFramework", Agent(Control(emulator, self._actions())))  # its scopes are dictionaries, ours too
        await serve(app, self._config(), shutdown_trigger=self._stop.wait)
        announcement.cancel()
        ticking.cancel()
        await TRAFFIC.end()
        lambda_runtime.reset()  # functions kept warm would end a second after us
        if self._failure is not None:
            raise self._failure
        if self._settings.state is not None:
            self._save()
            (self._settings.state / RUNNING).unlink(missing_ok=True)

    async def _tick(self) -> None:
        """Look at the clock every few seconds."""
        while True:
            await asyncio.sleep(_TICK_S)
            await asyncio.to_thread(clock.CLOCK.tick)

    def _save(self) -> snapshot.Saved:
        if self._settings.state is None:
            raise snapshot.SnapshotError("this emulator was started without a state directory")
        services = {**ministack._build_persistence_save_dict(), _OWN: stores.state, _CLOCK: clock.CLOCK.lead}
        return snapshot.save(self._settings.state, services, VERSION)

    def _take_over_persistence(self) -> None:
        """Restore from our snapshot and leave saving to us; start-up scripts of the machine stay out."""
        ministack._collect_scripts = lambda *_: []
        ministack._run_init_scripts = lambda: None
        ministack.save_all = lambda _: None
        ministack._load_persisted_state = self._restore
        ministack._reset_all_state = partial(self._reset, ministack._reset_all_state)

    def _restore(self) -> None:
        """Give every service its saved state; one that cannot take it ends the emulator, the file untouched."""
        if self._settings.state is None:
            return
        try:
            saved = snapshot.load(self._settings.state, VERSION)
            clock.CLOCK.resume(cast("float", saved.pop(_CLOCK, 0.0)))
            stores.restore(cast("dict[str, stores.Store]", saved.pop(_OWN, saved.pop(_OWN_BEFORE, {}))))
            for name, module in ministack._state_map.items():  # its order: some services look at others
                if name in saved:
                    ministack._get_module(module).load_persisted_state(saved.pop(name))
        except Exception as error:  # noqa: BLE001 - whatever a service raises, the state must not be overwritten
            self._fail(snapshot.SnapshotError(f"the saved state cannot be restored: {error!r}"))
            return
        if saved:
            self._fail(snapshot.SnapshotError(f"the saved state has services this emulator does not: {sorted(saved)}"))

    def _reset(self, reset: Callable[[], None]) -> None:
        """Serve POST /_ministack/reset: everything is forgotten, saved or not, save who serves the directory."""
        reset()
        stores.reset()
        TRAFFIC.reset()
        self._name_the_server()

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or error
        self._stop.set()

    def _config(self) -> Config:
        config = Config()
        config.bind = [f"fd://{self._socket.detach()}"]  # the server closes it
        config.keep_alive_timeout = _KEEP_ALIVE_S
        config.graceful_timeout = _GRACE_S
        config.errorlog = logging.getLogger("hypercorn.error")
        return config

    def _actions(self) -> dict[tuple[str, str], Action]:
        return {
            ("GET", "status"): self._status,
            ("POST", "save"): lambda _: vars(self._save()),
            ("POST", "stop"): self._stopping,
            ("GET", "outage"): lambda _: CUTS.status(),
            ("POST", "cut"): _cut,
            ("POST", "heal"): _heal,
            ("GET", "calls"): lambda _: tally.status(),
            ("POST", "advance"): _advance,
            **tasks.ACTIONS,
            **TRAFFIC.actions(),
        }

    def _status(self, _: Query) -> dict[str, object]:
        state = self._settings.state
        return {
            "port": self._port,
            "pid": os.getpid(),
            "state": None if state is None else str(state),
            "account": self._settings.account,
            "kept": self._kept,
            "emulator": f"ministack {VERSION}",
            "patches": [patch.name for patch in patches.PATCHES] if self._settings.patched else [],
        }

    def _stopping(self, _: Query) -> dict[str, object]:
        self._stop.set()
        return {"stopping": True, "pid": os.getpid()}

    def _watch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._stop.set)
        if sys.stdin.isatty():
            loop.add_signal_handler(signal.SIGINT, self._stop.set)
        else:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the starter's to act on; the lease follows it

    async def _announce(self) -> None:
        """Say on standard output that requests are answered, once one has been; then begin the lease."""
        try:
            await self._healthy()
        except (OSError, RuntimeError) as error:
            self._fail(error)
        if self._failure is not None:
            return
        line = self._name_the_server()
        self._loop = asyncio.get_running_loop()
        lease.watch(
            on_keep=partial(self._later, self._keep),
            on_end=partial(self._later, self._stop.set),
        )
        sys.stdout.write(line)
        sys.stdout.flush()

    def _name_the_server(self) -> str:
        line = json.dumps({"port": self._port, "pid": os.getpid()}) + "\n"
        if self._settings.state is not None:
            (self._settings.state / RUNNING).write_text(line, encoding="ascii")
        return line

    def _later(self, action: Callable[[], None]) -> None:
        """Run an action in the event loop, from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(action)

    async def _healthy(self) -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, self._port)
        writer.write(b"GET /_ministack/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        answer = await reader.readline()
        writer.close()
        if b" 200 " not in answer:
            raise RuntimeError(f"the emulator is not healthy: {answer.decode(errors='replace').strip()!r}")

    def _keep(self) -> None:
        state = self._settings.state
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
        lease.detach(None if state is None else state / LOG)
        self._kept = True


def _cut(query: Query) -> dict[str, object]:
    strict = query.get("strict")
    CUTS.cut(query["region"], strict=None if strict is None else strict == "true")
    return CUTS.status()


def _heal(query: Query) -> dict[str, object]:
    CUTS.heal(query["region"])
    return CUTS.status()


async def _advance(query: Query) -> dict[str, object]:
    step = float(query.get("step", clock.STEP_S))
    await asyncio.to_thread(clock.CLOCK.advance, float(query["seconds"]), step)
    return {"now": clock.CLOCK.now(), "ahead_seconds": clock.CLOCK.ahead_s}


def _region_of_bucket(name: str) -> str | None:
    owner = s3._bucket_owner_account(name)
    bucket = None if owner is None else s3._buckets.get_scoped(owner, None, name)
    return None if bucket is None else bucket.get("region") or HOME
