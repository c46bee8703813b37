"""The edge: which stack has CloudFront, what CloudFront can read, and time-outs that fit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from config.edge import STANDBY_PATH, ShieldRegion
from config.facts.regions import regions
from config.problems import NOTHING, Path, refuse
from config.rules.buckets import unreadable
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.edge import Assets, Cdn, Edge
    from config.problems import Problem
    from config.stack import StackConfig

EDGE: Final[Path] = ("edge",)
CDN: Final[Path] = ("edge", "cdn")
ASSETS: Final[Path] = (*CDN, "assets")
SHIELDS: Final[tuple[str, ...]] = get_args(ShieldRegion)
"""Regions with large caches of CloudFront, any of which may ask the origin where no Origin Shield stands before it."""


def cdn_of_the_primary(config: StackConfig) -> Iterator[Problem]:
    """A primary has `edge.cdn`, and its standby has none."""
    if config.edge is None:
        return
    cdn, role = config.edge.cdn, config.identity.role
    if role == "primary" and cdn is None:
        fix = "describe zone, CloudFront and assets in edge.cdn"
        yield refuse(CDN, "a primary needs CloudFront", got=NOTHING, allowed="a section", fix=fix)
    if role == "standby" and cdn is not None:
        fix = "drop the section; the primary's CloudFront leads here by the failover record"
        yield refuse(
            CDN, "a standby is served by its primary's CloudFront", got="a section", allowed="nothing", fix=fix
        )


def paths(config: StackConfig) -> Iterator[Problem]:
    """The application is asked where the load balancer does not answer for itself."""
    if config.edge is not None and config.edge.health_check.path == STANDBY_PATH:
        what, fix = (
            "a standby's load balancer answers that itself, by whether it serves",
            "let pods answer another one",
        )
        path = (*EDGE, "health_check", "path")
        yield refuse(path, what, got=STANDBY_PATH, allowed="any other path", fix=fix)


def time_outs(config: StackConfig) -> Iterator[Problem]:
    """An answer is given up before the next question, and a connection by who uses it before who serves it."""
    if config.edge is None:
        return
    health = config.edge.balancer.target_health
    if health.timeout_seconds >= health.interval_seconds:
        path = (*EDGE, "balancer", "target_health", "timeout_seconds")
        what, allowed = "the next question comes before the answer is given up", f"below {health.interval_seconds}"
        yield refuse(path, what, got=health.timeout_seconds, allowed=allowed, fix="wait less, or ask less often")
    if config.edge.cdn is not None:
        yield from until_incomplete(_keep_alive(config.edge, config.edge.cdn))


def _keep_alive(edge: Edge, cdn: Cdn) -> Iterator[Problem]:
    keep, idle = cdn.origin_keepalive_seconds, edge.balancer.idle_timeout_seconds
    if idle <= keep:
        what = "the load balancer closes connections that CloudFront still uses"
        path, fix = (
            (*EDGE, "balancer", "idle_timeout_seconds"),
            "raise it, or lower edge.cdn.origin_keepalive_seconds",
        )
        yield refuse(path, what, got=idle, allowed=f"above {keep}", fix=fix)


def caches(shield: str | None) -> dict[str, str]:
    """Return country -> region of each cache of CloudFront that asks the origin: its Origin Shield, or any without."""
    return {regions()[one].country: one for one in ([shield] if shield is not None else SHIELDS)}


def countries(config: StackConfig) -> Iterator[Problem]:
    """The firewall of the load balancer lets CloudFront through."""
    if config.edge is None or config.edge.cdn is None:
        return
    shield, path = config.edge.cdn.origin_shield, (*EDGE, "firewall", "blocked_countries")
    places = caches(shield)
    for at, country in enumerate(config.edge.firewall.blocked_countries):
        if country in places:
            cache = f"its {'Origin Shield' if shield is not None else 'regional cache'} in {places[country]}"
            what = f"CloudFront itself comes from {country}, where {cache} stands"
            fix = "leave that country out, or choose another edge.cdn.origin_shield"
            yield refuse((*path, at), what, got=country, allowed="other countries", fix=fix)


def assets(config: StackConfig) -> Iterator[Problem]:
    """The bucket of static assets is there, stays readable, and has its spare in another region."""
    if config.edge is None or config.edge.cdn is None:
        return
    section = config.edge.cdn.assets
    buckets, name = config.buckets, section.bucket
    if name not in buckets:
        allowed = ", ".join(buckets)
        yield refuse((*ASSETS, "bucket"), "no bucket of data.buckets", got=name, allowed=allowed, fix="name one")
        return
    for step, days in unreadable(buckets[name]).items():
        what, fix = "CloudFront cannot read what must be restored first", "leave it out (ADR 0011)"
        yield refuse(("data", "buckets", name, *step), what, got=days, allowed="nothing", fix=fix)
    if not buckets[name].read_by_cloudfront:
        what, fix = "CloudFront may not read the assets", "write `read_by_cloudfront: true`"
        path = ("data", "buckets", name, "read_by_cloudfront")
        yield refuse(path, what, got=buckets[name].read_by_cloudfront, allowed="true", fix=fix)
    if section.standby is not None and section.standby.region == config.identity.region:
        what, allowed = "lost together with the first bucket", f"a region other than {config.identity.region}"
        fix = "name the standby's region"
        yield refuse((*ASSETS, "standby", "region"), what, got=section.standby.region, allowed=allowed, fix=fix)
    yield from _paths(section)


def _paths(section: Assets) -> Iterator[Problem]:
    """Each pattern stands once, and its times are in order."""
    seen: dict[str, str] = {}
    for name, cached in section.paths.items():
        path = (*ASSETS, "paths", name)
        if cached.path in seen:
            what = f"path of {seen[cached.path]} too"
            yield refuse((*path, "path"), what, got=cached.path, allowed="each path once", fix="drop one")
        seen.setdefault(cached.path, name)
        if not cached.min_seconds <= cached.default_seconds <= cached.max_seconds:
            allowed, fix = f"{cached.min_seconds} to {cached.max_seconds}", "put the three in order"
            what = "not between min_seconds and max_seconds"
            yield refuse((*path, "default_seconds"), what, got=cached.default_seconds, allowed=allowed, fix=fix)


RULES: Final = (cdn_of_the_primary, paths, time_outs, countries, assets)
