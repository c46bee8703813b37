"""What follows from the settings of an experiment: actions and targets of its template, without anything of Pulumi's.

Targets are found when the experiment starts, by the tags of this stack and by what else tells one of its things from
another: cluster and service, VPC and zone. A database has no tag that its replicas lack, so it is named by its ARN.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from config.facts.experiments import (
    ACTIONS,
    AUTOMATED,
    AUTOMATION,
    CACHE_POWER,
    DISCONNECT,
    REBOOT,
    SPARE_MINUTES,
    STOP_TASK,
    WAIT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.experiments import Experiment
    from config.network import Network

IDENTIFYING: Final = ("Environment", "Project", "Stack")
"""Tags that tell what is of this stack; FIS takes what has all of them."""
_ALL: Final = "all"


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What one action is done to."""

    name: str
    """Name in the template."""
    action: str
    """Action of FIS."""
    mode: str
    """How many of those that are found: `COUNT(n)` or `PERCENT(n)`; empty = nothing is looked for."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the action."""
    service: str | None = None
    """Service of ECS whose tasks they are; None = none."""
    zone: str | None = None
    """Zone letter that they are in; None = any."""
    tier: str | None = None
    """Tier of the network that they are, by the `Tier` tag; None = any."""

    @property
    def resource_type(self) -> str:
        """Type of its targets; empty = it has none: a runbook names what it is done to."""
        return ACTIONS[self.action].resource_type


def duration(minutes: int) -> str:
    """Return minutes as ISO 8601 has a duration."""
    return f"PT{minutes}M"


def hits(experiment: Experiment, network: Network | None, *, database: bool, cache: bool) -> tuple[Hit, ...]:
    """Return what is done to what.

    Args:
        experiment: The experiment.
        network: The stack's network, for what is lost with a zone.
        database: Whether a database would fail over with a lost zone: it has a standby in another one.
        cache: Whether a cache would, too.
    """
    return tuple(_hits(experiment, network, database=database, cache=cache))


def _hits(experiment: Experiment, network: Network | None, *, database: bool, cache: bool) -> Iterator[Hit]:
    target, lasting = experiment.target, {"duration": duration(experiment.duration_minutes)}
    match experiment.action:
        case "stop_tasks":
            mode = f"PERCENT({target.percent})" if target.percent else f"COUNT({target.count or 1})"
            yield Hit(name="tasks", action=STOP_TASK, mode=mode, service=target.of.rpartition(".")[2])
        case "fail_over_database":
            yield _failover()
        case "lose_cache_zone":
            yield from (_power(zone, lasting) for zone in target.zones)
        case "lose_nat" if network is not None:
            tier = network.nat_tier or network.of_kind("public")[0]
            yield from (_cut(zone, 1, lasting, tier) for zone in target.zones)
        case "lose_zones" if network is not None:
            yield from (_cut(zone, len(network.tiers), lasting) for zone in target.zones)
            yield from (_power(zone, lasting) for zone in target.zones if cache)
            if database:
                yield _failover()
        case action if action in AUTOMATED:
            longest = {"maxDuration": duration(experiment.duration_minutes + SPARE_MINUTES)}
            yield Hit(name="runbook", action=AUTOMATION, mode="", parameters=longest)
        case _:
            raise ValueError(f"experiments: {experiment.action} without a network")


def _failover() -> Hit:
    return Hit(name="database", action=REBOOT, mode="COUNT(1)", parameters={"forceFailover": "true"})


def _power(zone: str, lasting: Mapping[str, str]) -> Hit:
    return Hit(name=f"cache-{zone}", action=CACHE_POWER, mode="COUNT(1)", parameters=lasting, zone=zone)


def _cut(zone: str, subnets: int, lasting: Mapping[str, str], tier: str | None = None) -> Hit:
    parameters = {**lasting, "scope": _ALL}
    return Hit(
        name=f"subnets-{zone}",
        action=DISCONNECT,
        mode=f"COUNT({subnets})",
        parameters=parameters,
        zone=zone,
        tier=tier,
    )


def lasts(found: tuple[Hit, ...]) -> bool:
    """Return whether an action lasts as long as the experiment; else it waits beside it, and watches its alarms."""
    return any(not {"duration", "maxDuration"}.isdisjoint(one.parameters) for one in found)


WATCH: Final = WAIT
"""What an experiment does beside actions that are over at once."""
