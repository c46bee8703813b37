"""`python -m review.explain STACK NAME`: where a resource or a setting comes from, and what a change of it does.

A resource is named by its logical name, a setting by its dotted path. Nothing is deployed: the stack is recorded.
"""

from __future__ import annotations

import argparse
import difflib
import fnmatch
import gc
import json
import re
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from config import ConfigError, stack_file
from config.explain import explained
from config.pairs.files import file_beside_primary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.files import StackFile
    from review.graph import Graph, Resource

ROOT: Final = Path(__file__).resolve().parent.parent
SIZING: Final = ROOT / "docs" / "runbooks" / "sizing.md"
_DECISION: Final = re.compile(r"ADR (\d{4})|decision (\d{4})")
_NAMED: Final = 12
"""Entries of a list that are shown; more are counted."""


class NotThereError(LookupError):
    """Nothing has this name; the text names what is near."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What there is to say: a heading, and facts under it."""

    title: str
    """What it is."""
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    """Question -> answers; one without an answer is left out."""

    def __str__(self) -> str:
        """Return it as text."""
        lines = [self.title]
        for question, answers in self.facts:
            shown = answers[:_NAMED]
            more = (f"and {len(answers) - _NAMED} more",) if len(answers) > _NAMED else ()
            lines += [f"  {question}: {shown[0]}", *(f"    {one}" for one in (*shown[1:], *more))]
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """Return it for programs, every entry of it."""
        return {"title": self.title, **{question: list(answers) for question, answers in self.facts}}


def of_setting(stack: str, path: str, file: StackFile, graph: Graph) -> Iterator[Answer]:
    """Yield what there is to say of each setting at a path and below it.

    Raises:
        config.ConfigError: No setting has this path.
    """
    from review.places import Places  # noqa: PLC0415  loads the pack

    places = Places(file, graph)
    made = [(places.at(one.urn, "").setting, one.name) for one in graph.custom()]
    for one in explained(stack, path):
        dotted = ".".join(map(str, one.path))
        around = {".".join(map(str, one.path[:length])) for length in range(1, len(one.path) + 1)}
        facts = {
            "means": (one.meaning,),
            "stands": (f"{one.file}:{one.line}" if one.line else "nowhere: it is the default",),
            "says beside it": _beside(one.file, one.line),
            "a change": tuple(_sizing(dotted)),
            "makes": tuple(name for setting, name in made if setting in around and setting.count(".") > 0),
        }
        yield _answer(f"{stack} {dotted} = {json.dumps(one.value, ensure_ascii=False)}", facts)


def of_resource(resource: Resource, file: StackFile, graph: Graph) -> Answer:
    """Return what there is to say of a resource."""
    from review.changes import holds_data  # noqa: PLC0415  loads the pack
    from review.difference.reach import Waits  # noqa: PLC0415  same as above
    from review.places import Places  # noqa: PLC0415  same as above

    place = Places(file, graph).at(resource.urn, "")
    waits = sorted(urn.rpartition("::")[2] for urn in resource.dependencies)
    reach = Waits(graph).reach(resource)
    kept = [
        *["holds data"] * holds_data(resource),
        *["protected: the engine does not delete it"] * resource.protect,
        *["stays in AWS when the stack lets it go"] * resource.retain_on_delete,
    ]
    facts = {
        "is": (resource.type,),
        "area": (graph.area(resource),),
        "stands": (f"{place.file}:{place.line} {place.setting}".rstrip(),),
        "says beside it": _beside(place.file, place.line),
        "waits for": tuple(waits),
        "is waited for by": tuple(one.name for one in reach.dependants),
        "if it goes": tuple([str(reach)] * bool(reach.dependants) + kept),
        "costs": tuple(_costs(resource, graph)),
        "is judged by": tuple(_rules(resource.type)),
        "made anew by a change of": tuple(_forcing(resource)),
    }
    return _answer(resource.name, facts)


