"""Replicas of secrets wait while a region is cut off, and are brought in line afterwards.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html (read 2026-11-21)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.core.responses import request_scope
from ministack.services import secretsmanager

from sandbox.emulator.cut import CUTS, reachable
from sandbox.emulator.patches.base import Handler, Patch, wrap

_LATE = "InProgress"


def _sync(original: Handler) -> Handler:
    """Leave out the replicas that cannot be reached, and say so."""

    def sync(secret: dict[str, Any]) -> None:
        home = secret["ARN"].split(":")[3]
        near = []
        for status in secret.get("ReplicationStatus", []):
            there = reachable(home, status["Region"])
            status["Status"] = "InSync" if there else _LATE
            status["StatusMessage"] = "Replication succeeded" if there else "Replication in progress"
            near += [status] if there else []
        original({**secret, "ReplicationStatus": near})

    return sync


def _catch_up() -> None:
    """Bring every late replica in line."""
    for (account, region, _), secret in list(secretsmanager._secrets._data.items()):
        if any(status["Status"] == _LATE for status in secret.get("ReplicationStatus", [])):
            with request_scope(account, region):
                secretsmanager._sync_replicas(secret)


def _apply() -> None:
    wrap(secretsmanager, "_sync_replicas", _sync)
    CUTS.on_heal.append(_catch_up)


PATCH = Patch("secretsmanager-replicas", "a replica follows into a region that is cut off", _apply)
