"""The changes of stack files by which a failover and a failback are made: the same that the runbooks tell to type."""

from __future__ import annotations

from typing import Final

from sandbox.drill.settings import setting

POSTGRES: Final = "data.postgres"
ACTIVE: Final = "recovery.standby.active"

FAIL_OVER: Final[dict[str, object]] = {ACTIVE: True}
"""Of the standby: it serves in its primary's place."""

CUT_OVER: Final[dict[str, object]] = {f"{POSTGRES}.source_arn": None}
"""Of the primary: its new generation takes writes."""


def generation(primary: str) -> dict[str, object]:
    """Return the settings of the next generation of the database, the same in both stacks.

    Args:
        primary: Text of the primary's stack file.
    """
    now = int(setting(primary, f"{POSTGRES}.generation") or 1)
    previous = [*(setting(primary, f"{POSTGRES}.previous_generations") or []), now]
    return {f"{POSTGRES}.generation": now + 1, f"{POSTGRES}.previous_generations": previous}


def follow(primary: str, source_arn: str) -> dict[str, object]:
    """Return what lets a new generation of the primary follow the standby's database.

    Args:
        primary: Text of the primary's stack file.
        source_arn: The standby's database.
    """
    return generation(primary) | {f"{POSTGRES}.source_arn": source_arn}


def fall_back(primary: str) -> dict[str, object]:
    """Return what lets the standby follow again, by a generation of its own.

    Args:
        primary: Text of the primary's stack file, before the failback.
    """
    return generation(primary) | {ACTIVE: False}
