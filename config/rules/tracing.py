"""Tracing: filter expressions are ones, names and priorities differ, and a collector fits into its task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.tracing import COLLECTOR, COLLECTOR_PORTS, NAME_LENGTH, TRACE_VARIABLES
from config.problems import NOTHING, Path, refuse
from config.rules.containers import of_each_service
from config.rules.until_incomplete import until_incomplete
from config.trace_filter import FilterError
from config.trace_parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.containers import Service
    from config.problems import Problem
    from config.stack import StackConfig
    from config.tracing import SamplingRule, TraceGroup, Tracing

TRACING: Final[Path] = ("observability", "tracing")
_LEAST: Final = 2
"""Parts of a task of which the collector has one at most."""


def _tracing(config: StackConfig) -> Tracing:
    return present(present(config.observability).tracing)


def filters(config: StackConfig) -> Iterator[Problem]:
    """The filter of each group is an expression of X-Ray."""

    def of(name: str, group: TraceGroup) -> Iterator[Problem]:
        try:
            parse(group.filter)
        except FilterError as error:
            allowed, fix = 'such as service("web") { fault OR responsetime > 2 }', "correct it there"
            where = (*TRACING, "groups", name, "filter")
            yield refuse(where, f"no filter expression: {error}", got=group.filter, allowed=allowed, fix=fix)

    for name, group in _tracing(config).groups.items():
        yield from until_incomplete(of(name, group))


def priorities(config: StackConfig) -> Iterator[Problem]:
    """Each sampling rule has a priority of its own: of two that match, the file says which one decides."""
    first = dict[int, str]()

    def of(name: str, rule: SamplingRule) -> Iterator[Problem]:
        if (other := first.setdefault(rule.priority, name)) != name:
            what, fix = f"the priority of {other}: which of the two decides, nobody reads here", "choose another one"
            where, allowed = (*TRACING, "sampling", name, "priority"), "each once"
            yield refuse(where, what, got=rule.priority, allowed=allowed, fix=fix)

    for name, rule in _tracing(config).sampling.items():
        yield from until_incomplete(of(name, rule))


def names(config: StackConfig) -> Iterator[Problem]:
    """Names of groups and rules are short enough for X-Ray, with system and environment before them."""
    tracing, identity = _tracing(config), config.identity
    before = len(f"{identity.system}-{identity.environment}-")
    for part, found in (("groups", tracing.groups), ("sampling", tracing.sampling)):
        for name in found:
            if before + len(name) > NAME_LENGTH:
                what = f"makes a name of {before + len(name)} characters, and X-Ray takes {NAME_LENGTH}"
                allowed, fix = f"{NAME_LENGTH - before} characters at most", "shorten it"
                yield refuse((*TRACING, part, name), what, got=NOTHING, allowed=allowed, fix=fix)


@of_each_service
def fits(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """A collector has half of its task at most, so that the service has the other one."""
    collector, size = present(service.tracing), service.task.size
    for name, got, whole in (
        ("cpu_units", collector.cpu_units, size.cpu_units),
        ("memory_mib", collector.memory_mib, size.memory_mib),
    ):
        most = whole // _LEAST
        if got > most:
            what = f"more than half of the {whole} that the task has (task.size.{name})"
            fix = f"lower it, or raise task.size.{name}"
            yield refuse((*path, "tracing", name), what, got=got, allowed=f"{most} at most", fix=fix)


@of_each_service
def apart(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """A service has neither the name nor a port of the collector, with which it shares the task and its network."""
    present(service.tracing)
    if path[-1] == COLLECTOR:
        allowed, fix = f"any but {COLLECTOR} beside tracing", "rename the service"
        yield refuse(path, "the name of the collector's container", got=NOTHING, allowed=allowed, fix=fix)
    if service.port in COLLECTOR_PORTS:
        what, fix = "a port of the collector, which is in the same network", "listen on another one"
        allowed = f"any but {', '.join(map(str, COLLECTOR_PORTS))}"
        yield refuse((*path, "port"), what, got=service.port, allowed=allowed, fix=fix)


@of_each_service
def sampled(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """It is said once which traces are kept, and variables of the SDK are the program's."""
    collector = present(service.tracing)
    where = (*path, "tracing")
    if collector.sampler == "rules" and collector.ratio is not None:
        what, fix = "sampling rules decide which traces are kept", "leave it out, or write `sampler: ratio`"
        yield refuse((*where, "ratio"), what, got=collector.ratio, allowed="none beside `sampler: rules`", fix=fix)
    if collector.sampler == "rules" and (config.observability is None or config.observability.tracing is None):
        what, fix = "needs observability.tracing: the rules stand there", "add it, or write `sampler: ratio`"
        yield refuse((*where, "sampler"), what, got=collector.sampler, allowed="ratio without it", fix=fix)
    for part in ("environment", "secrets"):
        for name in sorted(set(TRACE_VARIABLES) & getattr(service.task, part).keys()):
            what = "set by the program, as `tracing` says"
            at = (*path, "task", part, name)
            yield refuse(at, what, got=NOTHING, allowed="a name of its own", fix="drop it, or leave `tracing` out")


RULES: Final = (filters, priorities, names, fits, apart, sampled)
