"""Routes: each that the load balancer sends requests to gets those that its section names, and no other one does."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from config.facts.edge import CDN_SILENCE_SECONDS, CONDITION_VALUES, CONDITION_WILDCARDS
from config.problems import NOTHING, Path, dotted, refuse
from config.routing import covers, in_order, pods_take_the_rest, routed, takes_the_rest
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.edge import Balancer
    from config.problems import Problem
    from config.routing import Routed
    from config.stack import StackConfig

_BALANCER: Final[Path] = ("edge", "balancer")


def priorities(config: StackConfig) -> Iterator[Problem]:
    """Each rule of the listener has a place of its own; what no rule takes has none."""
    places: defaultdict[int, list[Routed]] = defaultdict(list)
    for one in in_order(config):
        if one.priority:
            places[one.priority].append(one)
        else:
            what, fix = "needed for a rule of the listener", "choose one that no other rule has"
            yield refuse((*one.path, "priority"), what, got=NOTHING, allowed="2 to 50000", fix=fix)
    for taken in places.values():
        for one in taken if len(taken) > 1 else ():
            others = ", ".join(other.called for other in taken if other is not one)
            what = f"the priority of {others} too, and a listener has one rule for each"
            allowed, fix = "one of its own", "choose another for one of them"
            yield refuse((*one.path, "priority"), what, got=one.priority, allowed=allowed, fix=fix)
    for one in takes_the_rest(config):
        if one.priority:
            what, fix = "gets what no rule takes, which has no place among the rules", "leave it out"
            yield refuse((*one.path, "priority"), what, got=one.priority, allowed="nothing", fix=fix)


def one_takes_the_rest(config: StackConfig) -> Iterator[Problem]:
    """What no rule takes goes to one place."""
    found = takes_the_rest(config)
    pods = pods_take_the_rest(config) and all(one.service is not None for one in found)
    for one in found:
        others = [other.called for other in found if other is not one] + ["pods"] * pods
        if others:
            what = f"takes what no rule takes, as {', '.join(others)} would"
            fix = "name other paths or hosts" + (", or say in edge.balancer.pods which requests pods get" * pods)
            got = list(one.route.paths)
            yield refuse((*one.path, "paths"), what, got=got, allowed="one of them", fix=fix)


def reached(config: StackConfig) -> Iterator[Problem]:
    """No path and no host leads to another one already, whose rule is asked before, or at the same place."""
    rules = in_order(config)
    for place, one in enumerate(rules):
        yield from until_incomplete(_reached(one, rules[:place]))
        yield from until_incomplete(_alike(one, rules[place + 1 :]))
        yield from until_incomplete(_doubled(one))


def _reached(one: Routed, before: list[Routed]) -> Iterator[Problem]:
    hosts = one.route.hosts or (None,)
    taken = {
        (path, host): next((other for other in before if other.takes(path, host)), None)
        for path in one.route.paths
        for host in hosts
    }
    allowed, dead = "what no rule before takes", set[str]()
    for at, path in enumerate(one.route.paths):
        first = [other for host in hosts if (other := taken[path, host])]
        if len(first) == len(hosts):
            dead.add(path)
            what = f"leads to {first[0].called} already, whose rule is asked before ({first[0].priority})"
            fix = "choose another path, other hosts or another priority"
            yield refuse((*one.path, "paths", at), what, got=path, allowed=allowed, fix=fix)
    for at, name in enumerate(one.route.hosts):
        first = [other for path in one.route.paths if (other := taken[path, name])]
        if len(first) == len(one.route.paths) > len(dead):
            what = f"leads to {first[0].called} already, whose rule is asked before ({first[0].priority})"
            fix = "choose another host, other paths or another priority"
            yield refuse((*one.path, "hosts", at), what, got=name, allowed=allowed, fix=fix)


def _alike(one: Routed, after: list[Routed]) -> Iterator[Problem]:
    """The line of who is asked before is named too where both ask for the very same."""
    for at, path in enumerate(one.route.paths):
        for other in after:
            if path in other.route.paths and set(one.route.hosts) == set(other.route.hosts):
                what = f"a path of {other.called} too, which never gets it"
                fix = "choose another path or other hosts for one of them"
                yield refuse((*one.path, "paths", at), what, got=path, allowed="each path once", fix=fix)
                break


def _doubled(one: Routed) -> Iterator[Problem]:
    """No pattern is part of another one of the same rule; AWS counts each."""
    for at, path in enumerate(one.route.paths):
        wider = [other for other in one.route.paths if other != path and covers(other, path)]
        if wider:
            what, fix = f"part of {wider[0]}, which stands beside it", "leave it out"
            yield refuse((*one.path, "paths", at), what, got=path, allowed="other paths", fix=fix)


def sizes(config: StackConfig) -> Iterator[Problem]:
    """A rule asks for no more values, nor for more `*` and `?`, than ELB takes."""
    for one in in_order(config):
        paths, values = one.route.paths, len(one.route.paths) + len(one.route.hosts)
        wild = sum(character in "*?" for path in paths for character in path)
        counts = ((values, CONDITION_VALUES, "paths and hosts"), (wild, CONDITION_WILDCARDS, "`*` and `?`"))
        for count, most, of in counts:
            if count > most:
                what = f"a rule with {count} {of}, and a load balancer takes {most}"
                fix = "join paths by `*`, or name fewer"
                yield refuse((*one.path, "paths"), what, got=list(paths), allowed=f"{most} in all", fix=fix)


def hosts(config: StackConfig) -> Iterator[Problem]:
    """A rule asks for names that viewers reach the system by, and that the load balancer sees."""
    edge = config.edge
    if edge is None:
        return
    names = edge.names if edge.hosts else ()
    why = "nobody reaches the system by it" if names else f"CloudFront asks it by origin.{edge.domain} only"
    for one in routed(config):
        for at, name in enumerate(one.route.hosts):
            if name not in names:
                fix = "name a further host in edge.hosts" if name == edge.domain else "add it to edge.hosts"
                what, allowed = f"a name that the load balancer never sees: {why}", ", ".join(names) or "nothing"
                yield refuse((*one.path, "hosts", at), what, got=name, allowed=allowed, fix=fix)


def health(config: StackConfig) -> Iterator[Problem]:
    """The path by which Route 53 asks for the region is answered by who can tell, whatever name it is asked by."""
    edge = config.edge
    if edge is None or edge.balancer is None or edge.health_check is None:
        return
    path = edge.health_check.path
    if pods_take_the_rest(config) or any(one.takes(path) for one in routed(config)):
        return
    what = (
        "a path that the load balancer answers by 404 itself: no rule without hosts takes it, so no region is healthy"
    )
    allowed, fix = "a path of a `target` without hosts", "choose one of a service, or give a service `/*`"
    yield refuse(("edge", "health_check", "path"), what, got=path, allowed=allowed, fix=fix)


def pings(config: StackConfig) -> Iterator[Problem]:
    """A WebSocket is pinged before anybody on its way gives it up, and once more while its target leaves."""
    balancer = config.edge.balancer if config.edge else None
    for one in routed(config) if balancer else ():
        if balancer and one.route.ping_seconds is not None:
            yield from until_incomplete(_pings(one, one.route.ping_seconds, balancer))


def _pings(one: Routed, ping: int, balancer: Balancer) -> Iterator[Problem]:
    where, idle = (*one.path, "ping_seconds"), balancer.idle_timeout_seconds
    if ping >= idle:
        what = f"the load balancer ends a WebSocket that is silent for {idle} s (edge.balancer.idle_timeout_seconds)"
        fix = "ping more often, or raise edge.balancer.idle_timeout_seconds"
        yield refuse(where, what, got=ping, allowed=f"less than {idle}", fix=fix)
        what = f"ends WebSockets of {one.called}, which are pinged every {ping} s"
        yield refuse(
            (*_BALANCER, "idle_timeout_seconds"),
            what,
            got=idle,
            allowed=f"above {ping}",
            fix=f"raise it, or lower {dotted(where)}",
        )
    if ping >= CDN_SILENCE_SECONDS:
        what = f"CloudFront ends a WebSocket on which nothing comes from the origin for {CDN_SILENCE_SECONDS} s"
        yield refuse(where, what, got=ping, allowed=f"less than {CDN_SILENCE_SECONDS}", fix="ping more often")
    section, path = (balancer, _BALANCER) if one.service is None else (one.route, one.path)
    delay: int = getattr(section, "deregistration_delay_seconds")  # noqa: B009 - of pods, or of a service's target
    if delay < ping:
        what = f"WebSockets are cut off before the next ping, in {ping} s, by which a target can send its clients away"
        fix = "raise it, or ping more often"
        yield refuse((*path, "deregistration_delay_seconds"), what, got=delay, allowed=f"{ping} or more", fix=fix)


RULES: Final = (priorities, one_takes_the_rest, reached, sizes, hosts, health, pings)
