"""Residency: which data may be where, and the exceptions that somebody stands behind."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from config.base import Section
from config.facts.codes import Region
from config.mail import MailAddress
from config.recovery import SettingPath

Beyond = Literal["edge", "elsewhere", "slack", "pagerduty", "anthropic", "vertex"]
"""Places that are no region: `edge` = CloudFront's edge locations, worldwide; `elsewhere` = a region that the setting
does not name; the others are services outside AWS."""
Place = Literal[Region, Beyond]
Basis = Literal[
    "adequacy",
    "agreement",
    "contract",
    "consent",
    "legal_claims",
    "contract_performance",
    "judicial_cooperation",
    "public_interest",
]
"""What a transfer stands on, after the UAE's PDPL (Federal Decree-Law 45 of 2021), read 2026-11-30; our reading, not
legal advice. `BASES` has the article of each."""
BASES: Final = {
    "adequacy": "Art. 22(1): the other state has a law that protects personal data as this one does",
    "agreement": "Art. 22(2): the UAE has joined an agreement with the other state on the protection of personal data",
    "contract": "Art. 23(1)(a): a contract binds who receives the data to the duties of the PDPL",
    "consent": "Art. 23(1)(b): the person has expressly agreed to the transfer",
    "legal_claims": "Art. 23(1)(c): needed to make, exercise or defend rights before a court",
    "contract_performance": "Art. 23(1)(d): needed for a contract with the person, or one in their interest",
    "judicial_cooperation": "Art. 23(1)(e): needed for an act of international judicial cooperation",
    "public_interest": "Art. 23(1)(f): needed to protect the public interest",
}
"""Basis -> article, and what it asks for in our words."""
LONGEST_DAYS: Final = 366
"""Days for which an exception is granted at most; then it is asked for again, as a waiver of the pack is."""
ShortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
Reason = Annotated[str, Field(min_length=20, max_length=300)]
REGIONS: Final[frozenset[str]] = frozenset(get_args(Region))
"""Codes of all regions that a place may be."""


class DataClass(Section):
    """A class of data."""

    what: Annotated[str, Field(min_length=5, max_length=200)]
    """What is of this class, in a few words."""
    places: Annotated[tuple[Place, ...], Field(max_length=30)] = ()
    """Regions, and places beyond them, where it may be beside the stack's own region; empty = strict: nowhere else."""
    at: Annotated[tuple[SettingPath, ...], Field(max_length=50)] = ()
    """Settings whose data is of this class, such as `data.buckets.site`, each with all below it; the longest path
    decides. What no class names is treated as if it were of all classes: it may be only where each of them may."""


class Transfer(Section):
    """An exception: data that goes where its class may not be."""

    of: SettingPath
    """Setting that sends it there, as the message that refuses it has it."""
    to: Annotated[tuple[Place, ...], Field(min_length=1, max_length=30)]
    """Where to: exactly these places."""
    basis: Basis
    """What it stands on, after Art. 22 and 23 of the PDPL. Our reading, not legal advice."""
    reason: Reason
    """Why it is needed, and what keeps it small."""
    until: date
    """Last day (quoted) on which it holds, 366 days after `as_of` at most. Later than that the file is refused, by
    `as_of`, and the pack refuses the stack, by the day it is judged on."""
    owner: MailAddress
    """Who answers for it."""


class Residency(Section):
    """Where data may be. What leaves without a place or an exception is refused, here and by the policy pack."""

    classes: Annotated[dict[ShortName, DataClass], Field(min_length=1, max_length=10)]
    """Classes of data by name, such as personal, financial, operational."""
    exceptions: Annotated[dict[ShortName, Transfer], Field(max_length=20)] = Field(default_factory=dict)
    """Exceptions by name; none by default."""
    prevails: Reason | None = None
    """Why residency prevails over recovery where the region, or all but one of its zones, are lost. Required where data
    may be in no other region, and refused where it may; the review says what is lost by it."""

    def class_of(self, path: str) -> str | None:
        """Return the class of the data at a dotted path; None = no class names it."""
        best, found = 0, None
        for name, one in self.classes.items():
            for at in one.at:
                if (path == at or path.startswith(f"{at}.")) and len(at) > best:
                    best, found = len(at), name
        return found

    def places(self, path: str) -> frozenset[str]:
        """Return the places beside the stack's region where the data at a dotted path may be."""
        name = self.class_of(path)
        if name is not None:
            return frozenset(self.classes[name].places)
        return frozenset.intersection(*(frozenset(one.places) for one in self.classes.values()))
