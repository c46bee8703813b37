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
    from config.problems import Problem
    from config.stack import StackConfig

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


def reached(config: StackConfig) -> Iterator[Problem]:
    """No path leads to another service already, whose rule is asked before."""
    targets = _targets(config)
    for place, (name, target) in enumerate(targets):
        for at, path in enumerate(target.paths):
            before = [one for one in targets[:place] if any(covers(by, path) for by in one[1].paths)]
            for other, first in before[:1]:
                what = f"leads to {other} already, whose rule is asked before ({first.priority})"
                allowed, fix = "a path that no rule before takes", "choose another, or another priority"
                where = (*SERVICES, name, "target", "paths", at)
                yield refuse(where, what, got=path, allowed=allowed, fix=fix)


RULES: Final = (priorities, reached)