def _answer(title: str, facts: dict[str, tuple[str, ...]]) -> Answer:
    return Answer(title=title, facts=tuple((name, found) for name, found in facts.items() if any(found)))


def _beside(file: str, line: int | None) -> tuple[str, ...]:
    """Return the comment of a line, and the decision that it names."""
    path = ROOT / file
    if line is None or not path.is_file():
        return ()
    _, mark, said = path.read_text(encoding="utf-8").splitlines()[line - 1].partition(" # ")
    found = [one or other for one, other in _DECISION.findall(said)]
    pages = [str(page.relative_to(ROOT)) for one in found for page in (ROOT / "docs" / "adr").glob(f"{one}-*.md")]
    return (said, *pages) if mark else ()


def _sizing(dotted: str) -> Iterator[str]:
    """Yield what the runbook says of a change of a setting."""
    for line in SIZING.read_text(encoding="utf-8").splitlines():
        cells = line.split(" | ")
        if line.startswith("| `") and len(cells) > 1:
            paths = re.findall(r"`([^`]+)`", cells[0])
            if any(fnmatch.fnmatchcase(dotted, path) and dotted.count(".") == path.count(".") for path in paths):
                yield cells[1].removesuffix(" |")


def _costs(resource: Resource, graph: Graph) -> Iterator[str]:
    from review.cost.rest import at_rest  # noqa: PLC0415  not needed to refuse a name

    rest = at_rest(graph, datetime.now(tz=UTC).date())
    for line in rest.lines:
        if line.resource.urn == resource.urn:
            yield f"{line.monthly:.2f} USD a month at rest: {line.item.what}"
    yield from (f"unknown: {one.what}: {one.why}" for one in rest.unpriced if one.resource.urn == resource.urn)


def _rules(type_: str) -> Iterator[str]:
    from policy.catalog import rules  # noqa: PLC0415  loads the pack

    return (rule.name for rule in rules() if any(fnmatch.fnmatchcase(type_, token) for token in rule.on))


def _forcing(resource: Resource) -> Iterator[str]:
    from review.difference.forcing import fate  # noqa: PLC0415  not needed to refuse a name

    ignored = frozenset(resource.ignore_changes)
    return (name for name in resource.inputs if name not in ignored and fate(resource.type, (name,)) == "replace")


def named(name: str, graph: Graph) -> list[Resource]:
    """Return the resources of a logical name.

    Raises:
        NotThereError: None has it.
    """
    found = [one for one in graph.resources if one.name == name and (one.custom or one.remote)]
    if not found:
        names = sorted({one.name for one in graph.custom()})
        near = difflib.get_close_matches(name, names, n=3) or [one for one in names if name in one][:3]
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise NotThereError(f"{graph.stack}: no resource is called {name}, and no setting{hint}")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print what there is to say.

    Returns:
        0; 2 where the stack cannot be read, or has nothing of this name.
    """
    parser = argparse.ArgumentParser(prog="python -m review.explain", description=__doc__)
    parser.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
    parser.add_argument("name", help="logical name of a resource, or dotted path of a setting")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(argv)
    try:
        answers = _answers(options.stack, options.name)
    except (ConfigError, NotThereError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.json:
        sys.stdout.write(json.dumps([one.document() for one in answers], indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{one}\n" for one in answers)
    return 0


def _answers(stack: str, name: str) -> list[Answer]:
    from review.recording import record_stack  # noqa: PLC0415  imports the SDKs, which takes a second

    file = file_beside_primary(stack_file(stack))
    graph = record_stack(stack, file.settings)
    if any(one.name == name for one in graph.resources):
        return [of_resource(one, file, graph) for one in named(name, graph)]
    try:
        return list(of_setting(stack, name, file, graph))
    except ConfigError:
        if "." in name or name in type(file.settings).model_fields:
            raise
        return [of_resource(one, file, graph) for one in named(name, graph)]


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    gc.disable()  # as of a review
    status = main()
    gc.freeze()
    sys.exit(status)
