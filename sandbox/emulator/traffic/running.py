"""The data planes of one running emulator: begun with it, ended with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.traffic import measures, reach, targets, waiting
from sandbox.emulator.traffic.ports import Ports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.emulator.control import Action


class Traffic:
    """The data planes; those who change what they serve say so by `changed`."""

    def __init__(self) -> None:
        self._ports = Ports()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._following: asyncio.Task[None] | None = None
        self._stale = False

    def begin(self) -> None:
        """Begin in the running event loop."""
        self._loop = asyncio.get_running_loop()
        waiting.begin()
        CLOCK.at_each_tick(measures.tell)

    def actions(self) -> dict[tuple[str, str], Action]:
        """Paths of the sandbox's own."""
        return {("GET", "traffic"): self._ports.status, ("POST", "reach"): self._reach}

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


TRAFFIC: Final = Traffic()
"""The data planes of this process."""
