"""The role of a stack, and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.problems import NOTHING, Path, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

STANDBY: Final[Path] = ("recovery", "standby")


def whose_standby(config: StackConfig) -> Iterator[Problem]:
    """A standby says whose it is; a primary is nobody's."""
    follows = config.recovery.standby if config.recovery else None
    if config.identity.role == "standby" and follows is None:
        fix = "name the primary's stack in recovery.standby.primary"
        yield refuse(STANDBY, "a standby follows a primary", got=NOTHING, allowed="a section", fix=fix)
    if config.identity.role == "primary" and follows is not None:
        fix = "drop the section, or make identity.role 'standby'"
        yield refuse(STANDBY, "a primary follows nobody", got=follows.primary, allowed="nothing", fix=fix)


def follows_itself(config: StackConfig, stack: str) -> Iterator[Problem]:
    """A standby follows another stack than itself; asked where the name of the stack is known."""
    follows = config.recovery.standby if config.recovery else None
    if follows is not None and follows.primary == stack:
        fix = "name the stack whose region this one stands in for"
        yield refuse(
            (*STANDBY, "primary"), "a standby follows another stack", got=stack, allowed="another stack", fix=fix
        )


RULES: Final = (whose_standby,)
