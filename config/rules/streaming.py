"""Kafka: versions in support, brokers that MSK has, copies that outlive a broker, storage that only grows."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.streaming import (
    BROKER_TYPES,
    BROKERS,
    MOST_ZONES,
    REPLICATED_BROKERS,
    SCALING_LEAST_GIB,
    SMALL,
    TWO_ZONES,
    VERSIONS,
    WITHOUT_STORAGE_SCALING,
)
from config.problems import NOTHING, Path, refuse
from config.rules.containers import of_each_service
from config.rules.each import of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.containers import Service
    from config.functions import Function
    from config.problems import Problem
    from config.stack import StackConfig
    from config.task import StreamingAccess

STREAMING: Final[Path] = ("streaming",)
BROKER: Final[Path] = (*STREAMING, "brokers")
TOPICS: Final[Path] = (*STREAMING, "topics")
STANDBY: Final[Path] = ("recovery", "standby", "streaming")


def version(config: StackConfig) -> Iterator[Problem]:
    """The version of Kafka is one of MSK's 3.x line, and in support."""
    got = present(config.streaming).kafka_version
    support = VERSIONS.get(got)
    fit = [name for name, one in VERSIONS.items() if one.standard is None or config.as_of <= one.standard]
    if got in fit:
        return
    what = "no version of MSK's 3.x line known" if support is None else f"support ended on {support.standard}"
    fix = "choose a version in support; MSK upgrades any other by itself, at a time of its own"
    yield refuse((*STREAMING, "kafka_version"), what, got=got, allowed=", ".join(fit), fix=fix)


def broker_type(config: StackConfig) -> Iterator[Problem]:
    """The type of the brokers is MSK's, and fit for what is asked of it."""
    streaming = present(config.streaming)
    got, where = streaming.brokers.instance_type, (*BROKER, "instance_type")
    if got not in BROKER_TYPES:
        close = difflib.get_close_matches(got, BROKER_TYPES, n=1, cutoff=0.5)
        fix = f"did you mean {close[0]}?" if close else "correct it"
        yield refuse(where, "no type of MSK's standard brokers", got=got, allowed=", ".join(BROKER_TYPES), fix=fix)
    elif got == SMALL and streaming.private_connectivity:
        what, fix = "has no private connectivity, which streaming.private_connectivity asks for", "choose a larger one"
        yield refuse(where, what, got=got, allowed="kafka.m5.large, kafka.m7g.large or larger", fix=fix)


def zones(config: StackConfig) -> Iterator[Problem]:
    """A cluster spans two or three zones, each with as many brokers, and no more of them than MSK lets."""
    letters, region = present(config.network).zones, config.identity.region
    streaming = present(config.streaming)
    most = 2 if region in TWO_ZONES else MOST_ZONES
    if len(letters) > most:
        what, allowed = f"a cluster of Kafka spans {most} zones at most in {region}", f"2 to {most}"
        yield refuse(("network", "zones"), what, got=list(letters), allowed=allowed, fix="use fewer zones")
        return
    per_zone = streaming.brokers.per_zone
    if per_zone * len(letters) > BROKERS:
        what = f"{per_zone * len(letters)} brokers in {len(letters)} zones"
        allowed = f"{BROKERS // len(letters)} at most"
        fix = f"take fewer, larger ones: a cluster has {BROKERS}"
        yield refuse((*BROKER, "per_zone"), what, got=per_zone, allowed=allowed, fix=fix)


def copies(config: StackConfig) -> Iterator[Problem]:
    """A partition has no more copies than there are brokers, and is written while one of them is lost."""
    streaming = present(config.streaming)
    brokers = streaming.brokers.per_zone * len(present(config.network).zones)
    factor, least = streaming.topics.replication_factor, streaming.topics.min_insync_replicas
    if factor > brokers:
        what, fix = f"more copies of a partition than the {brokers} brokers", "lower it, or have more brokers"
        yield refuse((*TOPICS, "replication_factor"), what, got=factor, allowed=f"1 to {brokers}", fix=fix)
    if least >= factor:
        what = f"of {factor} copies none may be missing: one broker less, and nobody writes"
        fix = "lower it, or raise replication_factor"
        allowed = f"1 to {factor - 1}" if factor > 1 else "none of one copy: replication_factor 2 or more"
        yield refuse((*TOPICS, "min_insync_replicas"), what, got=least, allowed=allowed, fix=fix)


