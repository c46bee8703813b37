"""One comparison of a standby with its primary, and how a table writes many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from config.pairs.measures import equal, not_less

if TYPE_CHECKING:
    from collections.abc import Callable

Bound = Literal["always", "redis", "never"]
"""Whether a difference is refused whatever the reason: `redis` = where the standby's cache is in a Global Datastore."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One comparison of a standby with its primary."""

    pattern: str
    """Dotted path; `*` is every entry of a mapping or every field of a section. The primary says which there are."""
    kind: Literal["there", "same", "at least"]
    """`there` = the entry or section exists; else what the values must be to each other."""
    bound: Bound
    """Whether a reason excuses a difference."""
    why: str
    """What goes wrong otherwise."""
    holds: Callable[[object, object], bool] = equal
    """Tells whether the standby's value, the first, does beside the primary's."""


def there(why: str, *patterns: str, bound: Bound = "never") -> tuple[Row, ...]:
    """Return a row for each path that has to exist in the standby."""
    return tuple(Row(pattern=one, kind="there", bound=bound, why=why) for one in patterns)


def same(
    why: str, *patterns: str, bound: Bound = "never", holds: Callable[[object, object], bool] = equal
) -> tuple[Row, ...]:
    """Return a row for each path at which both have the same."""
    return tuple(Row(pattern=one, kind="same", bound=bound, why=why, holds=holds) for one in patterns)


def at_least(why: str, *patterns: str, holds: Callable[[object, object], bool] = not_less) -> tuple[Row, ...]:
    """Return a row for each path at which the standby has no less."""
    return tuple(Row(pattern=one, kind="at least", bound="never", why=why, holds=holds) for one in patterns)
