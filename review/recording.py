"""Records one of this repository's stacks offline; a standby's with the outputs that its primary would publish."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from components.stack import deploy
from config import load_file, stack_file
from review.graph import ROOT_TYPE
from review.record import record

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph


def record_stack(stack: str, settings: StackConfig, beside: Graph | None = None) -> Graph:
    """Return what a stack registers.

    A standby that is active reads its own last outputs, which no recording has: its copy is taken from the primary.

    Args:
        stack: Name of the stack.
        settings: Its settings.
        beside: What the stack registers that it follows; None = recorded from that one's stack file first.

    Raises:
        config.ConfigError: The primary's stack file is wrong.
        pulumi.RunError: The program stops.
        ValueError: The settings ask for what cannot be built.
    """
    standby = settings.recovery.standby if settings.recovery else None
    references, primary = {}, None
    if standby is not None:
        theirs = load_file(stack_file(standby.primary))
        if theirs.identity.role == "standby":
            raise ValueError(f"recovery.standby.primary: {standby.primary} is a standby itself; name its primary")
        primary = beside or record_stack(standby.primary, theirs)
        outputs = next(resource.outputs for resource in primary.resources if resource.type == ROOT_TYPE)
        references = {standby.primary: outputs, stack: {"primary": outputs}}
    return replace(record(lambda: deploy(settings).publish(), stack, references), primary=primary)
