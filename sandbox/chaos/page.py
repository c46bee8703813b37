"""The evidence of experiments as a page that people read: Markdown, with all that the JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTE: Final = (
    "Seconds are those of the embedded AWS, at up to twenty times the speed of ECS; where its clock was put forward"
    " they are an upper bound. They prove order and dependency, not AWS's speed."
)


def markdown(document: dict[str, Any]) -> str:
    """Return the page of a command's document."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield f"# Experiments of {document['stack']}: {'held' if document['ok'] else 'NOT HELD'}"
    yield ""
    yield NOTE
    for one in document["experiments"]:
        yield from _experiment(one)


def _experiment(one: dict[str, Any]) -> Iterator[str]:
    taken = ", ".join(arn for arns in one["injected"].values() for arn in arns) or "nothing"
    recovered = "never" if one["recovery_seconds"] is None else f"{one['recovery_seconds']:g} s"
    during, stop = one["steady_state"]["during"], one["stop_condition"]
    yield from ("", f"## {one['name']}: {one['verdict']}", "", one["hypothesis"], "")
    yield from ("| | |", "|---|---|")
    yield f"| why | {one['why']} |"
    yield f"| objective | {one['objective']['name']}, {one['objective']['seconds']} s |"
    yield f"| taken | {one['action']}: {taken} |"
    yield from (f"| became | {arn}: {state} |" for arn, state in one["became"].items())
    yield f"| well again after | {recovered} |"
    yield f"| looks | {during['looks']}, of which {during['did_not_hold']} found that it did not hold |"
    yield f"| stop alarms | {', '.join(stop['alarms']) or 'none'}; {'stopped it' if stop['stopped_it'] else 'quiet'} |"
    yield f"| experiment | {one['experiment']['id'] or 'not started'}: {one['experiment'].get('status', '')} |"
    for when in ("before", "after"):
        yield from ("", f"Steady state {when}:", "")
        for check in one["steady_state"][when]:
            said = "ok" if check["ok"] else "WRONG"
            yield f"- {said}: {check['name']}: {check['found']} (expected {check['expected']})"
    yield from ("", "| seconds | what |", "|---:|---|")
    for moment in one["timeline"]:
        yield f"| {moment['seconds']:g} | {moment['what']} |"
