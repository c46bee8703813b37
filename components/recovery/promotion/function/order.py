"""What the function is told: the roles that shall hold, and how long it may take."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

POLL_SECONDS: Final = 5
"""Time between two looks at a service that is still changing."""
MARGIN_SECONDS: Final = 20
"""Time left for the answer when waiting ends."""


@dataclass(frozen=True)
class Order:
    """The order under which a step runs."""

    active: bool
    """Whether the standby serves in the primary's place."""
    deleting: bool
    """Whether the standby is being taken down: steps undo what they made, and nothing else."""
    remaining_seconds: Callable[[], float]
    """Time until Lambda ends the invocation."""
    sleep: Callable[[float], None] = time.sleep
    """Waits so many seconds."""

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Look again and again until something holds.

        Raises:
            TimeoutError: It does not before Lambda ends the invocation; the deployment fails, and may be repeated.
        """
        while not until():
            if self.remaining_seconds() < POLL_SECONDS + MARGIN_SECONDS:
                raise TimeoutError(f"{what}: not within the time of one invocation; deploy again")
            self.sleep(POLL_SECONDS)
