"""Who the load balancer sends requests to: the rules of its listener in their order, and who gets the rest. Pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.edge import ListenerRoute
    from config.problems import Path
    from config.stack import StackConfig

_OTHER: Final = "\x00"
"""Stands for a character that no pattern has."""
_MORE: Final = 256
"""More characters than a pattern has."""
_PODS: Final[Path] = ("edge", "balancer", "pods")


@dataclass(frozen=True, kw_only=True)
class Routed:
    """Who gets some of the requests."""

    called: str
    """As messages call it: the name of the service, or `pods`."""
    service: str | None
    """Service of ECS, group of instances, or `beanstalk`; None = pods."""
    path: Path
    """Where the stack file says which requests."""
    route: ListenerRoute
    """Which requests."""

    @property
    def priority(self) -> int:
        """Return its place among the rules, 0 where it says none."""
        return self.route.priority or 0

    def takes(self, path: str, host: str | None = None) -> bool:
        """Tell whether it takes every request that a pattern of paths stands for, of one name or of any."""
        named = not self.route.hosts or host in self.route.hosts
        return named and any(covers(own, path) for own in self.route.paths)


def covers(first: str, later: str) -> bool:
    """Tell whether a pattern takes all that another one takes; `*` is any text, `?` any character, as AWS has them.

    It does if it takes what the other stands for with each `*` as nothing and as more than any pattern spells out.
    """
    parts = later.replace("?", _OTHER).split("*")
    nothing, everything = "".join(parts), (_OTHER * _MORE).join(parts)
    return fnmatchcase(nothing, first) and fnmatchcase(everything, first)


def routed(config: StackConfig) -> Iterator[Routed]:
    """Yield who says which requests it gets; what is not known of one hides no other."""
    with suppress(IncompleteError):
        pods = config.edge.balancer.pods if config.edge and config.edge.balancer else None
        if pods is not None:
            yield Routed(called="pods", service=None, path=_PODS, route=pods)
    for name, service in config.services.items():
        with suppress(IncompleteError):
            if service.target is not None:
                path: Path = ("containers", "services", name, "target")
                yield Routed(called=name, service=name, path=path, route=service.target)
    for name, group in config.instances.items():
        with suppress(IncompleteError):
            if group.target is not None:
                yield Routed(called=name, service=name, path=("instances", name, "target"), route=group.target)
    with suppress(IncompleteError):
        if config.beanstalk is not None:
            route = config.beanstalk.target
            yield Routed(called="beanstalk", service="beanstalk", path=("beanstalk", "target"), route=route)


def in_order(config: StackConfig) -> list[Routed]:
    """Return who has a rule of the listener, in the order in which it asks them."""
    found: list[Routed] = []
    for one in routed(config):
        with suppress(IncompleteError):
            if not one.route.takes_all:
                found.append(one)
    return sorted(found, key=lambda one: one.priority)


def takes_the_rest(config: StackConfig) -> list[Routed]:
    """Return who says that it gets what no rule takes; there may be one."""
    found: list[Routed] = []
    for one in routed(config):
        with suppress(IncompleteError):
            if one.route.takes_all:
                found.append(one)
    return found


def pods_take_the_rest(config: StackConfig) -> bool:
    """Tell whether pods get what no rule takes: where there is a cluster, and they do not say that they get less."""
    balancer = config.edge.balancer if config.edge else None
    return config.cluster is not None and balancer is not None and (balancer.pods is None or balancer.pods.takes_all)
