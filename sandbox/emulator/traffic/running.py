"""The data planes of one running emulator: begun with it, ended with it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.traffic import measures, reach, targets, waiting
from sandbox.emulator.traffic.certificates import Authority
from sandbox.emulator.traffic.ports import Ports
from sandbox.emulator.traffic.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.emulator.control import Action


class Traffic:
    """The data planes; those who change what they serve say so by `changed`."""

    def __init__(self) -> None:
        authority = Authority(Path(tempfile.gettempdir()))
        self._ports = Ports(authority)
        self._proxy = Proxy(authority)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._following: asyncio.Task[None] | None = None
        self._stale = False

    def begin(self) -> None:
        """Begin in the running event loop."""
        self._loop = asyncio.get_running_loop()
        waiting.begin()
        self._proxy.begin()
        CLOCK.at_each_tick(measures.tell)

    def environment(self) -> dict[str, str]:
        """Return what a function or a task is given, so that the names of the sandbox lead there."""
        return self._proxy.environment()

    def actions(self) -> dict[tuple[str, str], Action]:
        """Paths of the sandbox's own."""
        return {("GET", "traffic"): self._status, ("POST", "reach"): self._reach}

    async def _status(self, query: Mapping[str, str]) -> dict[str, object]:
        """Serve GET /_sandbox/traffic: where the data planes answer, and what leads a process to their names."""
        return {**await self._ports.status(query), "environment": self.environment()}

    def changed(self) -> None:
        """Look again at targets, listeners and distributions, soon; from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        targets.look()
        self._stale = True
        if self._following is None or self._following.done():
            self._following = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while self._stale:
            self._stale = False
            await self._ports.follow()

    def _reach(self, query: Mapping[str, str]) -> dict[str, object]:
        said = reach.name(query)
        self._look()
        return said

    def reset(self) -> None:
        """Forget all targets and what was counted; ports close as their listeners are gone."""
        targets.forget()
        measures.forget()
        reach.forget()
        self.changed()

    async def end(self) -> None:
        """Close all ports and connections, ask no targets any more."""
        self._loop = None
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        targets.forget()
        await self._ports.close()
        await self._proxy.end()


TRAFFIC: Final = Traffic()
"""The data planes of this process."""
