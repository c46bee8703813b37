"""Tasks: what they name is there, what they write to is apart, and they have a way to what they need to start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.base import present
from config.cron import AWS, flaws
from config.facts.fargate import AGENT_VARIABLES, EXEC_ENDPOINTS, EXEC_PATHS, IMAGE_ENDPOINTS
from config.facts.inference import ENDPOINT
from config.facts.metrics import METRICS, SERVICE_FAMILIES
from config.facts.names import time_zones
from config.problems import NOTHING, Path, refuse
from config.room import other_addresses, smallest
from config.rules.containers import of_each_service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from config.containers import Service
    from config.facts.metric import Family, MetricFact
    from config.problems import Problem
    from config.stack import StackConfig
    from config.task import SecretOf, TaskRole

_SERVICES: Final = ("postgres", "redis")
"""Data services with a secret of their own."""


@of_each_service
def secrets(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """A secret is one of the stack or one of its account and region, under a name that no plain variable has."""
    places = service.places()
    for part in ("environment", "secrets"):
        for name in places.keys() & getattr(service.task, part).keys():
            where, what = (*path, "task", part, name), f"set by the program: where {places[name]} is"
            yield refuse(where, what, got=NOTHING, allowed="a name of its own", fix="drop it, or rename it")
        for name in getattr(service.task, part):
            if name.startswith(AGENT_VARIABLES):
                what, fix = "set by ECS in each container, which needs it", "drop it, or rename it"
                yield refuse((*path, "task", part, name), what, got=NOTHING, allowed="a name of its own", fix=fix)
    for name, secret in service.task.secrets.items():
        where = (*path, "task", "secrets", name)
        if name in service.task.environment:
            fix = "drop one of the two"
            yield refuse(where, "in environment, too", got=NOTHING, allowed="a name of its own", fix=fix)
        yield from secret_there(config, where, secret)


def secret_there(config: StackConfig, where: Path, secret: SecretOf) -> Iterator[Problem]:
    """Yield what is wrong with the name of a secret."""
    if (secret.of is None) is (secret.arn is None):
        what = "a secret of the stack and another" if secret.of else "no secret"
        yield refuse(where, what, got=NOTHING, allowed="`of` or `arn`", fix="name one of the two")
    elif secret.of is not None and secret.of not in _stored(config):
        home = f"data.{secret.of}" if secret.of in _SERVICES else f"inference.provider_keys.{secret.of}"
        what, fix = f"this stack has no {home}", f"add {home}, or leave this out"
        allowed = "a data service of the stack" if secret.of in _SERVICES else "a provider whose key the stack names"
        yield refuse((*where, "of"), what, got=NOTHING, allowed=allowed, fix=fix)
    elif secret.arn is not None:
        region, account = secret.arn.split(":")[3:5]
        identity = config.identity
        if (region, account) != (identity.region, identity.account_id):
            what, allowed = f"of {account} in {region}", f"secrets of {identity.account_id} in {identity.region}"
            yield refuse((*where, "arn"), what, got=NOTHING, allowed=allowed, fix="copy the secret there")


def _stored(config: StackConfig) -> tuple[str, ...]:
    """Return what a secret may be of: data services, and providers whose keys the stack names."""
    return (*(name for name in _SERVICES if getattr(config, name) is not None), *config.provider_keys)


@of_each_service
def resources(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Buckets, queues and tables of a task's role are those of the stack."""
    yield from role_resources(config, (*path, "task", "role"), service.task.role)


def role_resources(config: StackConfig, path: Path, role: TaskRole) -> Iterator[Problem]:
    """Yield what a role names that the stack does not have."""
    for part, known, home in (
        ("buckets", tuple(config.buckets), "data.buckets"),
        ("queues", tuple(config.queues), "messaging.queues"),
        ("tables", tuple(config.tables), "data.tables"),
    ):
        for name in getattr(role, part):
            if name not in known:
                close = nearest(name, known)
                fix = f"did you mean {close[0]}?" if close else f"add it to {home}"
                where, allowed = (*path, part, name), ", ".join(known)
                yield refuse(where, f"not in {home}", got=NOTHING, allowed=allowed, fix=fix)
    if role.inference is not None and config.inference is not None:
        models = tuple(config.inference.models)
        for at, name in enumerate(role.inference.models):
            if name not in models:
                close = nearest(name, models)
                fix = f"did you mean {close[0]}?" if close else "add it to inference.models"
                where = (*path, "inference", "models", at)
                yield refuse(where, "not in inference.models", got=name, allowed=", ".join(models), fix=fix)


