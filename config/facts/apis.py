"""Regions of the APIs that are not in every region: which endpoint a service has, and where a stack has to call it.

Sources: AWS General Reference, "Service endpoints and quotas", page of each service; AWS whitepaper "AWS Fault
Isolation Boundaries", "Global services"; both read 2026-11-30. botocore's endpoint rules say the same of every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Api:
    """Where a service is controlled from."""

    kind: Literal["some", "global"]
    """`some`: an endpoint in each of these regions and in no other, so a client must be given one of them. `global`:
    one endpoint, which clients of every region find by themselves; while its region is lost, nothing can be changed."""
    regions: tuple[str, ...]
    """Regions, the one to take for want of a nearer one first; one only of a global service."""


_IN_VIRGINIA: Final = Api("global", ("us-east-1",))
_IN_OREGON: Final = Api("global", ("us-west-2",))

APIS: Final[Mapping[str, Api]] = {
    "chatbot": Api("some", ("us-west-2", "us-east-2", "eu-west-1", "ap-southeast-1")),
    "ecr-public": Api("some", ("us-east-1",)),
    "globalaccelerator": Api("some", ("us-west-2",)),
    "cur": Api("some", ("us-east-1",)),
    "cost-optimization-hub": Api("some", ("us-east-1",)),
    "route53domains": Api("some", ("us-east-1",)),
    "route53-recovery-readiness": Api("some", ("us-west-2",)),
    "pricing": Api("some", ("us-east-1", "eu-central-1", "ap-south-1")),
    "iam": _IN_VIRGINIA,
    "route53": _IN_VIRGINIA,
    "cloudfront": _IN_VIRGINIA,
    "organizations": _IN_VIRGINIA,
    "account": _IN_VIRGINIA,
    "shield": _IN_VIRGINIA,
    "budgets": _IN_VIRGINIA,
    "ce": _IN_VIRGINIA,
    "bcm-data-exports": _IN_VIRGINIA,
    "savingsplans": _IN_VIRGINIA,
    "support": _IN_VIRGINIA,
    "route53-recovery-control-config": _IN_OREGON,
    "networkmanager": _IN_OREGON,
}
"""Service, as its endpoint is called, to its regions. One that is not named is in the regions where AWS offers it.
Regional resources that a global service uses (web ACLs, certificates and functions of CloudFront, query logs and
signing keys of Route 53) stand in the region of that service."""


def api_region(service: str, own: str) -> str:
    """Return the region in which a stack calls a service: its own where the API is there, else the nearest that has it.

    Nearest is the first of the same part of the world, else the first of all.

    Args:
        service: A service of `APIS`.
        own: Region of the stack.

    Raises:
        KeyError: No such service.
    """
    regions = APIS[service].regions
    part = own.partition("-")[0]
    return own if own in regions else next((each for each in regions if each.startswith(f"{part}-")), regions[0])
