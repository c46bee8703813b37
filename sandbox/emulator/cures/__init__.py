"""Where the emulator departs from AWS in a way the stacks touch, and what puts it right, one module per service.

A cure replaces a function or an entry of a dispatch table of ministack in this process. Each has a test that fails
without it, and each refuses to be applied where what it replaces is no longer there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.emulator.cures import (
    cache_groups,
    cache_parameters,
    ebs_defaults,
    flow_logs,
    network_acls,
    rds_filters,
    rds_instances,
    security_groups,
    vpc_endpoints,
)

if TYPE_CHECKING:
    from sandbox.emulator.cures.base import Cure

CURES: tuple[Cure, ...] = (
    *rds_filters.CURES,
    *network_acls.CURES,
    *security_groups.CURES,
    *flow_logs.CURES,
    *vpc_endpoints.CURES,
    *ebs_defaults.CURES,
    *rds_instances.CURES,
    *cache_groups.CURES,
    *cache_parameters.CURES,
)
"""All cures, in the order they are applied."""


def apply() -> None:
    """Apply all cures to the emulator of this process, once.

    Raises:
        AttributeError: ministack no longer has what a cure replaces; its version is pinned for this reason.
        KeyError: The same, for an action.
    """
    for cure in CURES:
        cure.apply()
