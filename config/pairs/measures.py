"""When a standby's value does in place of its primary's: equal, or not less in the measure that counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from config.facts.instances import table

if TYPE_CHECKING:
    from collections.abc import Sized

_UNITS: Final = {"": 1.0, "m": 0.001, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
_REGISTRY: Final = re.compile(r"\.dkr\.ecr\.[a-z0-9-]+\.")
_QUANTITY: Final = re.compile(r"(\d+)(|m|Mi|Gi|Ti)")


def equal(here: object, there: object) -> bool:
    """Tell whether two values are the same."""
    return here == there


def equal_sets(here: object, there: object) -> bool:
    """Tell whether two lists hold the same, in whatever order."""
    return isinstance(here, tuple) and isinstance(there, tuple) and set(here) == set(there)


def same_image(here: object, there: object) -> bool:
    """Tell whether two images are one, but for the region of the account's registry, which is each stack's own."""
    return _REGISTRY.sub(".dkr.ecr.", str(here)) == _REGISTRY.sub(".dkr.ecr.", str(there))


def superset(here: object, there: object) -> bool:
    """Tell whether a list holds everything that the primary's does."""
    return isinstance(here, tuple) and isinstance(there, tuple) and set(here) >= set(there)


def same_major(here: object, there: object) -> bool:
    """Tell whether two versions such as `17.10` differ after the first dot at most."""
    return _version(here)[:1] == _version(there)[:1]


def not_older(here: object, there: object) -> bool:
    """Tell whether a version such as `17.10` is the primary's or a later one."""
    return _version(here) >= _version(there)


def not_less(here: object, there: object) -> bool:
    """Tell whether a number is not below the primary's; none counts as 0, `true` is more than `false`."""
    return _number(here) >= _number(there)


def quantity(here: object, there: object) -> bool:
    """Tell whether a Kubernetes quantity such as `250m` or `64Gi` is not below the primary's."""
    return _quantity(here) >= _quantity(there)


def not_smaller(here: object, there: object) -> bool:
    """Tell whether a class such as `db.r5.large` has the vCPU and memory of the primary's; unknown ones must be equal.

    Classes are measured by their EC2 twins.
    """
    one, other = (table().get(str(name).partition(".")[2]) for name in (here, there))
    if one is None or other is None:
        return here == there
    return one.vcpus >= other.vcpus and one.memory_gib >= other.memory_gib


def as_many(here: object, there: object) -> bool:
    """Tell whether a mapping has as many entries as the primary's, by whatever names."""
    return _count(here) >= _count(there)


def _version(version: object) -> tuple[int, ...]:
    return tuple(int(part) for part in str(version).split(".") if part.isdigit())


def _number(number: object) -> float:
    return float(number) if isinstance(number, int | float) else 0.0


def _quantity(quantity: object) -> float:
    found = _QUANTITY.fullmatch(str(quantity))
    return int(found[1]) * _UNITS[found[2]] if found else 0.0


def _count(mapping: object) -> int:
    sized: Sized = mapping if isinstance(mapping, dict) else ()
    return len(sized)
