"""The queues of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.messaging.messaging import Messaging, MessagingArgs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the queues, where the stack file has some."""
    settings = platform.settings.messaging
    if settings is None:
        return
    yield Messaging("messaging", MessagingArgs(settings=settings), platform.options).outputs
