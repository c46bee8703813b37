"""Waiting by the emulator's clock, in its event loop: what a caller sets forward has passed for who waits, too."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Final

from sandbox.emulator.clock import CLOCK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_DUE: Final[dict[asyncio.Timeout, float]] = {}
"""Who waits -> when that ends, in seconds of the epoch."""


@contextlib.asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """End what is done inside after a time.

    Raises:
        TimeoutError: It was not done by then.
    """
    async with asyncio.timeout(seconds) as timeout:
        _DUE[timeout] = time.time() + seconds
        try:
            yield
        finally:
            del _DUE[timeout]


async def sleep(seconds: float) -> None:
    """Wait for a time to pass."""
    with contextlib.suppress(TimeoutError):
        async with within(seconds):
            await asyncio.get_running_loop().create_future()


def _wake(loop: asyncio.AbstractEventLoop) -> None:
    """Let those end whose time has come; called at each tick, in another thread."""
    if _DUE and CLOCK.ahead_s:
        loop.call_soon_threadsafe(_end)


def _end() -> None:
    now, loop = time.time(), asyncio.get_running_loop()
    for timeout in [timeout for timeout, due in _DUE.items() if due <= now]:
        with contextlib.suppress(RuntimeError):  # it is ending already
            timeout.reschedule(loop.time())


def begin() -> None:
    """Follow the clock in the running event loop; once for each of them."""
    loop = asyncio.get_running_loop()
    CLOCK.at_each_tick(lambda: _wake(loop))
