"""The edge: which stack has CloudFront, under which names, and time-outs that fit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from config.cdn import ShieldRegion
from config.edge import STANDBY_PATH
from config.facts.regions import regions
from config.problems import NOTHING, Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cdn import Cdn
    from config.edge import Balancer
    from config.problems import Problem
    from config.stack import StackConfig

EDGE: Final[Path] = ("edge",)
CDN: Final[Path] = ("edge", "cdn")
OWN_LABELS: Final = ("origin", "standby")
"""Labels that the program puts before the domain itself."""
SHIELDS: Final[tuple[str, ...]] = get_args(ShieldRegion)
"""Regions with large caches of CloudFront, any of which may ask the origin where no Origin Shield stands before it."""


def cdn_of_the_primary(config: StackConfig) -> Iterator[Problem]:
    """A primary has `edge.cdn`, and its standby has none."""
    if config.edge is None:
        return
    cdn, role = config.edge.cdn, config.identity.role
    if role == "primary" and cdn is None:
        fix = "describe zone, CloudFront and what it serves in edge.cdn"
        yield refuse(CDN, "a primary needs CloudFront", got=NOTHING, allowed="a section", fix=fix)
    if role == "standby" and cdn is not None:
        fix = "drop the section; the primary's CloudFront leads here by the failover record"
        yield refuse(
            CDN, "a standby is served by its primary's CloudFront", got="a section", allowed="nothing", fix=fix
        )


def hosts(config: StackConfig) -> Iterator[Problem]:
    """Further names are in the zone of the domain, and none that the program gives away itself."""
    if config.edge is None:
        return
    domain = config.edge.domain
    for at, name in enumerate(config.edge.hosts):
        label, _, rest = name.partition(".")
        inside = name.endswith(f".{domain}")
        if not inside or (rest == domain and label in OWN_LABELS):
            own = ", ".join(f"{one}.{domain}" for one in OWN_LABELS)
            what = "a name that the program gives away itself" if inside else f"no name under {domain}"
            allowed = f"names under {domain}, but {own}"
            yield refuse((*EDGE, "hosts", at), what, got=name, allowed=allowed, fix="choose another name")


def paths(config: StackConfig) -> Iterator[Problem]:
    """The application is asked where the load balancer does not answer for itself."""
    check = config.edge.health_check if config.edge else None
    if check is not None and check.path == STANDBY_PATH:
        what, fix = (
            "a standby's load balancer answers that itself, by whether it serves",
            "let the application answer another one",
        )
        path = (*EDGE, "health_check", "path")
        yield refuse(path, what, got=STANDBY_PATH, allowed="any other path", fix=fix)


def pods_are_asked(config: StackConfig) -> Iterator[Problem]:
    """Where pods get requests, the load balancer asks them."""
    balancer = config.edge.balancer if config.edge else None
    if balancer is not None and config.cluster is not None and balancer.target_health is None:
        path = (*EDGE, "balancer", "target_health")
        fix = "say how the load balancer asks pods"
        yield refuse(path, "needed with a cluster", got=NOTHING, allowed="a section", fix=fix)


def time_outs(config: StackConfig) -> Iterator[Problem]:
    """An answer is given up before the next question, and a connection by who uses it before who serves it."""
    edge = config.edge
    balancer = edge.balancer if edge else None
    if edge is None or balancer is None:
        return
    yield from until_incomplete(_asked(balancer))
    if edge.cdn is not None:
        yield from until_incomplete(_keep_alive(balancer, edge.cdn))


def _asked(balancer: Balancer) -> Iterator[Problem]:
    health = balancer.target_health
    if health is not None and health.timeout_seconds >= health.interval_seconds:
        path = (*EDGE, "balancer", "target_health", "timeout_seconds")
        what, allowed = "the next question comes before the answer is given up", f"below {health.interval_seconds}"
        yield refuse(path, what, got=health.timeout_seconds, allowed=allowed, fix="wait less, or ask less often")


def _keep_alive(balancer: Balancer, cdn: Cdn) -> Iterator[Problem]:
    keep, idle = cdn.keepalive_seconds, balancer.idle_timeout_seconds
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
    edge = config.edge
    if edge is None or edge.cdn is None or edge.balancer is None:
        return
    shield, path = edge.cdn.origin_shield, (*EDGE, "firewall", "blocked_countries")
    places = caches(shield)
    for at, country in enumerate(edge.firewall.blocked_countries):
        if country in places:
            cache = f"its {'Origin Shield' if shield is not None else 'regional cache'} in {places[country]}"
            what = f"CloudFront itself comes from {country}, where {cache} stands"
            fix = "leave that country out, or choose another edge.cdn.origin_shield"
            yield refuse((*path, at), what, got=country, allowed="other countries", fix=fix)


RULES: Final = (cdn_of_the_primary, hosts, paths, pods_are_asked, time_outs, countries)
