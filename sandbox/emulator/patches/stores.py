"""State that patches keep beside the emulator's own: saved, restored and reset with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

Store: TypeAlias = AccountRegionScopedDict | AccountScopedDict

_STORES: dict[str, Store] = {}


def regional(name: str) -> AccountRegionScopedDict:
    """Make a store whose keys are apart for each account and region.

    Args:
        name: Its name in the saved state; a rename loses what was saved.

    Raises:
        ValueError: The name is taken.
    """
    return _add(name, AccountRegionScopedDict())


def of_account(name: str) -> AccountScopedDict:
    """Make a store whose keys are apart for each account and common to its regions.

    Args:
        name: Its name in the saved state; a rename loses what was saved.

    Raises:
        ValueError: The name is taken.
    """
    return _add(name, AccountScopedDict())


def _add(name: str, store: Store) -> Store:
    if name in _STORES:
        raise ValueError(f"the store {name} exists already")
    _STORES[name] = store
    return store


def state() -> dict[str, Store]:
    """All stores by name, for saving."""
    return dict(_STORES)


def restore(saved: Mapping[str, Store]) -> None:
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
