"""What CloudFront serves from buckets: buckets that it can read, patterns that lead to one each, keys that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.cdn import WHOLE
from config.problems import NOTHING, Path, refuse
from config.routing import covers, routed
from config.rules.buckets import unreadable
from config.rules.edge import CDN
from config.rules.until_incomplete import until_incomplete
from config.signer import public_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.cdn import BucketOrigin, CachedPaths
    from config.problems import Problem
    from config.stack import StackConfig

    Judge = Callable[[StackConfig, str, BucketOrigin], Iterator[Problem]]

BUCKETS: Final[Path] = (*CDN, "buckets")
DATA: Final[Path] = ("data", "buckets")
PAGE_SECONDS: Final = 300
"""Seconds that CloudFront may keep the page of an application that does not say itself for how long."""
CODE: Final = (
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "object-src",
    "worker-src",
    "base-uri",
)
"""Directives of what runs in a page (W3C, "Content Security Policy Level 3", 2026-11-30)."""
OPEN_SOURCES: Final = ("*", "http:", "https:", "data:", "blob:", "'unsafe-inline'", "'unsafe-eval'")
"""Sources that let in what nobody named."""


def _origins(config: StackConfig) -> dict[str, BucketOrigin]:
    cdn = config.edge.cdn if config.edge else None
    return cdn.buckets if cdn else {}


def of_each_bucket(judge: Judge) -> Callable[[StackConfig], Iterator[Problem]]:
    """Make a rule on one bucket one on all of them; what is not known of one hides no other."""

    def rule(config: StackConfig) -> Iterator[Problem]:
        for short, origin in _origins(config).items():
            yield from until_incomplete(judge(config, short, origin))

    rule.__doc__, rule.__name__ = judge.__doc__, judge.__name__
    return rule


@of_each_bucket
def readable(config: StackConfig, short: str, _: BucketOrigin) -> Iterator[Problem]:
    """The bucket is there, CloudFront may read it, and its objects stay readable."""
    known = config.buckets
    if short not in known:
        path, fix = (*BUCKETS, short), "name one, or add it to data.buckets"
        yield refuse(path, "no bucket of data.buckets", got=short, allowed=", ".join(known), fix=fix)
        return
    for step, days in unreadable(known[short]).items():
        what, fix = "CloudFront cannot read what must be restored first", "leave it out (ADR 0011)"
        yield refuse((*DATA, short, *step), what, got=days, allowed="nothing", fix=fix)
    if not known[short].read_by_cloudfront:
        what, fix = "CloudFront may not read what edge.cdn.buckets names", "write `read_by_cloudfront: true`"
        got = known[short].read_by_cloudfront
        yield refuse((*DATA, short, "read_by_cloudfront"), what, got=got, allowed="true", fix=fix)


@of_each_bucket
def in_another_region(config: StackConfig, short: str, origin: BucketOrigin) -> Iterator[Problem]:
    """The bucket that is asked when the first does not answer is in another region."""
    region = config.identity.region
    if origin.standby is not None and origin.standby.region == region:
        what, allowed = "lost together with the first bucket", f"a region other than {region}"
        path = (*BUCKETS, short, "standby", "region")
        yield refuse(path, what, got=origin.standby.region, allowed=allowed, fix="name the standby's region")


@of_each_bucket
def in_turn(_: StackConfig, short: str, origin: BucketOrigin) -> Iterator[Problem]:
    """Times that answers are kept are in order."""
    for name, cached in origin.paths.items():
        if not cached.min_seconds <= cached.default_seconds <= cached.max_seconds:
            allowed, fix = f"{cached.min_seconds} to {cached.max_seconds}", "put the three in order"
            what = "not between min_seconds and max_seconds"
            path = (*BUCKETS, short, "paths", name, "default_seconds")
            yield refuse(path, what, got=cached.default_seconds, allowed=allowed, fix=fix)


@of_each_bucket
def pages(_: StackConfig, short: str, origin: BucketOrigin) -> Iterator[Problem]:
    """A page that names all other objects of an application is kept for minutes, or old ones are asked for."""
    for name, cached in origin.paths.items():
        if cached.fallback is None:
            continue
        path = (*BUCKETS, short, "paths", name)
        for field in ("min_seconds", "default_seconds"):
            got = getattr(cached, field)
            if got > PAGE_SECONDS:
                what = f"{cached.fallback} is kept for {got} s, and names objects that a release takes away"
                fix = "lower it, and keep objects whose names change with their content under a path of their own"
                yield refuse((*path, field), what, got=got, allowed=f"{PAGE_SECONDS} or less beside fallback", fix=fix)


def named_sources(config: StackConfig) -> Iterator[Problem]:
    """The content security policy has a default, and names what scripts and styles come from."""
    cdn = config.edge.cdn if config.edge else None
    if cdn is None:
        return
    path, given = (*CDN, "content_security_policy"), cdn.content_security_policy
    directives = {words[0].lower(): words[1:] for part in given.split(";") if (words := part.split())}
    if "default-src" not in directives:
        what, fix = "no default-src: what no directive names may come from anywhere", "begin with default-src 'self'"
        yield refuse(path, what, got=given, allowed="a policy with default-src", fix=fix)
    for name, sources in directives.items():
        for source in sources:
            if source in OPEN_SOURCES and name in CODE:
                what, fix = f"{name} lets code in from anywhere by {source}", "name the origins, or a nonce or a hash"
                yield refuse(path, what, got=given, allowed="origins by name", fix=fix)


@of_each_bucket
def signers(_: StackConfig, short: str, origin: BucketOrigin) -> Iterator[Problem]:
    """Public keys are ones that CloudFront verifies by, each once."""
    seen: dict[str, str] = {}
    for name, pem in (origin.signers or {}).items():
        path, key = (*BUCKETS, short, "signers", name), public_key(pem)
        if key is None:
            what, allowed = "no public key that CloudFront takes", "RSA 2048 (exponent 65537) or ECDSA P-256, as PEM"
            fix = "make one (docs/runbooks/signers.md)"
            yield refuse(path, what, got=pem, allowed=allowed, fix=fix)
        elif key in seen:
            what, fix = f"the key of {seen[key]} too", "leave one of the two out, or make another key"
            yield refuse(path, what, got=pem, allowed="each key once", fix=fix)
        else:
            seen[key] = name


def _behaviours(config: StackConfig) -> list[tuple[str, str, CachedPaths]]:
    """Return bucket, name and paths of each behaviour, in the order in which CloudFront compares them."""
    return [
        (short, name, cached) for short, origin in _origins(config).items() for name, cached in origin.paths.items()
    ]


def patterns(config: StackConfig) -> Iterator[Problem]:
    """Each pattern leads to its bucket: none before it takes its paths, and none takes the application's."""
    before: list[tuple[str, str, CachedPaths]] = []
    names: dict[str, str] = {}
    for short, name, cached in _behaviours(config):
        path = (*BUCKETS, short, "paths", name)
        if name in names:
            what, fix = f"a name of {names[name]}'s paths too", "choose another; policies are called by it"
            yield refuse(path, what, got=name, allowed="each name once", fix=fix)
        names.setdefault(name, short)
        for other, first, one in before:
            if covers(one.path, cached.path) and one.path not in WHOLE:
                what = f"answered by {other}.paths.{first} already, which is compared before ({one.path})"
                allowed, fix = "what no pattern before takes", "choose another, or put it before"
                yield refuse((*path, "path"), what, got=cached.path, allowed=allowed, fix=fix)
                break
        before.append((short, name, cached))


