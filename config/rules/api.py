"""The API: routes differ and lead to services, each says who may call it, and numbers fit those of the services."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from config.base import present
from config.cdn import WHOLE
from config.facts.http_api import LINK_ZONES, TIMEOUT_MILLISECONDS, link_zones
from config.facts.limits import BALANCER_PREFIX
from config.facts.regions import regions
from config.problems import NOTHING, Path, refuse
from config.routing import covers
from config.rules.addresses import NARROWEST
from config.rules.containers import SERVICES
from config.rules.edge import CDN
from config.rules.gateway import functions_end_first, named_apart, within_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.api import Api
    from config.problems import Problem
    from config.stack import StackConfig

API: Final[Path] = ("api",)
ROUTES: Final[Path] = ("api", "routes")
DEFAULT: Final = "$default"
_PER_MINUTE: Final = 60
_FEWEST_ZONES: Final = 2
"""Zones that a load balancer stands in at least."""


def shape(route_key: str) -> str:
    """Return a route key without the names of its variables, which is what two routes must differ in."""
    method, _, path = route_key.partition(" ")
    return " ".join((method, "/".join(_part(part) for part in path.split("/")))) if path else method


def _part(part: str) -> str:
    return ("{+}" if part.endswith("+}") else "{}") if part.startswith("{") else part


def pattern(route_key: str) -> str:
    """Return the paths of a route key as a pattern in which `*` is any text."""
    path = shape(route_key).partition(" ")[2]
    return path.replace("{+}", "*").replace("{}", "*") if path else "/*"


def meets(first: str, second: str) -> bool:
    """Tell whether two patterns have a text in common; `*` is any text, `?` any character."""

    @cache
    def rest(at: int, by: int) -> bool:
        one, other = first[at : at + 1], second[by : by + 1]
        if one == "*":
            return rest(at + 1, by) or (bool(other) and rest(at, by + 1))
        if other == "*":
            return rest(at, by + 1) or (bool(one) and rest(at + 1, by))
        return one == other == "" or (
            bool(one and other) and (one == other or "?" in (one, other)) and rest(at + 1, by + 1)
        )

    return rest(0, 0)


def _api(config: StackConfig) -> Api:
    return present(config.api)


def route_keys(config: StackConfig) -> Iterator[Problem]:
    """No two routes take the same requests, and a path has each of its variables once."""
    first: dict[str, str] = {}
    for name, route in _api(config).routes.items():
        where = (*ROUTES, name, "route_key")
        other = first.setdefault(shape(route.route_key), name)
        if other != name:
            what, fix = f"takes what {other} takes already", "drop one of the two"
            yield refuse(where, what, got=route.route_key, allowed="each method and path once", fix=fix)
        variables = [part.strip("{+}") for part in route.route_key.split("/") if part.startswith("{")]
        if twice := sorted({one for one in variables if variables.count(one) > 1}):
            what, fix = f"has two variables {twice[0]}", "rename one of them"
            yield refuse(where, what, got=route.route_key, allowed="each name once", fix=fix)


def led(config: StackConfig) -> Iterator[Problem]:
    """Routes lead to services that wait for them, or to functions, and a service that waits has a route."""
    waiting = [name for name, service in config.services.items() if service.api_target is not None]
    used = {route.service for route in _api(config).routes.values()}
    for name, route in _api(config).routes.items():
        where = (*ROUTES, name)
        if (route.service is None) is (route.function is None):
            what = "leads to a service and to a function" if route.service else "leads nowhere"
            fix = "name one of the two"
            yield refuse(where, what, got=NOTHING, allowed="`service` or `function`", fix=fix)
        if route.service is not None and route.service not in waiting:
            known = route.service in config.services
            what = "has no api_target" if known else "no service of containers.services"
            target = f"containers.services.{route.service}.api_target"
            fix = f"say in {target} how its tasks are asked" if known else "name one"
            yield refuse((*where, "service"), what, got=route.service, allowed=", ".join(waiting), fix=fix)
        if route.function is not None and route.function not in config.functions:
            allowed = ", ".join(config.functions)
            what, got = "no function of `functions`", route.function
            yield refuse((*where, "function"), what, got=got, allowed=allowed, fix="name one, or add it")
    for name in waiting:
        if name not in used:
            where = (*SERVICES, name, "api_target")
            what, fix = "no route of api leads here", "add a route, or leave it out"
            yield refuse(where, what, got="a section", allowed="beside a route of api", fix=fix)


def authorized(config: StackConfig) -> Iterator[Problem]:
    """Each route says who may call it, and tokens are taken where somebody asks for them."""
    api = _api(config)
    for name, route in api.routes.items():
        where = (*ROUTES, name)
        if (route.authorization is None) is (route.public is None):
            what = "says both that everybody may and who may" if route.public else "says nothing of who may call it"
            fix = "write `authorization: jwt` or `iam`, or `public:` with the reason"
            yield refuse(where, what, got=NOTHING, allowed="`authorization` or `public`", fix=fix)
        if route.authorization == "jwt" and api.jwt is None:
            fix = "add api.jwt with issuer and audience"
            yield refuse((*where, "authorization"), "needs api.jwt", got="jwt", allowed="beside api.jwt", fix=fix)
        if route.scopes and route.authorization != "jwt":
            what, fix = "scopes are those of tokens", "write `authorization: jwt`, or leave them out"
            yield refuse((*where, "scopes"), what, got=list(route.scopes), allowed="beside jwt", fix=fix)
    if api.jwt is not None and all(route.authorization != "jwt" for route in api.routes.values()):
        fix = "write `authorization: jwt` where tokens are asked for, or leave it out"
        yield refuse((*API, "jwt"), "no route asks for tokens", got="a section", allowed="beside such a route", fix=fix)


def bypassed(config: StackConfig) -> Iterator[Problem]:
    """What a route lets only some do, nobody does by way of the load balancer that faces the internet."""
    for name, route in _api(config).routes.items():
        service = config.services.get(route.service or "")
        target = service.target if service is not None else None
        for path in target.paths if target is not None and route.authorization is not None else ():
            if meets(path, pattern(route.route_key)):
                what = f"asks for {route.authorization}, and {path} leads to {route.service} past the API"
                fix = f"take the path out of containers.services.{route.service}.target, or write `public:`"
                where = (*ROUTES, name, "authorization")
                allowed = "paths that only the API leads to"
                yield refuse(where, what, got=route.authorization, allowed=allowed, fix=fix)
                break


def preflight(config: StackConfig) -> Iterator[Problem]:
    """Browsers ask by OPTIONS, without a token, whether they may call; a route of every method would refuse them."""
    api = _api(config)
    answered = {shape(route.route_key) for route in api.routes.values() if route.public is not None}
    for name, route in api.routes.items() if api.cors is not None else ():
        method, _, path = shape(route.route_key).partition(" ")
        if method not in ("ANY", DEFAULT) or route.authorization is None:
            continue
        if f"OPTIONS {path or '/{+}'}" not in answered:
            asked = route.route_key.partition(" ")[2] or "/{proxy+}"
            what = f"asks for {route.authorization} on OPTIONS, too, and browsers send none"
            fix = f"name its methods one by one, or add a public route `OPTIONS {asked}`"
            where = (*ROUTES, name, "route_key")
            yield refuse(where, what, got=route.route_key, allowed="beside a public OPTIONS route", fix=fix)


def from_cloudfront(config: StackConfig) -> Iterator[Problem]:
    """Paths by which CloudFront leads to the API are taken by a route, and are not those of a bucket."""
    edge, routes = present(config.edge), _api(config).routes.values()
    paths: tuple[str, ...] = edge.cdn.api_paths if edge.cdn is not None else ()
    buckets = edge.cdn.buckets if edge.cdn is not None else {}
    kept = {one.path: short for short, bucket in buckets.items() for one in bucket.paths.values()}
    for at, path in enumerate(paths):
        where = (*CDN, "api_paths", at)
        if path in WHOLE:
            what, fix = "everything would go to the API", "choose a part of all paths, such as `/v1/*`"
            yield refuse(where, what, got=path, allowed="part of all paths", fix=fix)
            continue
        if not any(meets(path, pattern(route.route_key)) for route in routes):
            what, fix = "no route of api takes such a path", "correct it, or add a route"
            yield refuse(where, what, got=path, allowed="paths of routes", fix=fix)
        for other, short in kept.items():
            if covers(path, other):
                what, allowed = f"takes {other}, which bucket {short} answers", "what no bucket answers"
                yield refuse(where, what, got=path, allowed=allowed, fix="choose another, or drop that of the bucket")


def time_outs(config: StackConfig) -> Iterator[Problem]:
    """A task that leaves has the time that API Gateway waits for its last answer."""
    longest: dict[str, int] = {}
    for route in _api(config).routes.values():
        if route.service is not None:
            longest[route.service] = max(longest.get(route.service, 0), -(-route.timeout_milliseconds // 1000))
    for name, service in config.services.items():
        target = service.api_target
        if target is not None and target.deregistration_delay_seconds < longest.get(name, 0):
            what = f"routes of api wait {longest[name]} s for an answer"
            where = (*SERVICES, name, "api_target", "deregistration_delay_seconds")
            got, fix = target.deregistration_delay_seconds, "raise it, or lower timeout_milliseconds of these routes"
            yield refuse(where, what, got=got, allowed=f"{longest[name]} or more", fix=fix)


def functions_in_time(config: StackConfig) -> Iterator[Problem]:
    """A function ends before API Gateway gives up: a caller that got 503 would call again while it still works."""
    yield from functions_end_first(config, ROUTES, _api(config).routes, TIMEOUT_MILLISECONDS[1])


def throttled(config: StackConfig) -> Iterator[Problem]:
    """Routes take no more than the account may."""
    yield from within_account(config, API, _api(config))


def scaled(config: StackConfig) -> Iterator[Problem]:
    """Routes take no more than the most tasks of their service are scaled for."""
    api = _api(config)
    for name, service in config.services.items():
        scaling = service.scaling
        if scaling is None or scaling.requests_per_target is None or service.api_target is None:
            continue
        rates = [(one.throttling or api.throttling).rate for one in api.routes.values() if one.service == name]
        asked, most = _PER_MINUTE * sum(rates), scaling.max * scaling.requests_per_target
        if asked > most:
            what = f"routes of api take {asked} requests a minute, and so many tasks are scaled for {most}"
            fix = "raise it, or requests_per_target, or lower the rates of the routes"
            allowed = f"{-(-asked // scaling.requests_per_target)} or more"
            yield refuse((*SERVICES, name, "scaling", "max"), what, got=scaling.max, allowed=allowed, fix=fix)


def named(config: StackConfig) -> Iterator[Problem]:
    """The name of the API is one of its own, and one that a certificate holds."""
    yield from named_apart(config, API, _api(config).host, {}, "api")


def zones(config: StackConfig) -> Iterator[Problem]:
    """A VPC link may stand in two zones of the network, and the program knows which they are."""
    if not _api(config).leads_inside:
        return
    region, used = regions()[config.identity.region], present(config.network).zones
    there, where = LINK_ZONES.get(region.code, ()), ("network", "zones")
    fit = min(len(link_zones(region.code, used)), len(there))
    if fit < _FEWEST_ZONES:
        what, fix = (
            f"VPC links stand in {', '.join(there) or 'no zone'} of {region.code}",
            "choose other zones, or a region",
        )
        yield refuse(where, what, got=list(used), allowed=f"{_FEWEST_ZONES} zones with VPC links", fix=fix)
    elif region.own_letters and len(used) > len(there):
        what = f"VPC links stand in {', '.join(there)} only, and letters mean other zones in other accounts"
        yield refuse(where, what, got=list(used), allowed=f"{len(there)} zones", fix="leave a zone out")


def subnets(config: StackConfig) -> Iterator[Problem]:
    """The load balancer behind the link gets subnets as wide as it asks for."""
    api = _api(config)
    if not api.leads_inside:
        if api.tier is not None:
            what, fix = "its routes lead to functions, and nothing of it stands in the VPC", "leave it out"
            yield refuse((*API, "tier"), what, got=api.tier, allowed="beside a route to a service", fix=fix)
        return
    network = present(config.network)
    tier = network.tier("private", api.tier)
    for at, block in enumerate(network.tiers[tier].cidrs):
        if BALANCER_PREFIX < block.prefixlen <= NARROWEST:
            what, allowed = "too small for the load balancer of api", f"/{BALANCER_PREFIX} or wider"
            where = ("network", "tiers", tier, "cidrs", at)
            yield refuse(where, what, got=block, allowed=allowed, fix="widen the block")


RULES: Final = (
    route_keys,
    led,
    authorized,
    bypassed,
    preflight,
    from_cloudfront,
    time_outs,
    functions_in_time,
    throttled,
    scaled,
    named,
    zones,
    subnets,
)
