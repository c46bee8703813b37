"""The WebSocket API: routes differ and lead to functions in time, it is said who may connect, and numbers fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.http_api import throttle
from config.facts.limits import CERTIFICATE_NAME_LENGTH
from config.facts.sockets import CONNECTIONS_PER_SECOND
from config.problems import NOTHING, Path, refuse
from config.rules.grammars import ORIGIN
from config.sockets import CONNECT, DISCONNECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.api import Throttling
    from config.problems import Problem
    from config.sockets import Sockets
    from config.stack import StackConfig

SOCKETS: Final[Path] = ("sockets",)
ROUTES: Final[Path] = (*SOCKETS, "routes")
_TAKEN: Final = (ORIGIN, "standby")
"""Labels that the edge has names of."""
_MILLISECONDS: Final = 1000
"""Milliseconds of a second."""


def _sockets(config: StackConfig) -> Sockets:
    return present(config.sockets)


def route_keys(config: StackConfig) -> Iterator[Problem]:
    """No two routes take the same messages, one takes connections, and those that reply have somebody to reply to."""
    first: dict[str, str] = {}
    for name, route in _sockets(config).routes.items():
        where = (*ROUTES, name)
        if (other := first.setdefault(route.route_key, name)) != name:
            what, fix = f"takes what {other} takes already", "drop one of the two"
            yield refuse((*where, "route_key"), what, got=route.route_key, allowed="each key once", fix=fix)
        if route.replies and route.route_key in (CONNECT, DISCONNECT):
            what, fix = f"nobody hears a reply to {route.route_key}", "leave it out"
            yield refuse((*where, "replies"), what, got=True, allowed="routes of messages", fix=fix)
    if CONNECT not in first:
        what, fix = "no route knows of connections", f"add a route with route_key: {CONNECT}"
        yield refuse(ROUTES, what, got=list(first), allowed=f"{CONNECT} among them", fix=fix)


def led(config: StackConfig) -> Iterator[Problem]:
    """Routes and authorizer lead to functions of the stack, which end before API Gateway gives up."""
    sockets = _sockets(config)
    named = {(*ROUTES, name, "function"): one.function for name, one in sockets.routes.items()}
    if sockets.authorizer is not None:
        named[(*SOCKETS, "authorizer", "function")] = sockets.authorizer.function
    for where, name in named.items():
        if name not in config.functions:
            allowed, fix = ", ".join(config.functions), "name one, or add it"
            yield refuse(where, "no function of `functions`", got=name, allowed=allowed, fix=fix)
    for name, route in sockets.routes.items():
        function = config.functions.get(route.function)
        if function is not None and function.timeout_seconds * _MILLISECONDS > route.timeout_milliseconds:
            what = f"API Gateway gives up before {route.function} does, whose time-out is {function.timeout_seconds} s"
            most = route.timeout_milliseconds // _MILLISECONDS
            fix = f"raise it (29000 at most), or lower functions.{route.function}.timeout_seconds to {most} or less"
            got, allowed = route.timeout_milliseconds, f"{function.timeout_seconds * _MILLISECONDS} or more"
            yield refuse((*ROUTES, name, "timeout_milliseconds"), what, got=got, allowed=allowed, fix=fix)


def authorized(config: StackConfig) -> Iterator[Problem]:
    """It is said once who may connect."""
    sockets = _sockets(config)
    said = [
        name
        for name, found in (("authorizer", sockets.authorizer), ("iam", sockets.iam), ("public", sockets.public))
        if found
    ]
    if len(said) != 1:
        what = f"says by {' and '.join(said)} who may connect" if said else "says nothing of who may connect"
        fix = "write an authorizer, `iam: true`, or `public:` with the reason"
        yield refuse(SOCKETS, what, got=NOTHING, allowed="one of `authorizer`, `iam` and `public`", fix=fix)


def throttled(config: StackConfig) -> Iterator[Problem]:
    """Routes take no more than the account may, and `$connect` no more than its connections."""
    sockets, region = _sockets(config), config.identity.region
    own: dict[Path, Throttling] = {(*SOCKETS, "throttling"): sockets.throttling}
    own |= {(*ROUTES, name, "throttling"): one.throttling for name, one in sockets.routes.items() if one.throttling}
    for path, one in own.items():
        for key, most in zip(("rate", "burst"), throttle(region), strict=True):
            if getattr(one, key) > most:
                what = f"an account has {most} in {region}, by default"
                yield refuse((*path, key), what, got=getattr(one, key), allowed=f"1 to {most}", fix="lower it")
    for name, route in sockets.routes.items():
        found = route.throttling or sockets.throttling
        if route.route_key == CONNECT and CONNECTIONS_PER_SECOND < found.rate <= throttle(region)[0]:
            what = f"an account has {CONNECTIONS_PER_SECOND} new connections a second, by default"
            where = (*ROUTES, name, "throttling", "rate") if route.throttling else (*SOCKETS, "throttling", "rate")
            fix = f"lower it, or give the route {CONNECT} a throttling of its own"
            yield refuse(where, what, got=found.rate, allowed=f"1 to {CONNECTIONS_PER_SECOND} at {CONNECT}", fix=fix)


def named(config: StackConfig) -> Iterator[Problem]:
    """The name is one of its own, and one that a certificate holds."""
    host, edge, where = _sockets(config).host, present(config.edge), (*SOCKETS, "host")
    domain = edge.domain
    others = (config.api.host,) if config.api is not None else ()
    taken = (*_TAKEN, *others, *(name.removesuffix(f".{domain}") for name in edge.hosts))
    if host in taken:
        what, fix = "a name of the edge, or of api", "choose another, such as live"
        yield refuse(where, what, got=host, allowed=f"none of {', '.join(taken)}", fix=fix)
    if len(f"{host}.{domain}") > CERTIFICATE_NAME_LENGTH:
        what = f"makes a name of {len(host) + 1 + len(domain)} characters, and ACM takes {CERTIFICATE_NAME_LENGTH}"
        allowed = f"{CERTIFICATE_NAME_LENGTH - 1 - len(domain)} characters at most"
        yield refuse(where, what, got=host, allowed=allowed, fix="choose a shorter one")


RULES: Final = (route_keys, led, authorized, throttled, named)
