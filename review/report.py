"""The review as a person reads it, and as a program does."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from policy.evidence.place import described
from review.changes import as_json as change_document
from review.changes import as_text as change_lines
from review.eks import unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import RenderableType

    from policy.evaluate import Finding
    from policy.evidence.place import Place
    from review.changes import Changes
    from review.graph import Graph
    from review.verdict import Verdict


def as_text(
    graph: Graph,
    verdict: Verdict,
    changes: Changes | None = None,
    more: Iterable[RenderableType] = (),
    place: Callable[[Finding], Place] | None = None,
) -> Iterator[RenderableType]:
    """What a preview changes, inventory per area, what else is to be said, every finding, then one line of verdict."""
    if changes is not None:
        yield from change_lines(changes)
    yield _inventory(graph)
    yield from remote(graph)
    yield from more
    if verdict.unread:
        yield Text(f"no rule of the pack names {len(verdict.unread)} of the stack's types; --json lists them")
    for finding in verdict.findings:
        at = f"{place(finding)}: " if place else ""
        yield Text(at + _line(finding), style="red" if finding.blocking else "")
    yield Text(summary(verdict), style="bold green" if verdict.passed else "bold red")


def as_json(
    graph: Graph,
    verdict: Verdict,
    changes: Changes | None = None,
    place: Callable[[Finding], Place] | None = None,
) -> dict[str, Any]:
    """The same, for programs."""
    changed = {} if changes is None else {"changes": change_document(changes)}
    return {
        "stack": graph.stack,
        "source": graph.source,
        "resources": len(graph.custom()),
        "inventory": {area: dict(sorted(types.items())) for area, types in graph.count_by_area().items()},
        "policy": {
            "passed": verdict.passed,
            "rules": verdict.rules,
            "of": verdict.of,
            "counts": dict(verdict.count()),
            "unread": list(verdict.unread),
            "onlyByUpdate": {name: list(what) for name, what in only_by_update(graph).items()},
            "findings": [_finding(finding, place and place(finding)) for finding in verdict.findings],
        },
        **changed,
    }


def summary(verdict: Verdict) -> str:
    """One line: passed or blocked, by how many rules, and what else was found."""
    counts = verdict.count()
    rest = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()) if what != "blocking")
    passed = f"policy: passed {judged(verdict.rules, verdict.of)}"
    head = passed if verdict.passed else f"policy: BLOCKED by {counts['blocking']}"
    return f"{head} ({rest})" if rest else head


def judged(rules: int, of: int) -> str:
    """Return how many rules judged, and where the others are; `make up` and the review say it alike."""
    return f"{rules} of {of} rules" + (f"; {of - rules} find nothing to judge in this stack" if of > rules else "")


def remote(graph: Graph) -> Iterator[Text]:
    """Yield why an update counts more resources than are recorded, where it does, and what it alone judges."""
    number = sum(resource.remote for resource in graph.resources)
    if number:
        yield Text(f"{number} of them are components: what a plugin makes of each is judged here, counted by `make up`")
    for name, what in only_by_update(graph).items():
        yield Text(f"{name}: only an update judges {', '.join(what)}")


def only_by_update(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Return, by remote component, what its plugin makes and the graph does not show."""
    found = {resource.name: unseen(resource) for resource in graph.resources if resource.remote}
    return {name: what for name, what in found.items() if what}


def _inventory(graph: Graph) -> Table:
    title = f"{graph.stack}: {len(graph.custom())} resources ({graph.source})"
    table = Table(box=box.SIMPLE_HEAD, title=title)
    table.add_column("area")
    table.add_column("resources", justify="right")
    table.add_column("of which", overflow="fold")
    for area, types in graph.count_by_area().items():
        kinds = ", ".join(f"{number} {type_.rpartition(':')[2]}" for type_, number in types.most_common())
        table.add_row(area, str(types.total()), kinds)
    return table


def _line(finding: Finding) -> str:
    mark = "" if finding.blocking else f" (waived until {finding.waiver.expires})" if finding.waiver else ""
    return f"{finding.rule.severity.value.upper()} {finding.message}{mark}"


def _finding(finding: Finding, place: Place | None) -> dict[str, Any]:
    waiver = finding.waiver
    return {
        **described(finding),
        "waiver": waiver and {"owner": waiver.owner, "expires": str(waiver.expires), "reason": waiver.reason},
        **({} if place is None else {"place": asdict(place)}),
    }
