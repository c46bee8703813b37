"""Every type that stacks are made of, in one list each: priced, free, by use only, or of unknown price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from review.cost import compute, network, others, stores, watch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.cost.item import Pricer

PRICERS: Final[Mapping[str, Pricer]] = dict(
    pair for module in (compute, stores, network, watch) for pair in module.pricers()
)
"""Type -> what says what it costs."""


def _by_type(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return {type_: reason for reason, types in table.items() for type_ in types}


FREE: Final = _by_type(others.FREE)
"""Type -> why it costs nothing."""
USAGE: Final = _by_type(others.USAGE)
"""Type -> what it costs by."""
UNKNOWN: Final = _by_type(others.UNKNOWN)
"""Type -> what is not known of its price."""
