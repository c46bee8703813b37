"""The evidence of a drill as files: a JSON document, and a page that needs nothing but itself."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from sandbox.drill.evidence import SANDBOX_NOTE
from sandbox.drill.timeline import svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sandbox.drill.checks import Check
    from sandbox.drill.evidence import Evidence, Step

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --paper: #fff; --line: #dde2e8; --good: #2f7d4f;
  --bad: #b3261e; --mark: #7a4fb5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --soft: #9aa6b4; --paper: #14181d; --line: #2c343d;
  --good: #58b37d; --bad: #ff8a80; --mark: #b99cf0; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1040px;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } p, li { max-width: 46rem; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } th { text-align: left; color: var(--soft); }
td, th { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .bad { color: var(--bad); }
.good { color: var(--good); } .soft { color: var(--soft); } details { margin: .3rem 0; }
svg { width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .axis { fill: var(--soft); font-size: 11px; }
svg .said { fill: var(--mark); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
svg .tick { stroke: var(--line); }
svg .mark { stroke: var(--mark); stroke-dasharray: 2 3; }
svg rect.good { fill: var(--good); } svg rect.bad { fill: var(--bad); }
"""

UPDATES: Final = (": plan", ": update")
"""Endings of the steps in which the engine is at work: what is called in the others, the drill itself calls."""


def text(evidence: Evidence) -> str:
    """Return the document."""
    return json.dumps(evidence.document(), indent=2) + "\n"


def html(evidence: Evidence) -> str:
    """Return the page."""
    title = f"Drill of {evidence.begun:%Y-%m-%d %H:%M} UTC"
    parts = [
        f"<h1>{title}: {verdict(evidence)}</h1>",
        f"<p>Lost: {escape(evidence.primary)}. Took over: {escape(evidence.standby)}. {escape(evidence.world)}.</p>",
        f'<p class="soft">{escape(SANDBOX_NOTE)}</p>',
        svg(evidence),
        section("Measured", ("span", "seconds"), evidence.measured().items()),
        section("Promised, possible, measured", BOUND_HEAD, bound_rows(evidence)),
        section("Steps", ("step", "seconds", "plan", "checks"), (step_row(step) for step in evidence.steps)),
        "<h2>Checks</h2>",
        *(checks(step) for step in evidence.steps if step.checks or step.error),
        section("Control planes that the engine called", ("step", "service and region", "calls"), calls(evidence)),
        section("Refused by the lost region during the failover", ("service", "action", "region", "calls"),
                (call.values() for call in evidence.refused)),
    ]  # fmt: skip
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = "".join(parts)
    return f'<!doctype html><html lang="en"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n'


BOUND_HEAD: Final = (
    "service", "mechanism", "RTO promised", "RTO possible", "RTO here", "RPO promised", "RPO possible", "RPO here",
    "evidence",
)  # fmt: skip
"""Heading of the table; `here` is what the sandbox measured, which says nothing of AWS's speed."""


def verdict(evidence: Evidence) -> str:
    """Return the result in a word."""
    return '<span class="good">passed</span>' if evidence.ok else '<span class="bad">failed</span>'


def section(title: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a heading with a table; `none` where it has no rows."""
    cells = ["".join(cell(value) for value in row) for row in rows]
    if not cells:
        return f'<h2>{title}</h2><p class="soft">none</p>'
    named = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<h2>{title}</h2><table><thead><tr>{named}</tr></thead><tbody>{lines}</tbody></table>"


def cell(value: object) -> str:
    """Return a cell; numbers stand right."""
    if isinstance(value, float):
        return f'<td class="number">{value:.1f}</td>'
    return f'<td class="number">{value}</td>' if isinstance(value, int) else f"<td>{escape(str(value))}</td>"


def bound_rows(evidence: Evidence) -> Iterator[tuple[str, ...]]:
    """Yield what is promised of each service, what its settings make possible, and what was measured."""
    measured = evidence.of_services()
    for bound in evidence.bounds:
        declared, own = bound["declared"] or {}, measured.get(bound["service"], {})
        cells = [bound["service"], bound["mechanism"]]
        for part in ("rto", "rpo"):
            here = f"{own[part]:.1f} s" if part in own else "not measured"
            cells += [minutes(declared.get(f"{part}_minutes"), 1), minutes(bound["bound"][f"{part}_seconds"], 60), here]
        yield (*cells, bound["evidence"])


def minutes(value: float | None, unit: int) -> str:
    """Return a duration in minutes; none is no bound, or no promise."""
    return "none" if value is None else f"{value / unit:g} min"


def step_row(step: Step) -> tuple[Any, ...]:
    """Return a step in a row."""
    plan = ", ".join(f"{number} {operation}" for operation, number in sorted(step.plan.items()))
    good = sum(check.ok for check in step.checks)
    said = f"{good} of {len(step.checks)} passed" if step.checks else ""
    return step.name, step.seconds, plan, said if step.ok else f"{said or 'stopped'}: FAILED"


def checks(step: Step) -> str:
    """Return what a step looked at; open where something was wrong."""
    rows = "".join(check_row(check) for check in step.checks)
    table = f"<table><thead><tr><th>check</th><th>expected</th><th>found</th><th>do</th></tr></thead>{rows}</table>"
    error = f'<pre class="bad">{escape(step.error)}</pre>' if step.error else ""
    state = "" if step.ok else " open"
    return f"<details{state}><summary>{escape(step.name)}</summary>{error}{table if rows else ''}</details>"


def check_row(check: Check) -> str:
    """Return a check in a row; what to do only where it failed."""
    name = f'<td class="{"good" if check.ok else "bad"}">{escape(check.name)}</td>'
    return f"<tr>{name}{cell(check.expected)}{cell(check.found)}{cell('' if check.ok else check.fix)}</tr>"


def calls(evidence: Evidence) -> Iterator[tuple[str, str, int]]:
    """Yield what the engine called in each of its steps."""
    for step in evidence.steps:
        if step.name.endswith(UPDATES):
            for (service, region), number in step.calls.most_common():
                yield step.name, f"{service} in {region}", number