def the_rest(config: StackConfig) -> Iterator[Problem]:
    """What no pattern takes goes to the load balancer where there is one, to one bucket where there is none."""
    edge = config.edge
    if edge is None or edge.cdn is None:
        return
    wholes = [(short, name, one) for short, name, one in _behaviours(config) if one.path in WHOLE]
    most = 0 if edge.balancer is not None else 1
    for short, name, cached in wholes[most:]:
        path, where = (*BUCKETS, short, "paths", name, "path"), "{}.paths.{}".format(*wholes[0][:2])
        other = f"goes to {where}" if most else "goes to the load balancer (edge.balancer)"
        what, fix = f"what no other pattern takes {other}", "choose a pattern, such as `/static/*`"
        yield refuse(path, what, got=cached.path, allowed="part of all paths", fix=fix)
    if edge.balancer is None and edge.cdn.buckets and not wholes:
        what, fix = "no load balancer, and no bucket for what no pattern takes", "give one of them a path `/*`"
        yield refuse(BUCKETS, what, got=NOTHING, allowed="one path `/*`", fix=fix)


def hidden(config: StackConfig) -> Iterator[Problem]:
    """CloudFront compares paths before the load balancer does: none of a target leads to a bucket or to the API."""
    cdn = config.edge.cdn if config.edge else None
    if cdn is None:
        return
    before = {one.path: f"edge.cdn.buckets.{short}" for short, _, one in _behaviours(config) if one.path not in WHOLE}
    before |= dict.fromkeys(cdn.api_paths, "edge.cdn.api_paths")
    for one in routed(config):
        for at, path in enumerate(one.route.paths):
            taken = next((pattern for pattern in before if covers(pattern, path)), None)
            if taken is not None:
                what = f"CloudFront answers it elsewhere, by {taken} of {before[taken]}: {one.called} never gets it"
                fix = "choose another path for one of them"
                allowed = "what CloudFront sends to the load balancer"
                yield refuse((*one.path, "paths", at), what, got=path, allowed=allowed, fix=fix)


RULES: Final = (readable, in_another_region, in_turn, pages, named_sources, signers, patterns, the_rest, hidden)
