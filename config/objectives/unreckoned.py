"""Sections of a stack file of whose loss nobody has reckoned anything: an area is found by its section, and named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import Section

if TYPE_CHECKING:
    from config.stack import StackConfig

RECKONED: Final = (
    *("cluster", "containers", "instances", "beanstalk", "messaging", "data", "edge", "network", "registry"),
    *("api", "functions", "sockets", "inference", "streaming"),
)
"""Sections whose loss the objectives reckon with; the APIs stand in as many zones as the network, their names go to
a standby with those of the edge. Functions and models run in every zone, and a standby has its own."""
WITHOUT_SERVICE: Final = (
    *("identity", "keys", "kubernetes", "management", "observability"),
    *("audit", "cost", "backup", "recovery", "experiments", "claims", "operators", "residency"),
)
"""Sections that serve nobody, or nothing that is not built anew by the next `up`."""


def unreckoned(config: StackConfig) -> list[str]:
    """Return the sections that a stack has and that are in neither list."""
    known = (*RECKONED, *WITHOUT_SERVICE)
    names = [name for name in type(config).model_fields if name not in known]
    return [name for name in names if isinstance(found := getattr(config, name), Section | dict) and found]
