"""Names of endpoints as AWS makes them: the parts that a module of a service puts together.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html (form of the names)
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html (same)
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTH = 12


def is_placeholder(endpoint: Mapping[str, Any]) -> bool:
    """Whether the address is no name of AWS's form."""
    return "." not in str(endpoint.get("Address", ""))


def mark(account: str, region: str) -> str:
    """What AWS puts into the names of one account and region."""
    return hashlib.sha256(f"{account} {region}".encode()).hexdigest()[:_LENGTH]


def short(region: str) -> str:
    """A region as the names of caches have it: `use1`, `usw2`."""
    place, side, number = region.rsplit("-", 2)
    return f"{place.replace('-', '')}{side[0]}{number}"
