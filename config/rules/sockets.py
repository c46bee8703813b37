"""The WebSocket API: routes differ and lead to functions in time, it is said who may connect, and numbers fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.http_api import throttle
from config.facts.sockets import CONNECTIONS_PER_SECOND, TIMEOUT_MILLISECONDS
from config.problems import NOTHING, Path, refuse
from config.rules.gateway import functions_end_first, named_apart, within_account
from config.sockets import CONNECT, DISCONNECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.sockets import Sockets
    from config.stack import StackConfig

SOCKETS: Final[Path] = ("sockets",)
ROUTES: Final[Path] = (*SOCKETS, "routes")


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
    yield from functions_end_first(config, ROUTES, sockets.routes, TIMEOUT_MILLISECONDS[1])


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
    yield from within_account(config, SOCKETS, sockets)
    for name, route in sockets.routes.items():
        found = route.throttling or sockets.throttling
        if route.route_key == CONNECT and CONNECTIONS_PER_SECOND < found.rate <= throttle(region)[0]:
            what = f"an account has {CONNECTIONS_PER_SECOND} new connections a second, by default"
            where = (*ROUTES, name, "throttling", "rate") if route.throttling else (*SOCKETS, "throttling", "rate")
            fix = f"lower it, or give the route {CONNECT} a throttling of its own"
            yield refuse(where, what, got=found.rate, allowed=f"1 to {CONNECTIONS_PER_SECOND} at {CONNECT}", fix=fix)


def named(config: StackConfig) -> Iterator[Problem]:
    """The name is one of its own, and one that a certificate holds."""
    others = {} if config.api is None else {"api": config.api.host}
    yield from named_apart(config, SOCKETS, _sockets(config).host, others, "live")


RULES: Final = (route_keys, led, authorized, throttled, named)
