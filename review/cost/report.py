"""What a stack costs at rest, for a person and for a program."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from review.cost.prices import HOURS
from review.cost.rest import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from review.cost.rest import Line, Rest, Unpriced

_AREAS: Final = 6
"""Rows of the table; what is more is added up in the last."""
_LARGEST: Final = 3
"""Lines that are named for each area."""
_CENT: Final = Decimal("0.01")


def as_text(rest: Rest, *, every_line: bool = False) -> Iterator[RenderableType]:
    """Yield the sum, the areas with their largest lines, and what has no price; every line where that is asked for."""
    if rest.lines:
        yield _areas(rest, every=every_line)
    yield Text(summary(rest))
    if rest.unpriced:
        yield Text(f"price unknown, and not in the sum: {_named(rest.unpriced)}", style="yellow")
    if every_line:
        yield from _every_line(rest)
    elif rest.lines or rest.unpriced:
        yield Text("--costs shows every line, and why a price is unknown")


def as_json(rest: Rest) -> dict[str, Any]:
    """Return the same for programs: amounts are text, not rounded, in US dollars a month."""
    sources = rest.prices.sources
    used = sorted({line.price.source for line in rest.lines})
    return {
        "currency": "USD",
        "hours": int(HOURS),
        "monthly": _plain(rest.monthly),
        "derived": _plain(total(rest.derived)),
        "prices": {
            "collected": rest.prices.collected,
            "dates": list(rest.dates),
            "undated": rest.undated,
            "sources": {key: sources[key] for key in used if key in sources},
        },
        "areas": {area: _plain(total(lines)) for area, lines in rest.by_area().items()},
        "lines": [_line(line) for line in rest.lines],
        "unknown": [
            {
                "urn": one.resource.urn,
                "area": one.area,
                "what": one.what,
                "quantity": _plain(one.quantity),
                "why": one.why,
            }
            for one in rest.unpriced
        ],
    }


def summary(rest: Rest) -> str:
    """Return what the stack costs at rest, how much of it is known how well, and how old the prices are."""
    derived = rest.derived
    by = f", {len(derived)} of them ({dollars(total(derived))}) by derived prices" if derived else ""
    parts = f"{len(rest.lines)} parts priced{by}; {len(rest.unpriced)} of unknown price"
    dates = rest.dates
    dated = f", dated {dates[0]} to {dates[-1]}" if dates else ""
    dated += f", {rest.undated} without a day" if rest.undated else ""
    return f"at rest: about {dollars(rest.monthly)} a month ({parts}); list prices of {rest.prices.collected}{dated}"


def dollars(amount: Decimal) -> str:
    """Return an amount in whole US dollars, or in cents where it is small."""
    small = 0 < amount < 10  # noqa: PLR2004  dollars
    return f"${amount.quantize(_CENT if small else Decimal(1), ROUND_HALF_UP):,}"


def _areas(rest: Rest, *, every: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="at rest: US dollars a month")
    table.add_column("area")
    table.add_column("a month", justify="right")
    table.add_column("of which", overflow="fold")
    areas = list(rest.by_area().items())
    shown = areas if every or len(areas) <= _AREAS else areas[: _AREAS - 1]
    for area, lines in shown:
        table.add_row(area, dollars(total(lines)), _largest(lines))
    if others := areas[len(shown) :]:
        lines = tuple(line for _, some in others for line in some)
        table.add_row(f"{len(others)} others", dollars(total(lines)), ", ".join(area for area, _ in others))
    return table


def _largest(lines: Iterable[Line]) -> str:
    """Return the largest of some lines; equal things are one."""
    alike: dict[str, tuple[Decimal, Decimal]] = {}
    for line in lines:
        count, amount = alike.get(line.item.what, (Decimal(0), Decimal(0)))
        alike[line.item.what] = (count + line.item.quantity, amount + line.monthly)
    ordered = sorted(alike.items(), key=lambda one: -one[1][1])
    first, more = ordered[:_LARGEST], ordered[_LARGEST:]
    named = ", ".join(f"{_plain(count)} x {what} {dollars(amount)}" for what, (count, amount) in first)
    return f"{named}, and {len(more)} more" if more else named


def _named(unpriced: Iterable[Unpriced]) -> str:
    """Return what has no price; equal things are one, with their number."""
    counts: dict[str, Decimal] = {}
    for one in unpriced:
        counts[one.what] = counts.get(one.what, Decimal(0)) + one.quantity
    return ", ".join(what if count == 1 else f"{_plain(count)} x {what}" for what, count in counts.items())


def _every_line(rest: Rest) -> Iterator[Text]:
    for area, lines in rest.by_area().items():
        for line in lines:
            price = line.price
            known = "derived: " + price.derived if price.derived else f"{price.source}, {price.date}"
            each = f"{_plain(line.item.quantity)} x {line.item.what} at ${_plain(price.usd)} a {price.unit}"
            yield Text(
                f"{area}: {line.resource.name}: ${line.monthly.quantize(_CENT, ROUND_HALF_UP)}: {each} ({known})"
            )
    for one in rest.unpriced:
        yield Text(f"{one.area}: {one.resource.name}: unknown: {_plain(one.quantity)} x {one.what}: {one.why}")


def _line(line: Line) -> dict[str, Any]:
    item, price = line.item, line.price
    return {
        "urn": line.resource.urn,
        "area": line.area,
        "what": item.what,
        "quantity": _plain(item.quantity),
        "basis": item.basis,
        "monthly": _plain(line.monthly),
        "price": {
            "service": price.service,
            "sku": price.sku,
            "region": price.region,
            "usd": _plain(price.usd),
            "unit": price.unit,
            "date": price.date,
            "source": price.source,
            **({"derived": price.derived} if price.derived else {}),
            **({"confidence": price.confidence} if price.confidence else {}),
        },
    }


def _plain(number: Decimal) -> str:
    """Return a number without an exponent and without zeros behind."""
    return f"{number.normalize():f}"
