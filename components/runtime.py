"""How a program runs on Pulumi's Python SDK in time that grows with its resources, and not with their square.

Both functions leave alone what is registered, and when and how a failure is reported. Figures: docs/performance.md.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
from typing import TYPE_CHECKING

import pulumi
from pulumi.runtime import settings

if TYPE_CHECKING:
    from collections.abc import Collection


def collect_no_garbage() -> None:
    """Turn garbage collection off until the process ends, and leave it out at its end.

    The SDK's tasks and outputs refer to each other and live as long as the program. The collector walks all of them
    again and again and frees next to nothing: 2,000 resources take 230 MiB, collected or not.
    """
    gc.disable()
    atexit.register(gc.freeze)


def wait_once() -> None:
    """Have the SDK wait once for all outputs made so far; a program calls this last.

    When a program has ended, the SDK waits for all outputs that are not known yet, and again for those that are left
    each time that one of them is: with 15 outputs to a resource, work that grows with their square. Here one task takes
    their place that waits for each of them once, and fails as soon as one fails (docs/upstream/pulumi-sdk-wait.md).

    The set of outputs is the SDK's own. Where it is not what it was, the program runs as the SDK alone would run it.
    """
    known = settings.SETTINGS
    outputs, lock = getattr(known, "outputs", None), getattr(known, "lock", None)
    if not isinstance(outputs, set) or lock is None:
        pulumi.log.info(f"{__name__}: this version of the Pulumi SDK keeps its outputs elsewhere, so it waits longer")
        return
    with lock:
        if outputs:
            waiting = asyncio.ensure_future(_all_known(list(outputs)))
            outputs.clear()
            outputs.add(waiting)


async def _all_known(outputs: Collection[asyncio.Future[object]]) -> None:
    """Wait for every output; raise the error of the first that fails."""
    done, _ = await asyncio.wait(outputs, return_when=asyncio.FIRST_EXCEPTION)
    for output in done:
        output.result()
