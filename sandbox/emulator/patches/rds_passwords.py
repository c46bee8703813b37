"""A new password of a database without an engine behind it is no failure.

ministack tries to reach the engine for each change and logs that it cannot.
"""

from __future__ import annotations

from typing import Any

from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Patch, wrap


def _rotate_password(original: Handler) -> Handler:
    """Tell a new password to the engine where there is one; without one the original logs a failure for each change."""

    def rotate(instance: dict[str, Any], old: str, new: str) -> None:
        if instance.get("_docker_container_id"):
            original(instance, old, new)

    return rotate


PATCH = Patch(
    "rds-passwords",
    "the log has an error for each change of a password",
    lambda: wrap(rds, "_rotate_instance_password", _rotate_password),
)
