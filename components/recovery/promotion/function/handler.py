"""AWS Lambda function that brings about the roles which a deployment of the standby orders. Every step may be repeated.

The order: `active`, and for each step its own content under its name. The provider adds `tf.action`: create, update or
delete.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

from . import datastore, secrets
from .order import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STEPS: Final[Mapping[str, Callable[[Mapping[str, Any], Order], Mapping[str, Any]]]] = {
    "secrets": secrets.run,
    "datastore": datastore.run,
}
"""Name in the order -> step; they run in this sequence."""

log = logging.getLogger()
log.setLevel(logging.INFO)


class Context(Protocol):
    """What Lambda tells about the invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the invocation."""


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Run the steps that the order names.

    Returns:
        What each step found or did.

    Raises:
        ValueError: The order names a step that is not known.
    """
    names = [name for name in event if name not in ("active", "tf")]
    if unknown := set(names) - set(STEPS):
        raise ValueError(f"unknown steps {sorted(unknown)}; known are {', '.join(STEPS)}")
    order = Order(
        active=event["active"],
        deleting=event.get("tf", {}).get("action") == "delete",
        remaining_seconds=lambda: context.get_remaining_time_in_millis() / 1000,
    )
    done: dict[str, Any] = {}
    for name, step in STEPS.items():
        if name in event:
            done[name] = step(event[name], order)
            log.info("step %s: %s", name, done[name])
    return done
