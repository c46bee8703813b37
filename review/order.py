"""`python -m review.order STACK`: what waits for what, and which path of waits an `up` cannot be shorter than.

Most orders follow from an input that refers to another resource; others are asked for by `depends_on` alone. There a
resource easily waits for what it does not need: a component named in `depends_on` stands for all its children.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import ConfigError, load_file, stack_file
from review.engine_json import EngineJsonError, from_state, read_json
from review.graph import ROOT_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from review.graph import Graph, Resource


@dataclass(frozen=True, slots=True)
class Edge:
    """One order that `depends_on` alone asks for."""

    later: str
    """Logical name of what waits."""
    earlier: str
    """Logical name of what it waits for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One resource on the way through a deployment."""

    resource: Resource
    """What is made."""
    begins: float
    """Second at which all that it waits for is there."""
    ends: float
    """Second at which it is there itself."""


def only_by_depends_on(graph: Graph) -> tuple[Edge, ...]:
    """Return every order that `depends_on` alone asks for, by the names of both ends."""
    return tuple(
        Edge(later=resource.name, earlier=urn.rpartition("::")[2])
        for resource in graph.resources
        for urn in sorted(set(resource.dependencies) - {one for urns in _references(resource) for one in urns})
    )


def _references(resource: Resource) -> Iterable[Sequence[str]]:
    return resource.property_dependencies.values()


def before(graph: Graph, resource: Resource) -> frozenset[str]:
    """Return the URNs of all that a resource waits for, directly or by way of others."""
    waits = _Waits(graph)
    found: set[str] = set()
    due = [resource.urn]
    while due:
        one = graph.by_urn.get(due.pop())
        new = set(waits.of(one)) - found if one else set()
        found |= new
        due.extend(new)
    return frozenset(found)


def longest_path(graph: Graph, seconds: Mapping[str, float]) -> tuple[Step, ...]:
    """Return the path of resources that ends last if each begins as soon as it can.

    Args:
        graph: Resources, each after those that it waits for.
        seconds: URN -> time that making it takes; 0 where it is missing. A component takes none of its own.
    """
    waits = _Waits(graph)
    steps: dict[str, Step] = {}
    behind: dict[str, str | None] = {}
    for resource in graph.resources:
        known = [urn for urn in waits.of(resource) if urn in steps]
        last = max(known, key=lambda urn: steps[urn].ends, default=None)
        begins = steps[last].ends if last else 0.0
        own = seconds.get(resource.urn, 0.0) if resource.custom else 0.0
        steps[resource.urn] = Step(resource, begins, begins + own)
        behind[resource.urn] = last
    end = max(steps, key=lambda urn: steps[urn].ends, default=None)
    path: list[Step] = []
    while end is not None:
        path.insert(0, steps[end])
        end = behind[end]
    return tuple(step for step in path if step.ends > step.begins)


class _Waits:
    """What a resource waits for; a component stands for all that is in it, as for the engine."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._children: dict[str, list[str]] = defaultdict(list)
        for resource in graph.resources:
            self._children[resource.parent].append(resource.urn)

    def of(self, resource: Resource) -> Iterator[str]:
        """Yield the URNs that a resource waits for: what it depends on, and its provider."""
        for urn in (*resource.dependencies, resource.provider):
            yield from self._within(urn)

    def _within(self, urn: str) -> Iterator[str]:
        yield urn
        found = self._graph.by_urn.get(urn)
        if found is not None and not found.custom and found.type != ROOT_TYPE:
            for inner in self._children[urn]:
                yield from self._within(inner)


def seconds_of(events: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return URN -> seconds between the beginning and the end of its step in an engine's event log."""
    begun: dict[str, float] = {}
    took: dict[str, float] = {}
    for event in events:
        if "resourcePreEvent" in event:
            begun[event["resourcePreEvent"]["metadata"]["urn"]] = event["timestamp"]
        elif "resOutputsEvent" in event:
            urn = event["resOutputsEvent"]["metadata"]["urn"]
            took[urn] = event["timestamp"] - begun[urn]
    return took


def main(argv: Sequence[str] | None = None) -> int:
    """Print the orders that no input expresses or, with an event log, the longest path of waits.

    Returns:
        0, or 2 where the stack or a file cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m review.order", description=__doc__)
    parser.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
    parser.add_argument("--state", type=Path, metavar="FILE", help="read the output of `pulumi stack export`")
    parser.add_argument("--events", type=Path, metavar="FILE", help="how long each step took: an event log of an `up`")
    options = parser.parse_args(argv)
    try:
        graph = _graph(options.stack, options.state)
        seconds = _seconds(options.events) if options.events else None
    except (ConfigError, EngineJsonError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if seconds is not None:
        shown = [_shown(step) for step in longest_path(graph, seconds)]
    else:
        shown = [f"{edge.later} <- {edge.earlier}" for edge in only_by_depends_on(graph)]
    sys.stdout.writelines(f"{line}\n" for line in shown)
    return 0


def _graph(stack: str, state: Path | None) -> Graph:
    from review.recording import record_stack  # noqa: PLC0415  imports the SDKs, which takes a second

    if state:
        return from_state(read_json(state), stack)
    return record_stack(stack, load_file(stack_file(stack)))


def _seconds(events: Path) -> dict[str, float]:
    """Return what `seconds_of` finds in a file.

    Raises:
        EngineJsonError: It is no event log.
        OSError: It cannot be read.
    """
    try:
        return seconds_of(json.loads(line) for line in events.read_bytes().splitlines())
    except (ValueError, LookupError, TypeError) as error:
        raise EngineJsonError(f"{events}: not an event log of the engine: {error!r}") from None


def _shown(step: Step) -> str:
    return f"{step.begins:7.1f} {step.ends:7.1f}  {step.resource.type.rpartition(':')[2]} {step.resource.name}"


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    sys.exit(main())
