"""The bounds of a stack, and the cheapest change of its file that would keep an objective."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import TYPE_CHECKING, Final, TypeVar

from config.base import present
from config.facts.recovery import IDLE_REPLICA_LAG
from config.objectives.bound import Bound
from config.objectives.region import of_region
from config.objectives.step import MINUTE, longest
from config.objectives.zone import IN_PRIVATE_TIERS, of_zone
from config.recovery import BucketReplication, LagAlarm, PostgresReplication, RedisReplication, StreamingReplication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.base import Section
    from config.objectives.bound import Scope
    from config.recovery import Objective, ServiceName
    from config.stack import StackConfig

PARTS: Final[Mapping[ServiceName, Callable[[StackConfig], object]]] = {
    "cluster": lambda config: config.cluster,
    "containers": lambda config: config.services,
    "instances": lambda config: config.instances,
    "beanstalk": lambda config: config.beanstalk,
    "queues": lambda config: config.queues,
    "postgres": lambda config: config.postgres,
    "redis": lambda config: config.redis,
    "streaming": lambda config: config.streaming,
    "buckets": lambda config: config.buckets,
    "tables": lambda config: config.tables,
    "secrets": lambda config: config.postgres or config.redis,
    "images": lambda config: config.registry,
}
"""Services that `system` is made of -> what of a stack file makes a stack have one."""

LONGEST_THRESHOLD: Final = 86400
"""Seconds of lag that an alarm may allow; the field's own maximum."""

S = TypeVar("S", bound="Section")


def has(service: ServiceName, config: StackConfig) -> bool:
    """Tell whether a stack has a service; `system` is all of them together, where it has any.

    Raises:
        IncompleteError: What would make it have one was refused.
    """
    return bool(services(config) if service == "system" else PARTS[service](config))


def services(config: StackConfig) -> tuple[ServiceName, ...]:
    """Return the services that a stack has; last `system`, where it has any."""
    found: tuple[ServiceName, ...] = tuple(name for name, part in PARTS.items() if part(config))
    return (*found, "system") if found else ()


def bounds(config: StackConfig) -> tuple[Bound, ...]:
    """Return the bound of every service that a stack has, with what the file promises of it.

    A service without an objective is judged by the loss that its stack is made for: of a region in a standby, of a zone
    in a primary.
    """
    declared = config.recovery.objectives if config.recovery else {}
    usual: Scope = "region" if config.identity.role == "standby" else "zone"
    found: list[Bound] = []
    for service in services(config):
        objective = declared.get(service)
        scope = objective.scope if objective else usual
        found.append(replace(bound(service, scope, config), declared=objective))
    return tuple(found)


def bound(service: ServiceName, scope: Scope, config: StackConfig) -> Bound:
    """Return the bound of one service that the stack has, for one loss."""
    if service != "system":
        return (of_region if scope == "region" else of_zone)(service, config)
    parts = [bound(part, scope, config) for part in services(config)[:-1]]
    slowest = max(parts, key=lambda part: part.seconds("rto"))
    calls = tuple(dict.fromkeys(call for part in parts for call in part.calls))
    return Bound(
        service="system",
        scope=scope,
        mechanism=f"as its slowest: {slowest.service}",
        rto=slowest.rto,
        rpo=longest(*(part.rpo for part in parts)),
        calls=calls,
    )


def binding(scope: Scope, config: StackConfig) -> dict[str, ServiceName]:
    """Return the service that binds the whole system, for `rto` and for `rpo`."""
    parts = [bound(part, scope, config) for part in services(config)[:-1]]
    return {side: max(parts, key=lambda part: part.seconds(side)).service for side in ("rto", "rpo")}


@dataclass(frozen=True)
class Advice:
    """A change of the file that keeps an objective."""

    words: str
    """What to do."""
    settings: StackConfig
    """The settings once it is done."""


def cheapest(service: ServiceName, objective: Objective, config: StackConfig) -> Advice | None:
    """Return the cheapest change of the file that keeps an objective, by the same reckoning; None = none would."""
    changes = tuple(_changes(service, objective, config))
    for tried in (*((one,) for one in changes), changes):
        changed = reduce(lambda settings, one: one.apply(settings), tried, config)
        if tried and not bound(service, objective.scope, changed).breaks(objective):
            return Advice(" and ".join(one.words for one in tried), changed)
    return None


@dataclass(frozen=True)
class _Change:
    """A change of the file."""

    words: str
    """What to do."""
    apply: Callable[[StackConfig], StackConfig]
    """The settings once it is done."""


def _changes(service: ServiceName, objective: Objective, config: StackConfig) -> Iterator[_Change]:
    """Yield changes that could help a service, the cheapest first."""
    if objective.scope == "zone":
        if service == "postgres":
            change = partial(with_changed, path="data.postgres", multi_az=True)
            yield _Change("set data.postgres.multi_az: true", change)
        if service in (*IN_PRIVATE_TIERS, "system") and config.network and config.network.nat == "single":
            yield _Change(
                "write network.nat: per_zone, a gateway in each zone",
                partial(with_changed, path="network", nat="per_zone"),
            )
    elif config.recovery is not None and config.recovery.standby is not None:
        yield from _of_mechanism(service, objective)
        words = "let people take no time to decide (decide_minutes: 0, an automatic failover)"
        yield _Change(words, partial(with_changed, path="recovery.standby", decide_minutes=0))


def _of_mechanism(service: ServiceName, objective: Objective) -> Iterator[_Change]:
    threshold = min((objective.rpo_minutes - 1) * MINUTE, LONGEST_THRESHOLD)
    watched = f"`lag_alarm: {{threshold_seconds: {threshold}}}`"
    standby = partial(with_changed, path="recovery.standby")
    if service == "postgres" and threshold > IDLE_REPLICA_LAG.seconds:
        replica = PostgresReplication(lag_alarm=LagAlarm(threshold_seconds=threshold))
        words = f"follow by a cross-region replica with {watched} (recovery.standby.postgres)"
        yield _Change(words, partial(standby, postgres=replica))
    if service == "redis" and threshold > 0:
        member = RedisReplication(lag_alarm=LagAlarm(threshold_seconds=threshold))
        words = f"follow by a global datastore with {watched} (recovery.standby.redis)"
        yield _Change(words, partial(standby, redis=member))
    if service == "streaming" and threshold > 0:
        follows = StreamingReplication(lag_alarm=LagAlarm(threshold_seconds=threshold))
        words = f"follow by a replicator with {watched} (recovery.standby.streaming)"
        yield _Change(words, partial(standby, streaming=follows))
    if service == "buckets":
        words = "replicate with `time_control: true` (recovery.standby.buckets)"
        yield _Change(words, partial(standby, buckets=BucketReplication()))
    if service == "cluster":
        yield _Change("keep a node of each group warm: scaling.min and desired of 1 or more", warmed)


def warmed(config: StackConfig) -> StackConfig:
    """Return the settings with a node of each group at any time."""
    groups = {
        name: with_changed(group, path="scaling", min=max(1, group.scaling.min), desired=max(1, group.scaling.desired))
        for name, group in present(config.cluster).node_groups.items()
    }
    return with_changed(config, path="cluster", node_groups=groups)


def with_changed(section: S, path: str, **changes: object) -> S:
    """Return a section with some fields of its part at a dotted path replaced."""
    name, _, rest = path.partition(".")
    part: Section = getattr(section, name)
    changed = with_changed(part, rest, **changes) if rest else part.model_copy(update=changes)
    return section.model_copy(update={name: changed})
