"""List prices by service, SKU and region, each with its unit, its source and the day it was read.

The table is `data/prices.csv`, which `make prices` writes: US dollars before tax, on demand, Linux, shared tenancy. A
price that is not in it is not known; no other region's stands in for it.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from review.cost.snapshot import DATA, EVERYWHERE, SOURCES, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOURS: Final = Decimal(730)
"""Hours of a month, as AWS's own calculator takes them (365 x 24 / 12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One list price."""

    service: str
    """Group of the table, such as `rds_storage`."""
    sku: str
    """What is sold, such as `gp3_multi_az`."""
    region: str
    """Region that it holds in; `*` = everywhere."""
    usd: Decimal
    """US dollars for one unit."""
    unit: str
    """What one unit is; it ends with `hour` or `month`."""
    date: str
    """Day of the source, as the source says it; may say that none is known."""
    source: str
    """Key of `Prices.sources`."""
    derived: str = ""
    """How it was computed from other prices; empty where the source has the figure itself."""
    confidence: str = ""
    """What is weak about the source; empty where nothing is known to be."""

    @property
    def monthly(self) -> Decimal:
        """US dollars for one unit through a month.

        Raises:
            ValueError: The unit is none of time: it costs by use.
        """
        if self.unit.endswith("hour"):
            return self.usd * HOURS
        if self.unit.endswith("month"):
            return self.usd
        raise ValueError(f"{self.service}.{self.sku}: a price by {self.unit} is none of time")

    @property
    def dated(self) -> str:
        """The day or month in `date` (ISO 8601); empty where the source has none."""
        found = re.fullmatch(r"\d{4}-\d\d(-\d\d)?", self.date)
        return found[0] if found else ""


@dataclass(frozen=True)
class Prices:
    """A table of prices."""

    collected: str
    """Day on which the table was collected (ISO 8601)."""
    sources: Mapping[str, str]
    """Where a figure was found, by key."""
    table: Mapping[tuple[str, str, str], Price]
    """Price by service, SKU and region."""

    @classmethod
    def of(cls, prices: Iterable[Price], collected: str = "", sources: Mapping[str, str] | None = None) -> Prices:
        """Return the table of some prices."""
        return cls(collected, sources or {}, {(one.service, one.sku, one.region): one for one in prices})

    def find(self, service: str, sku: str, region: str) -> Price | None:
        """Return the price in a region, or the one that holds everywhere; None = not known there."""
        return self.table.get((service, sku, region)) or self.table.get((service, sku, EVERYWHERE))


@cache
def standing() -> Prices:
    """Return the prices that stand in the project."""
    about = json.loads((DATA / SOURCES).read_text(encoding="utf-8"))
    with (DATA / TABLE).open(encoding="utf-8", newline="") as lines:
        rows = [Price(**{**row, "usd": Decimal(row["usd"])}) for row in csv.DictReader(lines)]  # type: ignore[arg-type]
    return Prices.of(rows, about["collected"], about["sources"])
