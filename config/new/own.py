"""What a stack file must say itself, beside what its bases say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.new.draft import Values


def own_values(bases: Values, old: Values, new: Values) -> Values:
    """Return what a stack file says so that it has the new settings.

    What the old file says stays, even where a base says the same; of the rest, what no base says. None stands where a
    base has a key that the new settings have not.

    Args:
        bases: What the bases say together; empty = none.
        old: What the old file says itself.
        new: The settings.
    """
    found: Values = {}
    for key in [*(key for key in old if key in new), *(key for key in new if key not in old)]:
        value, below, said = new[key], bases.get(key), old.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            inner = own_values(below, said if isinstance(said, dict) else {}, value)
            if inner or isinstance(said, dict):
                found[key] = inner
        elif key in old or key not in bases or below != value:
            found[key] = value
    found.update((key, None) for key in bases if key not in new)
    return found
