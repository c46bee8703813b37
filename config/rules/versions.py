"""Versions in support on the day that the stack file was checked, and add-ons that fit the cluster."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts import COLLECTED, VALID_DAYS
from config.facts.versions import CACHE, EKS, POSTGRES
from config.problems import NOTHING, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from config.problems import Problem
    from config.stack import StackConfig

REQUIRED_ADDONS: Final = ("vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent")
"""Add-ons without which no pod gets an address, a service, a name or a role."""
KUBE_PROXY_LAG: Final = 3
"""Minors that kube-proxy may be older than the cluster (Kubernetes, "Version Skew Policy")."""


def as_of(config: StackConfig) -> Iterator[Problem]:
    """The day of the check lies within the life of the facts; else any end of life could be dated away."""
    last = COLLECTED + timedelta(days=VALID_DAYS)
    if not COLLECTED <= config.as_of <= last:
        yield refuse(
            ("as_of",),
            f"the facts checked against were collected on {COLLECTED}",
            got=config.as_of,
            allowed=f"{COLLECTED} to {last}",
            fix="check versions and offers against config/facts and date it; or refresh the facts first",
        )


def cluster_version(config: StackConfig) -> Iterator[Problem]:
    """Kubernetes is in standard support, or in extended support where the file asks for it."""
    day, cluster = config.as_of, present(config.cluster)
    version, extended = cluster.version, cluster.support == "EXTENDED"
    fit = [name for name, support in EKS.items() if _in_support(support.standard, day)]
    path, allowed = ("cluster", "version"), ", ".join(fit)
    support = EKS.get(version)
    if support is None:
        what = f"no version of EKS known on {COLLECTED}"
        fix = "choose one in support, or refresh config/facts/versions.py"
        yield refuse(path, what, got=version, allowed=allowed, fix=fix)
    elif not _in_support(support.standard, day) and not (extended and _in_support(support.extended, day)):
        ends = support.extended if extended else support.standard
        what = f"{'extended' if extended else 'standard'} support of EKS ended on {ends}"
        yield refuse(path, what, got=version, allowed=allowed, fix="upgrade one minor at a time")


def _in_support(until: date | None, day: date) -> bool:
    return until is None or day <= until


def addons(config: StackConfig) -> Iterator[Problem]:
    """Required add-ons are there, and kube-proxy is of the cluster's minor or up to three older."""
    given = present(config.cluster).addons
    for name in REQUIRED_ADDONS:
        if name not in given:
            fix = "add it with an exact version"
            allowed = ", ".join(REQUIRED_ADDONS)
            yield refuse(
                ("cluster", "addons", name), "required add-on is missing", got=NOTHING, allowed=allowed, fix=fix
            )
    yield from until_incomplete(_kube_proxy(config))


def _kube_proxy(config: StackConfig) -> Iterator[Problem]:
    proxy = present(config.cluster).addons.get("kube-proxy")
    minor = int(present(config.cluster).version.partition(".")[2])
    if proxy is not None:
        own = int(proxy.version.split(".")[1])
        if not minor - KUBE_PROXY_LAG <= own <= minor:
            yield refuse(
                ("cluster", "addons", "kube-proxy", "version"),
                f"not for Kubernetes {present(config.cluster).version}",
                got=proxy.version,
                allowed=f"v1.{minor - KUBE_PROXY_LAG} to v1.{minor}",
                fix="take the version that `aws eks describe-addon-versions` names for the cluster's minor",
            )


def postgres_version(config: StackConfig) -> Iterator[Problem]:
    """PostgreSQL is of a major in support and of a minor that RDS still creates."""
    got = present(config.postgres).engine_version
    major, minor = (int(part) for part in got.split("."))
    fit = {name: known for name, known in POSTGRES.items() if config.as_of <= known.until}
    allowed = ", ".join(f"{name}.{known.ended + 1} to {name}.{known.newest}" for name, known in fit.items())
    known = POSTGRES.get(major)
    if known is None:
        what = f"no major of PostgreSQL on RDS known on {COLLECTED}"
    elif major not in fit:
        what = f"support of PostgreSQL {major} ended on {known.until}"
    elif minor <= known.ended:
        what = "RDS no longer creates this minor"
    elif minor > known.newest:
        what = f"not known to exist on RDS on {COLLECTED}"
    else:
        return
    fix = "choose a version in support, the newest minor of its major for preference"
    yield refuse(("data", "postgres", "engine_version"), what, got=got, allowed=allowed, fix=fix)


def cache_version(config: StackConfig) -> Iterator[Problem]:
    """The cache engine's version exists and is in standard support."""
    redis = present(config.redis)
    versions = CACHE[redis.engine]
    support = versions.get(redis.engine_version)
    if support is None:
        what = f"no version of {redis.engine} on ElastiCache known on {COLLECTED}"
    elif not _in_support(support.standard, config.as_of):
        what = f"standard support ended on {support.standard}"
    else:
        return
    allowed = ", ".join(name for name, one in versions.items() if _in_support(one.standard, config.as_of))
    path = ("data", "redis", "engine_version")
    yield refuse(path, what, got=redis.engine_version, allowed=allowed, fix="choose a version in support")


RULES: Final = (as_of, cluster_version, addons, postgres_version, cache_version)
