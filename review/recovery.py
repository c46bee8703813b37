"""What a stack promises when something is lost, beside what its settings can keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from config.objectives import availability, binding, bounds, duration, standing, unreckoned
from config.residency import BASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from config.objectives import Bound
    from config.recovery import Objective
    from config.stack import StackConfig


def as_text(config: StackConfig) -> Iterator[RenderableType]:
    """Yield the table of services, what binds the whole, the control planes that it takes, and the availability."""
    found = bounds(config)
    if unknown := unreckoned(config):
        yield Text(f"recovery: not reckoned, what its loss means is unknown: {', '.join(unknown)}", style="red")
    if not found:
        yield Text("recovery: nothing in this stack recovers by itself")
        return
    yield _table(found)
    if tier := standing(config):
        yield Text(f"recovery tier: {tier.replace('_', ' ')}, by what stands")
    system = found[-1]
    slowest = binding(system.scope, config)
    yield Text(f"recovery time: {slowest['rto']} binds: {system.arithmetic('rto')}")
    yield Text(f"recovery point: {slowest['rpo']} binds: {system.arithmetic('rpo')}")
    yield from _control_planes(system)
    yield Text(_availability(config))
    yield from residency(config)


def residency(config: StackConfig) -> Iterator[RenderableType]:
    """Yield what is lost because data stays in one region, in one line, and each exception with its last day."""
    declared = config.residency
    if declared is None:
        return
    if declared.prevails is not None:
        yield Text(f"residency: {loss(config)}; chosen, because: {declared.prevails}", style="red")
    for one in declared.exceptions.values():
        article = BASES[one.basis].partition(":")[0]
        where = f"{one.of} leaves for {', '.join(one.to)}"
        yield Text(f"residency: {where} until {one.until}, by {one.basis} ({article}), says {one.owner}: {one.reason}")


def loss(config: StackConfig) -> str:
    """Say what is lost with the region, or all but one of its zones, where data may be in no other."""
    region = config.identity.region
    kept = [f"data.{name}" for name in ("postgres", "redis", "buckets", "tables") if getattr(config, name)]
    lost = ", ".join([*kept, *(["backup"] if config.backup else [])]) or "whatever it keeps"
    return (
        f"with {region}, or two of its zones, nothing serves until AWS restores it, and what AWS cannot restore of "
        f"{lost} is lost for good: no copy may be elsewhere"
    )


def as_json(config: StackConfig) -> dict[str, Any]:
    """Return the same for programs, every step with its figure, evidence and source."""
    declared = config.recovery.availability_percent if config.recovery else None
    return {
        "tier": standing(config),
        "services": [one.document() for one in bounds(config)],
        "unreckoned": unreckoned(config),
        "residency": [str(line) for line in residency(config)],
        "availability": {"declared_percent": declared, **availability(config).document()},
    }


def _table(found: tuple[Bound, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="recovery: promised and possible")
    for column in ("service", "lost", "by", "promised RTO / RPO", "possible RTO / RPO", "evidence"):
        table.add_column(column, overflow="fold")
    for one in found:
        possible = f"{duration(one.seconds('rto'))} / {duration(one.seconds('rpo'))}"
        promised = _promise(one.declared)
        table.add_row(one.service, one.scope, one.mechanism, promised, possible, one.evidence.name.lower())
    return table


def _promise(declared: Objective | None) -> str:
    return f"{declared.rto_minutes} / {declared.rpo_minutes} min" if declared else "-"


def _control_planes(system: Bound) -> Iterator[RenderableType]:
    """Yield how many control planes a recovery calls, then each with the setting that makes it so."""
    risky = sum(call.at_risk for call in system.calls)
    verdict = f"{risky} of them may be lost as well" if risky else "none of them is lost as well"
    yield Text(f"control planes: {len(system.calls)}; {verdict}", style="red" if risky else "")
    for call in system.calls:
        lost = f" ({call.place})" if call.at_risk else ""
        yield Text(f"  {call.service}:{call.action}{lost}: {call.source}", style="red" if lost else "")


def _availability(config: StackConfig) -> str:
    declared = config.recovery.availability_percent if config.recovery else None
    promised = f"{declared} % promised" if declared is not None else "none promised"
    return f"availability: {promised}; possible: {availability(config).arithmetic()}"
