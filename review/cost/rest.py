"""What a stack costs at rest: every resource once, priced or named.

At rest, nobody calls the stack and its stores are empty. Groups, services and tables stand at the least size that the
stack file keeps. A month has 730 hours. AWS's free allowances, which belong to an account, are not taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from review.cost import prices as price_table
from review.cost.item import Around, Gap, Item, NotKnownError
from review.cost.pricers import FREE, PRICERS, UNKNOWN, USAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from review.cost.prices import Price, Prices
    from review.graph import Graph, Resource

_NOT_BILLED: Final = "pulumi:"
"""Types of Pulumi's own: stacks, providers, references."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One priced part of a resource."""

    resource: Resource
    area: str
    """Area of the stack that it belongs to."""
    item: Item
    price: Price

    @property
    def monthly(self) -> Decimal:
        """US dollars a month, not rounded."""
        return self.item.quantity * self.price.monthly


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpriced:
    """One part of a resource that may cost at rest, and nobody knows how much."""

    resource: Resource
    area: str
    """Area of the stack that it belongs to."""
    what: str
    """In a few words."""
    why: str
    """What is not known."""
    quantity: Decimal = Decimal(1)
    """How many of it, as far as that is known."""


@dataclass(frozen=True)
class Rest:
    """What a stack costs a month at rest, as far as it is known."""

    lines: tuple[Line, ...]
    """Priced parts, the dearest first."""
    unpriced: tuple[Unpriced, ...]
    """Parts of unknown price, in the order of the stack."""
    prices: Prices
    """The prices that it was looked up in."""

    @property
    def monthly(self) -> Decimal:
        """US dollars a month of all that is priced, not rounded."""
        return total(self.lines)

    @property
    def derived(self) -> tuple[Line, ...]:
        """Lines whose price was computed from other prices."""
        return tuple(line for line in self.lines if line.price.derived)

    @property
    def dates(self) -> tuple[str, ...]:
        """Days of the prices that were used, the oldest first; those without a day are left out."""
        return tuple(sorted({line.price.dated for line in self.lines} - {""}))

    @property
    def undated(self) -> int:
        """Number of lines whose price has no day."""
        return len([line for line in self.lines if not line.price.dated])

    def by_area(self) -> Mapping[str, tuple[Line, ...]]:
        """Return the lines of each area, the dearest area first."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.area, []).append(line)
        return {area: tuple(lines) for area, lines in sorted(found.items(), key=lambda one: -total(one[1]))}


def total(lines: Iterable[Line]) -> Decimal:
    """Return US dollars a month of some lines."""
    return sum((line.monthly for line in lines), Decimal(0))


def at_rest(graph: Graph, today: date, prices: Prices | None = None) -> Rest:
    """Return what a stack costs at rest.

    Args:
        graph: Its resources.
        today: Day on which it costs this; decides what is in extended support.
        prices: Prices to go by; None = those that stand in the project.
    """
    table = prices or price_table.standing()
    around = Around(graph, today)
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    for resource in (*graph.custom(), *(one for one in graph.made if one.custom)):
        if resource.type.startswith(_NOT_BILLED):
            continue
        area = graph.area(resource)
        for said in _said(resource, around):
            if isinstance(said, Gap):
                unpriced.append(Unpriced(resource=resource, area=area, what=said.what, why=said.why))
                continue
            region = said.region or around.region(resource)
            if (price := table.find(said.service, said.sku, region)) is not None:
                lines.append(Line(resource=resource, area=area, item=said, price=price))
            else:
                why = f"no price of {said.service}.{said.sku} in {region or 'an unknown region'}"
                unpriced.append(Unpriced(resource=resource, area=area, what=said.what, why=why, quantity=said.quantity))
    lines.sort(key=lambda line: -line.monthly)
    return Rest(tuple(lines), tuple(unpriced), table)


def _said(resource: Resource, around: Around) -> Iterator[Item | Gap]:
    """Yield what the type's pricer says; of what has none, why, unless it is known to cost nothing at rest."""
    kind = resource.type
    if (pricer := PRICERS.get(kind)) is not None:
        try:
            yield from pricer(resource, around)
        except NotKnownError as error:
            yield Gap(_short(kind), str(error))
    elif kind in UNKNOWN:
        yield Gap(_short(kind), UNKNOWN[kind])
    elif kind not in FREE and kind not in USAGE:
        yield Gap(kind, "no pricer knows the type")


def _short(kind: str) -> str:
    """Return a type as `wafv2 WebAcl`."""
    module, _, name = kind.rpartition(":")
    return f"{module.partition(':')[2].partition('/')[0]} {name}"
