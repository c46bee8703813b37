"""Experiments: each tests a promise that is made, on what the stack has, and is stopped by an alarm that can go off."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.base import present
from config.experiments import allowed_minutes
from config.facts.experiments import KEPT_KEYS, SERVICE, SUBNETS, TARGETS
from config.facts.metrics import GLOBAL_FAMILIES, METRICS, needs
from config.facts.offers import offers
from config.facts.regions import GLOBAL_REGION
from config.problems import NOTHING, Path, refuse
from config.rules.each import of_each
from config.rules.observability import PARTS
from config.walk import ABSENT, expand, plain, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.experiments import Check, Experiment
    from config.observability import Alarm
    from config.problems import Problem
    from config.stack import StackConfig

EXPERIMENTS: Final[Path] = ("experiments",)
_COUNTED: Final = "stop_tasks"
_ZONES: Final = {"lose_zones": (1, 2), "lose_cache_zone": (1, 1), "lose_nat": (1, 1)}
"""Fault -> fewest and most zones that it names; others name none."""
_of_each: Final = of_each(
    (*EXPERIMENTS, "templates"), lambda config: config.experiments.templates if config.experiments is not None else {}
)


def offered(config: StackConfig) -> Iterator[Problem]:
    """FIS is in the region."""
    present(config.experiments)
    region = config.identity.region
    if offers(region).has_service(SERVICE) is False:
        what, fix = f"AWS FIS is not in {region}", "leave the section out: make drill rehearses without it"
        yield refuse(EXPERIMENTS, what, got=region, allowed="regions with AWS FIS", fix=fix)


@_of_each
def objectives(config: StackConfig, path: Path, experiment: Experiment) -> Iterator[Problem]:
    """An experiment tests a promise of this stack, and takes no longer than the promise allows."""
    where, name = (*path, "objective"), experiment.objective
    minutes = allowed_minutes(config.recovery, name)
    if minutes is None:
        promised = [*config.recovery.objectives] if config.recovery else []
        has = config.recovery is not None and config.recovery.availability_percent is not None
        allowed = ", ".join([*promised, *(["availability"] if has else [])]) or "nothing, as recovery promises nothing"
        need = "recovery.availability_percent" if name == "availability" else f"recovery.objectives.{name}"
        what, fix = "nothing of the kind is promised, so that no outcome would be wrong", f"add {need}, or name another"
        yield refuse(where, what, got=name, allowed=allowed, fix=fix)
        return
    promise = present(config.recovery).objectives.get(name) if name != "availability" else None
    if promise is not None and promise.scope == "region":
        what, fix = "promised for a lost region, of which FIS takes none away", "name one for a zone; see make drill"
        yield refuse(where, what, got=name, allowed="an objective of scope zone", fix=fix)
    if experiment.duration_minutes > minutes:
        what = f"longer than {name} allows ({minutes} minutes): the experiment would break the promise by itself"
        allowed = f"1 to {minutes}" if minutes else "none: what is promised without a gap is not interrupted"
        fix = "shorten it, or put another promise to the test"
        yield refuse((*path, "duration_minutes"), what, got=experiment.duration_minutes, allowed=allowed, fix=fix)


@_of_each
def targets(config: StackConfig, path: Path, experiment: Experiment) -> Iterator[Problem]:
    """The stack has what is taken away, and what takes its place."""
    where, pattern = (*path, "target", "of"), TARGETS[experiment.action]
    of = experiment.target.of
    found = value(config, tuple(of.split("."))) if fnmatchcase(of, pattern) else ABSENT
    if found is ABSENT or found is None:
        there = [".".join(map(str, one)) for one in expand(config, pattern) if value(config, one) not in (ABSENT, None)]
        close = nearest(of, there)
        what = f"{experiment.action} takes away {pattern}, and this stack has no such part"
        fix = f"did you mean {close[0]}?" if close else "name a part of this file, or another action"
        yield refuse(where, what, got=of, allowed=", ".join(there) or "none of this stack", fix=fix)
        return
    yield from _amounts(path, experiment)
    yield from _zones(config, path, experiment)
    yield from _second(config, path, experiment)
    yield from _automated(config, path, experiment)


def _amounts(path: Path, experiment: Experiment) -> Iterator[Problem]:
    target, action = experiment.target, experiment.action
    given = {"count": target.count, "percent": target.percent}
    takes = ("count", "percent") if action == _COUNTED else ()
    named = [key for key, amount in given.items() if amount is not None]
    for key in named:
        if key not in takes:
            what, fix = f"{action} takes what its target names, no {key} of it", "leave it out"
            allowed = " or ".join(takes) or "neither count nor percent"
            yield refuse((*path, "target", key), what, got=given[key], allowed=allowed, fix=fix)
    if takes and len([key for key in named if key in takes]) != 1:
        what = "both given" if len(named) > 1 else "nobody says how many: an experiment takes no more than it needs"
        allowed, fix = f"one of {', '.join(takes)}", "write `count: 1`"
        yield refuse((*path, "target"), what, got=plain(target), allowed=allowed, fix=fix)


def _zones(config: StackConfig, path: Path, experiment: Experiment) -> Iterator[Problem]:
    where, zones = (*path, "target", "zones"), experiment.target.zones
    least, most = _ZONES.get(experiment.action, (0, 0))
    if not least <= len(zones) <= most:
        counted = f"{least} zone" if least == most else f"{least} or {most} zones"
        what = f"{experiment.action} names {counted if most else 'no zone'}"
        yield refuse(where, what, got=list(zones), allowed=counted if most else "none", fix="correct the list")
        return
    if not zones:
        return
    network = present(config.network)
    for at, zone in enumerate(zones):
        if zone not in network.zones:
            what, fix = "no zone of this stack", "name one of network.zones"
            yield refuse((*where, at), what, got=zone, allowed=", ".join(network.zones), fix=fix)
    if experiment.action == "lose_zones" and not set(network.zones) - set(zones):
        what, fix = "every zone of the stack: nothing is left that could serve", "leave one"
        yield refuse(where, what, got=list(zones), allowed=f"{len(network.zones) - 1} of network.zones", fix=fix)
    if experiment.action == "lose_zones" and len(network.tiers) > SUBNETS:
        what, fix = f"{len(network.tiers)} subnets in a zone, and an action takes {SUBNETS}", "raise the quota of FIS"
        yield refuse(where, what, got=list(zones), allowed=f"{SUBNETS} tiers", fix=fix)
    first = network.zones[: 1 if network.nat == "single" else None]
    if experiment.action == "lose_nat" and (network.nat == "none" or not set(zones) <= set(first)):
        what, fix = "no NAT gateway stands there", "name a zone with one"
        allowed = ", ".join(first) if network.nat != "none" else "none, as network.nat is none"
        yield refuse(where, what, got=list(zones), allowed=allowed, fix=fix)


def _second(config: StackConfig, path: Path, experiment: Experiment) -> Iterator[Problem]:
    """Yield what could only be a loss: what has no second one that could take over, or is not there at rest."""
    where = (*path, "target", "of")
    of = experiment.target.of
    if experiment.action == "fail_over_database" and not present(config.postgres).multi_az:
        what, fix = "without a standby in another zone RDS refuses to fail over", "set data.postgres.multi_az"
        yield refuse(where, what, got=of, allowed="a database with multi_az", fix=fix)
    if experiment.action == "lose_cache_zone" and not present(config.redis).replicas_per_shard:
        what, fix = "ElastiCache interrupts groups with Multi-AZ alone", "raise data.redis.replicas_per_shard"
        yield refuse(where, what, got=of, allowed="a cache with replicas", fix=fix)
    if experiment.action == _COUNTED:
        least = config.services[of.rpartition(".")[2]].least
        if (experiment.target.count or 1) > least:
            what = f"the service has {least} tasks at rest: FIS would find too few, and fail"
            fix = "name a service that has some, or take fewer"
            got = experiment.target.count or f"{experiment.target.percent} %"
            yield refuse((*path, "target"), what, got=got, allowed=f"at most {least}", fix=fix)


def _automated(config: StackConfig, path: Path, experiment: Experiment) -> Iterator[Problem]:
    """Yield what a runbook could not take without harm, or not give back."""
    where, of = (*path, "target", "of"), experiment.target.of
    name = of.rpartition(".")[2]
    if experiment.action == "disable_key" and name in KEPT_KEYS:
        harmless = ", ".join(f"keys.domains.{one}" for one in config.keys.domains if one not in KEPT_KEYS)
        what, fix = KEPT_KEYS[name], "name a key whose loss is over when it is enabled again"
        yield refuse(where, what, got=of, allowed=harmless, fix=fix)
    if experiment.action == "stop_consumer":
        yield from _consumer(config, path, experiment, name)


def _consumer(config: StackConfig, path: Path, experiment: Experiment, name: str) -> Iterator[Problem]:
    """Yield what a function without executions would lose, or what Lambda has against it."""
    function = config.functions[name]
    where, seconds = (*path, "target", "of"), experiment.duration_minutes * 60
    kept = function.stream or function.topic
    if function.queue is None and kept is None:
        what, fix = "it works on no queue, stream or topic: who calls it is refused, and nothing waits", "name another"
        yield refuse(where, what, got=experiment.target.of, allowed="a function with queue, stream or topic", fix=fix)
    if function.provisioned_concurrency:
        what = "Lambda takes no concurrency from a function while executions of it are kept ready"
        fix = "leave provisioned_concurrency out, or name another"
        yield refuse(where, what, got=experiment.target.of, allowed="a function without any", fix=fix)
    where = (*path, "duration_minutes")
    if function.queue is not None:
        queue = present(config.messaging).queues[function.queue.name]
        most = queue.visibility_timeout_seconds * (queue.max_receives - 1)
        if seconds >= most:
            what = f"{function.queue.name} would give messages up: each is received {queue.max_receives} times at most"
            fix = "shorten it, or raise max_receives of the queue"
            yield refuse(where, what, got=experiment.duration_minutes, allowed=f"below {most / 60:g}", fix=fix)
    if kept is not None and seconds >= kept.max_age_seconds:
        what, fix = "what waits would be given up: it is too old by then", "shorten it, or raise max_age_seconds"
        allowed = f"below {kept.max_age_seconds / 60:g}"
        yield refuse(where, what, got=experiment.duration_minutes, allowed=allowed, fix=fix)


@_of_each
def stops(config: StackConfig, path: Path, experiment: Experiment) -> Iterator[Problem]:
    """Alarms that stop an experiment, or are its steady state, are there, and AWS publishes what they watch."""
    rows = config.observability.alarms if config.observability else {}
    for key, names in (("stop_alarms", experiment.stop_alarms), ("alarms", experiment.steady_state.alarms)):
        where = (*path, key) if key == "stop_alarms" else (*path, "steady_state", key)
        for at, name in enumerate(names):
            yield from _alarm(config, (*where, at), name, rows)


def _alarm(config: StackConfig, where: Path, name: str, rows: Mapping[str, Alarm]) -> Iterator[Problem]:
    alarm = rows.get(name)
    if alarm is None:
        close = nearest(name, tuple(rows))
        what = "no alarm stops it" if name == "none" else "no entry of observability.alarms"
        fix = f"did you mean {close[0]}?" if close else "name an alarm that goes off when people are not served"
        yield refuse(where, what, got=name, allowed=", ".join(rows) or "none of this stack", fix=fix)
        return
    fact = METRICS.get(alarm.source) if alarm.source else None
    if alarm.source is None:
        what = "watches what the application publishes itself, which the experiment may take away"
    elif not all(PARTS[need].there(config) for need in needs(alarm.source)):
        what = "watches what nobody publishes here, and would never go off"
    elif fact is not None and fact.of in GLOBAL_FAMILIES and config.identity.region != GLOBAL_REGION:
        what = f"is measured in {GLOBAL_REGION}, and FIS watches alarms of its own region"
    else:
        return
    yield refuse(where, what, got=name, allowed="an alarm on a source that AWS publishes here", fix="name another one")


_SEEN: Final[Mapping[Check, Callable[[StackConfig], bool]]] = {
    "tasks": lambda config: bool(config.services),
    "targets": lambda config: (
        any(one.targets for one in config.services.values())
        or (config.cluster is not None and config.edge is not None and config.edge.balancer is not None)
    ),
    "database": lambda config: config.postgres is not None,
    "cache": lambda config: config.redis is not None,
    "brokers": lambda config: config.streaming is not None,
    "dead_letters": lambda config: config.messaging is not None,
}
"""Check -> whether the stack has what it looks at."""


@_of_each
def steady(config: StackConfig, path: Path, experiment: Experiment) -> Iterator[Problem]:
    """A steady state looks at something, and the stack has it."""
    where, state = (*path, "steady_state"), experiment.steady_state
    if not (state.alarms or state.checks):
        what, fix = "nothing is looked at, so that every outcome would do", "name alarms, or checks"
        yield refuse(where, what, got=NOTHING, allowed=f"alarms, or checks: {', '.join(_SEEN)}", fix=fix)
    for at, check in enumerate(state.checks):
        if not _SEEN[check](config):
            allowed = ", ".join(one for one, there in _SEEN.items() if there(config)) or "none of this stack"
            what, fix = "looks at what this stack does not have", "leave it out"
            yield refuse((*where, "checks", at), what, got=check, allowed=allowed, fix=fix)


RULES: Final = (offered, objectives, targets, stops, steady)
