"""What both APIs of API Gateway, HTTP and WebSocket, are held to: functions end in time, throttling, a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.http_api import throttle
from config.facts.limits import CERTIFICATE_NAME_LENGTH
from config.problems import refuse
from config.rules.grammars import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.api import Api, Route, Throttling
    from config.problems import Path, Problem
    from config.sockets import SocketRoute, Sockets
    from config.stack import StackConfig

_TAKEN: Final = (ORIGIN, "standby")
"""Labels that the edge has names of."""
_MILLISECONDS: Final = 1000
"""Milliseconds of a second."""


def functions_end_first(
    config: StackConfig, where: Path, routes: Mapping[str, Route | SocketRoute], most: int
) -> Iterator[Problem]:
    """Yield the routes at `where` whose function outlasts the time-out, of `most` milliseconds at the most."""
    for name, route in routes.items():
        function = config.functions.get(route.function or "")
        if function is not None and function.timeout_seconds * _MILLISECONDS > route.timeout_milliseconds:
            what = f"API Gateway gives up before {route.function} does, whose time-out is {function.timeout_seconds} s"
            lower = f"functions.{route.function}.timeout_seconds to {route.timeout_milliseconds // _MILLISECONDS}"
            fix = f"raise it ({most} at most), or lower {lower} or less"
            got, allowed = route.timeout_milliseconds, f"{function.timeout_seconds * _MILLISECONDS} or more"
            yield refuse((*where, name, "timeout_milliseconds"), what, got=got, allowed=allowed, fix=fix)


def within_account(config: StackConfig, where: Path, api: Api | Sockets) -> Iterator[Problem]:
    """Yield the throttling of an API at `where`, or of its routes, that takes more than the account may."""
    region = config.identity.region
    own: dict[Path, Throttling] = {(*where, "throttling"): api.throttling}
    routes: Mapping[str, Route | SocketRoute] = api.routes
    own |= {(*where, "routes", name, "throttling"): one.throttling for name, one in routes.items() if one.throttling}
    for path, one in own.items():
        for key, most in zip(("rate", "burst"), throttle(region), strict=True):
            if getattr(one, key) > most:
                what = f"an account has {most} in {region}, by default"
                yield refuse((*path, key), what, got=getattr(one, key), allowed=f"1 to {most}", fix="lower it")


def named_apart(
    config: StackConfig, where: Path, host: str, others: Mapping[str, str], example: str
) -> Iterator[Problem]:
    """Yield what is wrong with the host of an API at `where`, beside the names of the edge and of others by section."""
    edge = present(config.edge)
    domain = edge.domain
    taken = (*_TAKEN, *others.values(), *(name.removesuffix(f".{domain}") for name in edge.hosts))
    if host in taken:
        what = ", or of ".join(("a name of the edge", *others))
        allowed, fix = f"none of {', '.join(taken)}", f"choose another, such as {example}"
        yield refuse((*where, "host"), what, got=host, allowed=allowed, fix=fix)
    if len(f"{host}.{domain}") > CERTIFICATE_NAME_LENGTH:
        what = f"makes a name of {len(host) + 1 + len(domain)} characters, and ACM takes {CERTIFICATE_NAME_LENGTH}"
        allowed = f"{CERTIFICATE_NAME_LENGTH - 1 - len(domain)} characters at most"
        yield refuse((*where, "host"), what, got=host, allowed=allowed, fix="choose a shorter one")
