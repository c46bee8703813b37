"""What API Gateway takes of an HTTP API: numbers, and zones of VPC links.

Sources, read 2026-11-30: API Gateway Developer Guide, "Quotas for configuring and running an HTTP API" and "Set up VPC
links V2 in API Gateway", section "Availability by Region"; "Amazon API Gateway quotas", account-level throttling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.regions import regions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TIMEOUT_MILLISECONDS: Final = (50, 30_000)
"""Shortest and longest time-out of an integration; no request may ask for more."""
RATE: Final = 10_000
"""Requests a second that an account may make of its APIs in a region, by default (L-8A5B8E43)."""
BURST: Final = 5_000
"""Requests that may come at once; it follows from the rate and cannot be asked for (L-CDF5615A)."""
SLOW_RATE: Final = 2_500
"""The rate in `SLOW_REGIONS`."""
SLOW_BURST: Final = 1_250
"""The burst in `SLOW_REGIONS`."""
SLOW_REGIONS: Final = frozenset(
    {
        "af-south-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7",
        "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "mx-central-1",
    }
)  # fmt: skip
"""Regions where an account may make fewer requests."""
LINK_ZONES: Final[Mapping[str, tuple[str, ...]]] = {
    "us-east-1": ("use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"),
    "us-east-2": ("use2-az1", "use2-az2", "use2-az3"),
    "us-west-1": ("usw1-az1", "usw1-az3"),
    "us-west-2": ("usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"),
    "ap-east-1": ("ape1-az2", "ape1-az3"),
    "ap-south-1": ("aps1-az1", "aps1-az2", "aps1-az3"),
    "ap-northeast-1": ("apne1-az1", "apne1-az2", "apne1-az4"),
    "ap-northeast-2": ("apne2-az1", "apne2-az2", "apne2-az3"),
    "ap-southeast-1": ("apse1-az1", "apse1-az2", "apse1-az3"),
    "ap-southeast-2": ("apse2-az1", "apse2-az2", "apse2-az3"),
    "ca-central-1": ("cac1-az1", "cac1-az2"),
    "eu-central-1": ("euc1-az1", "euc1-az2", "euc1-az3"),
    "eu-north-1": ("eun1-az1", "eun1-az2", "eun1-az3"),
    "eu-south-2": ("eus2-az1", "eus2-az2", "eus2-az3"),
    "eu-west-1": ("euw1-az1", "euw1-az2", "euw1-az3"),
    "eu-west-2": ("euw2-az1", "euw2-az2", "euw2-az3"),
    "eu-west-3": ("euw3-az1", "euw3-az3"),
    "me-south-1": ("mes1-az1", "mes1-az2", "mes1-az3"),
    "sa-east-1": ("sae1-az1", "sae1-az2", "sae1-az3"),
}
"""Region -> ids of the zones in which a VPC link may stand; a region that is not named has no VPC links."""


def throttle(region: str) -> tuple[int, int]:
    """Return the rate and the burst that an account has in a region."""
    return (SLOW_RATE, SLOW_BURST) if region in SLOW_REGIONS else (RATE, BURST)


def link_zones(region: str, zones: Sequence[str]) -> tuple[str, ...]:
    """Return the zones, by letter, in which a VPC link may stand; those of which nobody knows what they mean, too."""
    facts, there = regions()[region], LINK_ZONES.get(region, ())
    return tuple(one for one in zones if one not in facts.ids or facts.zone_id(facts.ids[one]) in there)
