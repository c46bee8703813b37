"""State that cures keep beside the emulator's own: saved, restored and reset with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.core.responses import AccountRegionScopedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

_STORES: dict[str, AccountRegionScopedDict] = {}


def regional(name: str) -> AccountRegionScopedDict:
    """Make a store whose keys are apart for each account and region.

    Args:
        name: Its name in the saved state; a rename loses what was saved.

    Raises:
        ValueError: The name is taken.
    """
    if name in _STORES:
        raise ValueError(f"the store {name} exists already")
    _STORES[name] = AccountRegionScopedDict()
    return _STORES[name]


def state() -> dict[str, AccountRegionScopedDict]:
    """All stores by name, for saving."""
    return dict(_STORES)


def restore(saved: Mapping[str, AccountRegionScopedDict]) -> None:
    """Take back saved stores.

    Raises:
        KeyError: A saved store is not known any more.
    """
    for name, store in saved.items():
        _STORES[name].update(store)


def reset() -> None:
    """Forget everything."""
    for store in _STORES.values():
        store.clear()
