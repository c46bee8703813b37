"""Versions of EKS, RDS for PostgreSQL and ElastiCache with the ends of their support.

Sources, read 2026-11-21: EKS: Amazon EKS User Guide, "Kubernetes versions". PostgreSQL: postgresql.org, "Versioning
Policy", for majors; minors from data/versions.json, which `make facts` writes. ElastiCache:
endoflife.date, amazon-elasticache-redis, and the User Guide, "Supported engine versions".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from config.facts.offers import versions

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Support:
    """The last days of a version; None = not announced."""

    standard: date | None
    """Last day of standard support."""
    extended: date | None = None
    """Last day of extended support; EKS then upgrades by itself."""


EKS: Final[Mapping[str, Support]] = {
    "1.28": Support(date(2024, 11, 26), date(2025, 11, 26)),
    "1.29": Support(date(2025, 3, 23), date(2026, 3, 23)),
    "1.30": Support(date(2025, 7, 23), date(2026, 7, 23)),
    "1.31": Support(date(2025, 11, 26), date(2026, 11, 26)),
    "1.32": Support(date(2026, 3, 23), date(2027, 3, 23)),
    "1.33": Support(date(2026, 7, 29), date(2027, 7, 29)),
    "1.34": Support(date(2026, 12, 2), date(2027, 12, 2)),
    "1.35": Support(date(2027, 3, 27), date(2028, 3, 27)),
    "1.36": Support(date(2027, 8, 2)),
}
"""Kubernetes minors on EKS."""
LEAST_KARPENTER: Final[Mapping[str, tuple[int, int]]] = {
    "1.33": (1, 5),
    "1.34": (1, 6),
    "1.35": (1, 9),
}
"""Kubernetes minor -> first release of Karpenter that knows it (karpenter.sh, "Compatibility", and endoflife.date,
karpenter, read 2026-12-01)."""


@dataclass(frozen=True)
class PostgresMajor:
    """One major of RDS for PostgreSQL."""

    until: date
    """Last day of the community's support."""
    ended: int
    """Highest minor that RDS no longer creates."""
    newest: int
    """Highest minor known to exist on RDS."""


_UNTIL: Final[Mapping[int, date]] = {
    14: date(2026, 11, 12),
    15: date(2027, 11, 11),
    16: date(2028, 11, 9),
    17: date(2029, 11, 8),
    18: date(2030, 11, 14),
}
"""Last day of the community's support of each major."""


def _major(number: int, until: date) -> PostgresMajor:
    known = {version: open_ for version, open_ in versions()["postgres"].items() if version.startswith(f"{number}.")}
    minors = {int(version.partition(".")[2]): open_ for version, open_ in known.items() if version.count(".") == 1}
    ended = max((minor for minor, open_ in minors.items() if not open_), default=0)
    return PostgresMajor(until, ended=ended, newest=max(minors))


POSTGRES: Final[Mapping[int, PostgresMajor]] = {number: _major(number, until) for number, until in _UNTIL.items()}
"""PostgreSQL majors on RDS; minors from data/versions.json."""

CACHE: Final[Mapping[str, Mapping[str, Support]]] = {
    "redis": {
        "5.0": Support(date(2026, 1, 31), date(2029, 1, 31)),
        "6.2": Support(date(2027, 1, 31)),
        "7.0": Support(None),
        "7.1": Support(None),
    },
    "valkey": {version: Support(None) for version in ("7.2", "8.0", "8.1", "8.2", "9.0", "9.1")},
}
"""ElastiCache engines and their versions."""
