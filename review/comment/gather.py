"""What a change does to one stack: difference, policy, money, recovery."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from review.cost.rest import at_rest, total
from review.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from policy.evaluate import Finding
    from policy.evidence.place import Place
    from review.cost.rest import Rest
    from review.difference.compare import Difference
    from review.graph import Graph

    At = Callable[[str, str], Place]


@dataclass(frozen=True, kw_only=True)
class Money:
    """What a stack costs a month at rest, before and after."""

    before: Decimal
    """US dollars before, of what has a price."""
    after: Decimal
    """US dollars after."""
    unknown: tuple[str, ...]
    """What has no price now and was not there before."""
    areas: Mapping[str, Decimal]
    """Area -> US dollars more; negative where it is less. Areas that cost what they cost are left out."""

    @property
    def more(self) -> Decimal:
        """US dollars a month more; negative where it is less."""
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is promised of one service, and what its mechanism keeps, before and after."""

    service: str
    """Such as `postgres`."""
    scope: str
    """What is lost: a zone or the region."""
    before: Mapping[str, Any] | None
    """Document of the bound as it was; None where there was none."""
    after: Mapping[str, Any] | None
    """Document of the bound as it is; None where there is none any more."""

    @property
    def broken(self) -> bool:
        """Whether what is promised now cannot be kept."""
        return bool(self.after and self.after["declared"] and not self.after["holds"])


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a comparison."""

    graph: Graph
    """What the stack registers."""
    environment: str
    """Its environment, which decides the profile of the pack."""
    services: Sequence[Mapping[str, Any]]
    """Documents of what recovers, by `review.recovery`."""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """One stack, as a reviewer has to know it."""

    difference: Difference
    """What differs."""
    new: tuple[Finding, ...]
    """What the pack finds now and did not find before, worst first; nothing that is waived."""
    solved: int
    """Number of findings that are gone."""
    money: Money
    """What it costs."""
    promises: tuple[Promise, ...]
    """Promises and bounds that are others than before."""
    at: At
    """Leads from a URN and a path to the line of the stack file."""

    @property
    def stack(self) -> str:
        """Name of the stack."""
        return self.difference.stack

    @property
    def blocked(self) -> bool:
        """Whether the pack stops the change."""
        return any(one.blocking for one in self.new)

    @property
    def quiet(self) -> bool:
        """Whether nothing is another than before."""
        return not (self.difference.changes or self.new or self.solved or self.promises)


def gathered(difference: Difference, before: Side, after: Side, *, today: date, at: At) -> Reviewed:
    """Return what a change does to a stack."""
    was, now = (
        {_key(one): one for one in judge(side.graph, environment=side.environment, today=today).findings}
        for side in (before, after)
    )
    return Reviewed(
        difference=difference,
        new=tuple(one for key, one in now.items() if key not in was and one.waiver is None),
        solved=len([key for key, one in was.items() if key not in now and one.waiver is None]),
        money=_money(at_rest(before.graph, today), at_rest(after.graph, today)),
        promises=promises(before.services, after.services),
        at=at,
    )


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule.name, finding.urn, finding.problem


def _money(before: Rest, after: Rest) -> Money:
    was, now = ({area: total(lines) for area, lines in side.by_area().items()} for side in (before, after))
    nothing = Decimal(0)
    more = {area: now.get(area, nothing) - was.get(area, nothing) for area in {**was, **now}}
    known = {(one.resource.urn, one.what) for one in before.unpriced}
    unknown = [one.what for one in after.unpriced if (one.resource.urn, one.what) not in known]
    return Money(
        before=before.monthly,
        after=after.monthly,
        unknown=tuple(dict.fromkeys(unknown)),
        areas={area: usd for area, usd in more.items() if usd},
    )


def promises(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[Promise, ...]:
    """Return what is promised or kept otherwise than before."""
    was, now = ({(one["service"], one["scope"]): one for one in side} for side in (before, after))
    found = [
        Promise(service=service, scope=scope, before=was.get((service, scope)), after=now.get((service, scope)))
        for service, scope in dict.fromkeys((*was, *now))
    ]
    return tuple(one for one in found if _said(one.before) != _said(one.after))


def _said(document: Mapping[str, Any] | None) -> tuple[Any, ...]:
    return tuple(document[key] for key in ("declared", "bound", "mechanism")) if document else ()
