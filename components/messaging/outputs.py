"""What later areas may know of the queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class QueueOutputs:
    """A queue as other areas see it."""

    name: pulumi.Output[str]
    """Its name, by which metrics are measured."""
    url: pulumi.Output[str]
    """Where messages are sent to and received from."""
    arn: pulumi.Output[str]
    """Its ARN."""
    dead_letters: pulumi.Output[str]
    """Name of the queue of its dead letters."""


@dataclass(frozen=True, kw_only=True)
class MessagingOutputs(Outputs):
    """The queues as other areas see them."""

    queues: Mapping[str, QueueOutputs]
    """Queue in the stack file -> queue."""

    def exports(self) -> Mapping[str, pulumi.Output[dict[str, str]]]:
        """Return `queue_urls`: short name -> URL."""
        return {"queue_urls": gathered({short: queue.url for short, queue in self.queues.items()})}
