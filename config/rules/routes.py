"""Routes: a service that the load balancer sends requests to gets those of its patterns, and no other one does."""

from __future__ import annotations

from contextlib import suppress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError
from config.problems import refuse
from config.rules.containers import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.containers import Target
    from config.problems import Path, Problem
    from config.stack import StackConfig

PATTERNS: Final = 5
"""Patterns of paths and hosts in a rule of a listener (ELB quotas, "Condition values per rule")."""
ANY: Final = "*"
"""Pattern of whatever a rule does not ask for."""
_OTHER: Final = "\x00"
"""Stands for a character that no pattern has."""
_MORE: Final = 256
"""More characters than a pattern has."""


def covers(first: str, later: str) -> bool:
    """Tell whether a pattern takes all that another one takes; `*` is any text, `?` any character, as AWS has them.

    It does if it takes what the other stands for with each `*` as nothing and as more than any pattern spells out.
    """
    parts = later.replace("?", _OTHER).split("*")
    nothing, everything = "".join(parts), (_OTHER * _MORE).join(parts)
    return fnmatchcase(nothing, first) and fnmatchcase(everything, first)


def _targets(config: StackConfig) -> list[tuple[str, Target]]:
    """Return the services that requests are sent to, in the order in which the listener asks their rules."""
    found: list[tuple[str, Target]] = []
    for name, service in config.services.items():
        with suppress(IncompleteError):
            if service.target is not None:
                found.append((name, service.target))
    return sorted(found, key=lambda one: one[1].priority)


def priorities(config: StackConfig) -> Iterator[Problem]:
    """Each rule of the listener has a place of its own."""
    places: dict[int, str] = {}
    for name, target in _targets(config):
        other = places.setdefault(target.priority, name)
        if other != name:
            what, got = f"the priority of {other}, and a listener has one rule for each", target.priority
            path = (*SERVICES, name, "target", "priority")
            yield refuse(path, what, got=got, allowed="one of its own", fix="choose another")


def patterns(config: StackConfig) -> Iterator[Problem]:
    """Each rule asks for something, and for no more than AWS takes."""
    for name, target in _targets(config):
        count = len(target.paths) + len(target.hosts)
        if not 1 <= count <= PATTERNS:
            what, allowed = "patterns of paths and hosts together", f"1 to {PATTERNS}"
            path = (*SERVICES, name, "target", "paths")
            yield refuse(path, what, got=count, allowed=allowed, fix="say which requests")


def reached(config: StackConfig) -> Iterator[Problem]:
    """No pattern leads to another service already, whose rule is asked before."""
    targets = _targets(config)
    for at, (name, target) in enumerate(targets):
        for path, asked in _asked(name, target):
            for other, before in targets[:at]:
                taken = [one for _, one in _asked(other, before)]
                if all(any(_within(one, by) for by in taken) for one in asked):
                    what = f"leads to {other} already, whose rule is asked before ({before.priority})"
                    got, fix = path[-1] if isinstance(path[-1], str) else target.paths[path[-1]], "choose another"
                    yield refuse(path, what, got=got, allowed="requests that no rule before takes", fix=fix)
                    break


def _asked(name: str, target: Target) -> Iterator[tuple[Path, list[tuple[str, str]]]]:
    """Yield each setting of a target that takes requests, with the hosts and paths of these."""
    hosts, where = target.hosts or (ANY,), (*SERVICES, name, "target")
    if not target.paths:
        yield (*where, "hosts"), [(host, ANY) for host in hosts]
    for at, path in enumerate(target.paths):
        yield (*where, "paths", at), [(host, path) for host in hosts]


def _within(one: tuple[str, str], by: list[tuple[str, str]]) -> bool:
    return any(covers(host, one[0]) and covers(path, one[1]) for host, path in by)


RULES: Final = (priorities, patterns, reached)