@of_each_service
def logged_in(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """A task that logs in to the database is let in by its security group."""
    if service.task.role.database is not None and "postgres" not in service.reaches:
        what, got = "needs postgres: its tasks log in there (task.role.database)", list(service.reaches)
        yield refuse((*path, "reaches"), what, got=got, allowed="postgres among them", fix="add postgres")


def sessions(config: StackConfig) -> Iterator[Problem]:
    """Where somebody may open a shell, it is recorded."""
    if config.containers is None:
        return
    opened = [name for name, service in config.services.items() if service.task.ecs_exec]
    if opened and config.containers.sessions is None:
        what, fix = f"needed by ecs_exec of {', '.join(opened)}", "say for how long records are kept"
        yield refuse(("containers", "sessions"), what, got=NOTHING, allowed="a section", fix=fix)
    if not opened and config.containers.sessions is not None:
        what, fix = "no service has ecs_exec: nothing is recorded", "leave it out, or allow a service ecs_exec"
        yield refuse(("containers", "sessions"), what, got="sessions", allowed="none", fix=fix)


@of_each_service
def discovery(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """A discoverable service has a namespace to be found in."""
    if service.discoverable and present(config.containers).namespace is None:
        fix = "add containers.namespace, or leave this out"
        where = (*path, "discoverable")
        yield refuse(where, "needs containers.namespace", got=True, allowed="false without one", fix=fix)


@of_each_service
def volumes(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """No volume hides another one, nor those of ECS Exec's agent."""
    taken = {place: f"ECS Exec ({name})" for name, place in EXEC_PATHS.items()} if service.task.ecs_exec else {}
    for name, place in service.task.volumes.items():
        where = (*path, "task", "volumes", name)
        if name in EXEC_PATHS:
            allowed = f"any but {', '.join(EXEC_PATHS)}"
            yield refuse(where, "a name that ECS Exec's volumes have", got=place, allowed=allowed, fix="rename it")
        for other, owner in taken.items():
            if f"{place}/".startswith(f"{other}/") or f"{other}/".startswith(f"{place}/"):
                what, allowed = f"in, or around, {other} of {owner}", "a directory apart from it"
                yield refuse(where, what, got=place, allowed=allowed, fix="choose another, or drop one of the two")
        taken[place] = name


@of_each_service
def path_to_registry(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Tasks reach what they pull, log to and read before they start, by NAT or by endpoints."""
    network = present(config.network)
    tier = network.tier("private", service.tier)
    if network.tiers[tier].internet != "none":
        return
    reached, task = network.endpoints, service.task
    wanted = {
        **dict.fromkeys(IMAGE_ENDPOINTS, True),
        "secretsmanager": bool(task.secrets),
        **dict.fromkeys(EXEC_ENDPOINTS, task.ecs_exec),
        "sqs": bool(task.role.queues),
        "xray": service.tracing is not None,
        ENDPOINT: task.role.inference is not None,
    }
    missing = [one for one, needed in wanted.items() if needed and one not in reached.interface]
    by_route = {"s3": True, "dynamodb": bool(task.role.tables)}
    missing += [
        f"{one} (network.endpoints.gateway)"
        for one, needed in by_route.items()
        if needed and one not in reached.gateway
    ]
    if missing:
        what = f"tasks in tier {tier}, which has no way to the internet, cannot reach {', '.join(missing)}"
        fix = "add them to network.endpoints.interface, or give the tier `internet: nat`"
        yield refuse((*path, "tier"), what, got=tier, allowed="a tier with NAT, or endpoints for these", fix=fix)
    own = f"{config.identity.account_id}.dkr.ecr.{config.identity.region}.amazonaws.com/"
    for where, image in service.images.items():
        if not image.startswith(own):
            what, fix = "tasks without a way to the internet cannot pull it", "mirror it into the stack's registry"
            yield refuse((*path, *where), what, got=image, allowed=f"images of {own}", fix=fix)


@of_each_service
def images(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """An image of the stack's own repositories is of one that there is."""
    yield from known_images(config, path, service.images)


def known_images(config: StackConfig, path: Path, images: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    """Yield images of the stack's own repositories of which there is none."""
    identity, known = config.identity, tuple(present(config.registry).repositories)
    own = f"{identity.account_id}.dkr.ecr.{identity.region}.amazonaws.com/{identity.system}/{identity.environment}/"
    for where, image in images.items():
        short = image.removeprefix(own).partition("@")[0].partition(":")[0]
        if image.startswith(own) and short not in known:
            close = nearest(short, known)
            fix = f"did you mean {close[0]}?" if close else "add it to registry.repositories"
            what = f"no repository of the stack: {short}"
            yield refuse((*path, *where), what, got=image, allowed=", ".join(known), fix=fix)


@of_each_service
def rollback_alarms(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Alarms that roll a deployment back are rows that are measured on services."""
    known = measured(config, SERVICE_FAMILIES)
    for at, name in enumerate(service.deployment.alarms):
        where = (*path, "deployment", "alarms", at)
        if name not in known:
            yield unmeasured(config, where, name, known, "services, whose source begins with service_")
        elif known[name].of == "kept_service" and service.least == 0:
            fix = "raise the fewest tasks, or leave it out"
            yield refuse(where, "counted where there is a task at any time", got=name, allowed="from 1 on", fix=fix)
        elif known[name].of == "service_target" and service.target is None:
            fix = "add `target`, or leave it out"
            yield refuse(where, "measured at the load balancer", got=name, allowed="beside target", fix=fix)


def measured(config: StackConfig, families: tuple[Family, ...]) -> dict[str, MetricFact]:
    """Return the rows of the alarm table that are measured on things of some families, with their metrics."""
    table = config.observability.alarms if config.observability else {}
    facts = {
        name: METRICS[row.source] for name, row in table.items() if row.source is not None and row.source in METRICS
    }
    return {name: fact for name, fact in facts.items() if fact.of in families}


def unmeasured(config: StackConfig, where: Path, name: str, known: Iterable[str], of: str) -> Problem:
    """Return what is wrong with the name of an alarm that is none of those that may roll back."""
    there = config.observability is not None and name in config.observability.alarms
    subject, _, source = of.partition(", whose ")
    what = f"not measured on {subject}" if there else "no such row of observability.alarms"
    return refuse(where, what, got=name, allowed=", ".join(known), fix=f"name a row whose {source}")


@of_each_service
def schedules(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Planned changes come, in time zones that exist."""
    for name, planned in (service.scaling.scheduled if service.scaling else {}).items():
        yield from timed(config, (*path, "scaling", "scheduled", name), planned.recurrence, planned.time_zone)


def timed(config: StackConfig, where: Path, recurrence: str, time_zone: str) -> Iterator[Problem]:
    """Yield what is wrong with a time at which something happens again and again."""
    for flaw in flaws(recurrence, AWS, config.as_of.year):
        fix = "write minute hour day-of-month month day-of-week year, such as 0 8 ? * MON-FRI *"
        yield refuse((*where, "recurrence"), flaw.what, got=recurrence, allowed=flaw.allowed, fix=fix)
    if time_zone not in time_zones():
        close = nearest(time_zone, sorted(time_zones()))
        fix = f"did you mean {close[0]}?" if close else "name a place of IANA's list"
        allowed = "names in config/facts/data/time_zones.txt, such as Europe/Berlin or Etc/UTC"
        yield refuse((*where, "time_zone"), "no time zone", got=time_zone, allowed=allowed, fix=fix)


@of_each_service
def addresses(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """The tier has an address for every task that may run, while a zone is lost, too."""
    network = present(config.network)
    tier = network.tier("private", service.tier)
    room, held = smallest(config, tier), other_addresses(config, tier)
    if held > room:
        what = f"all tasks of tier {tier}, while services are deployed, take {held} of {room} addresses of a subnet"
        fix = f"widen network.tiers.{tier}.cidrs, or lower the most tasks"
        where = (*path, "scaling", "max") if service.scaling else (*path, "desired")
        got = service.scaling.max if service.scaling else service.desired
        yield refuse(where, what, got=got, allowed=f"{room} addresses", fix=fix)


RULES: Final = (
    secrets,
    resources,
    logged_in,
    sessions,
    discovery,
    volumes,
    path_to_registry,
    images,
    rollback_alarms,
    schedules,
    addresses,
)