def storage(config: StackConfig) -> Iterator[Problem]:
    """Storage that grows by itself has room to grow, where Application Auto Scaling moves it."""
    brokers, region = present(config.streaming).brokers, config.identity.region
    scaling, path = brokers.storage_scaling, (*BROKER, "storage_scaling")
    if scaling is None:
        return
    step = max(SCALING_LEAST_GIB, brokers.storage_gib // 10)
    if scaling.max_gib < brokers.storage_gib + step:
        what = f"no room for one step of {step} GiB above the {brokers.storage_gib} that brokers begin with"
        allowed = f"{brokers.storage_gib + step} or more; storage never shrinks"
        yield refuse((*path, "max_gib"), what, got=scaling.max_gib, allowed=allowed, fix="raise it")
    if region in WITHOUT_STORAGE_SCALING:
        what, fix = f"Application Auto Scaling moves no storage of brokers in {region}", "leave it out"
        yield refuse(path, what, got="a section", allowed="none in this region", fix=fix)


def replicated(config: StackConfig) -> Iterator[Problem]:
    """What a replicator reads from has three brokers at least."""
    streaming, letters = present(config.streaming), present(config.network).zones
    brokers = streaming.brokers.per_zone * len(letters)
    if streaming.private_connectivity and brokers < REPLICATED_BROKERS:
        what, fix = f"no replicator reads from {brokers} brokers", "have more brokers in each zone, or a third zone"
        allowed = f"{REPLICATED_BROKERS} brokers or more, beside private_connectivity"
        yield refuse((*BROKER, "per_zone"), what, got=streaming.brokers.per_zone, allowed=allowed, fix=fix)


def application(config: StackConfig) -> Iterator[Problem]:
    """Pods have rights on topics where there are pods, by an identity that the cluster section names."""
    access = present(config.streaming).application
    if access is None:
        return
    yield from _useful((*STREAMING, "application"), access)
    if config.cluster is None or "application" not in config.cluster.identities or config.data is None:
        what = "the role of these pods is made by data, for cluster.identities.application"
        fix = "add both, or leave this out"
        where = (*STREAMING, "application")
        yield refuse(where, what, got="a section", allowed="beside cluster.identities.application and data", fix=fix)


@of_each_service
def services(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """A task with rights on topics reaches the brokers."""
    access = service.task.role.streaming
    yield from _reached(path, (*path, "task", "role", "streaming"), service.reaches, access)


@of_each(("functions",), lambda config: config.functions)
def functions(_: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """A function with rights on topics reaches the brokers."""
    yield from _reached(path, (*path, "role", "streaming"), function.reaches, function.role.streaming)


def _reached(path: Path, where: Path, reaches: tuple[str, ...], access: StreamingAccess | None) -> Iterator[Problem]:
    if access is not None:
        yield from _useful(where, access)
    if (access is not None) is not ("streaming" in reaches):
        there, lacking = ("role.streaming", "reaches") if access is not None else ("reaches", "role.streaming")
        what = f"{there} without {lacking}: brokers are reached, and entered by IAM, or neither"
        fix = "add streaming" if access is not None else "say in role.streaming what it may do, or drop it here"
        yield refuse((*path, "reaches"), what, got=list(reaches), allowed="both or neither", fix=fix)


def _useful(where: Path, access: StreamingAccess) -> Iterator[Problem]:
    if not (access.reads or access.writes or access.manages):
        what, fix = "allows nothing", "name topics in reads, writes or manages"
        yield refuse(where, what, got=NOTHING, allowed="topics that are read, written or managed", fix=fix)
    if bool(access.reads) is not bool(access.groups):
        named = "groups" if access.groups else "reads"
        other = "reads" if access.groups else "groups"
        what, fix = f"{named} without {other}: consumers read as members of a group", f"add {other}"
        yield refuse((*where, named), what, got=list(getattr(access, named)), allowed="both or neither", fix=fix)


RULES: Final = (version, broker_type, zones, copies, storage, replicated, application, services, functions)
