"""What watches the bill of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.cost.cost import Cost, CostArgs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build what watches the bill, where the stack file has it; nobody needs to know of it."""
    settings = platform.settings.cost
    if settings is not None:
        Cost("cost", CostArgs(settings=settings, identity=platform.identity), platform.options)
    yield from ()
