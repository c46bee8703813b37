"""And, or, and filters over values of which some are not known: an unknown counts only if the answer hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from policy.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Item = TypeVar("_Item")


def some(items: Iterable[_Item], test: Callable[[_Item], bool]) -> bool:
    """Tell whether the test holds for any item.

    Raises:
        UnknownValueError: it holds for none that is known, and one is not.
    """
    unknown: UnknownValueError | None = None
    for item in items:
        try:
            if test(item):
                return True
        except UnknownValueError as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown
    return False


def every(*tests: Callable[[], bool]) -> bool:
    """Tell whether all tests hold.

    Raises:
        UnknownValueError: none fails that is known, and one is not.
    """
    return not some(tests, lambda test: not test())


def sift(items: Iterable[_Item], test: Callable[[_Item], bool]) -> Iterator[_Item]:
    """Yield the items for which the test holds; only then raise for one that could not be judged.

    Raises:
        UnknownValueError: an item is not known well enough.
    """
    unknown: UnknownValueError | None = None
    for item in items:
        try:
            holds = test(item)
        except UnknownValueError as error:
            unknown = unknown or error
            continue
        if holds:
            yield item
    if unknown is not None:
        raise unknown
