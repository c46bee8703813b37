"""Services: sizes, counts, capacity and time-outs, judged together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.fargate import MEMORY_OF_CPU, WITHOUT, WITHOUT_ARM64
from config.facts.regions import regions
from config.problems import NOTHING, Path, refuse
from config.rules.each import of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.containers import Service
    from config.problems import Problem
    from config.stack import StackConfig

SERVICES: Final[Path] = ("containers", "services")

of_each_service: Final = of_each(SERVICES, lambda config: config.services)
"""Makes a rule on one service one on all of them."""


@of_each_service
def pairs(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Fargate has the memory that a task asks for beside its CPU."""
    size = service.task.size
    allowed = MEMORY_OF_CPU[size.cpu_units]
    if size.memory_mib not in allowed:
        what = f"no size of Fargate beside {size.cpu_units} CPU units"
        fix = "choose one of these, or other CPU units"
        where = (*path, "task", "size", "memory_mib")
        yield refuse(where, what, got=size.memory_mib, allowed=_listed(allowed), fix=fix)


def _listed(sizes: tuple[int, ...]) -> str:
    if len(sizes) <= 3:  # noqa: PLR2004 - so few are written out
        return ", ".join(map(str, sizes))
    return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"


@of_each_service
def counts(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """The desired number, and every planned bound, lies between the bounds; what is promised is at or below them."""
    scaling, fix = service.scaling, "put the numbers in order"
    least = service.least
    if scaling is not None and not scaling.min <= service.desired <= scaling.max:
        allowed = f"{scaling.min} to {scaling.max}"
        yield refuse((*path, "desired"), "outside of scaling", got=service.desired, allowed=allowed, fix=fix)
    for name, planned in scaling.scheduled.items() if scaling else ():
        where = (*path, "scaling", "scheduled", name)
        if planned.min > planned.max:
            allowed = f"at most {planned.max}"
            yield refuse((*where, "min"), "more than its max", got=planned.min, allowed=allowed, fix=fix)
        if planned.min < service.always_running:
            what = f"less than the {service.always_running} that are always running"
            yield refuse((*where, "min"), what, got=planned.min, allowed=f"{service.always_running} or more", fix=fix)
    if least < service.always_running:
        what, allowed = f"more than the {least} tasks that there are at least", f"0 to {least}"
        yield refuse((*path, "always_running"), what, got=service.always_running, allowed=allowed, fix=fix)


@of_each_service
def moved(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Scaling has a target that can be measured on this service, from no task on if it goes down to none."""
    scaling, where = service.scaling, (*path, "scaling")
    if scaling is None:
        return
    targets = (scaling.cpu_percent, scaling.memory_percent, scaling.requests_per_target, scaling.backlog)
    if not any(targets) and not scaling.scheduled:
        fix = "add a target, or leave `scaling` out"
        yield refuse(where, "nothing moves the number", got=NOTHING, allowed="one target at least", fix=fix)
    if scaling.requests_per_target and not service.targets:
        what, fix = "needs target or api_target: a load balancer counts requests", "add one, or leave this out"
        got, allowed = scaling.requests_per_target, "beside target or api_target"
        yield refuse((*where, "requests_per_target"), what, got=got, allowed=allowed, fix=fix)
    if scaling.min == 0 and any(targets) and scaling.backlog is None:
        what = "no task, no utilisation and no request: nothing ever starts one again"
        yield refuse((*where, "min"), what, got=0, allowed="1 or more, or 0 beside backlog", fix="raise it")


@of_each_service
def planned(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """What is planned does not end all tasks for good, and no two changes come at one time."""
    scaling, where = service.scaling, (*path, "scaling")
    if scaling is None:
        return
    changes, first = scaling.scheduled, dict[tuple[str, str], str]()
    targets = any((scaling.cpu_percent, scaling.memory_percent, scaling.requests_per_target))
    for name, one in changes.items():
        other = first.setdefault((" ".join(one.recurrence.split()), one.time_zone), name)
        if other != name:
            what, fix = f"at the time of {other}, and nobody can tell which one holds", "drop one, or move it"
            at = (*where, "scheduled", name, "recurrence")
            yield refuse(at, what, got=one.recurrence, allowed="a time of its own", fix=fix)
        if one.min == 0 and targets and scaling.backlog is None and not any(one.min for one in changes.values()):
            what = "no task, no utilisation and no request: nothing ever starts one again"
            fix = "raise it, or plan when tasks start again"
            yield refuse((*where, "scheduled", name, "min"), what, got=0, allowed="1 or more", fix=fix)
    if scaling.max == 0 and not any(one.max for one in changes.values()):
        what, fix = "no task ever runs", "raise it"
        yield refuse((*where, "max"), what, got=0, allowed="1 or more", fix=fix)
    elif changes and not any(one.max for one in changes.values()):
        name = next(iter(changes))
        what, fix = "no task runs from then on, and nothing raises it again", "raise it, or plan when tasks start again"
        yield refuse((*where, "scheduled", name, "max"), what, got=0, allowed="1 or more", fix=fix)


@of_each_service
def capacity(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Tasks run on something, and on FARGATE as many as an objective or the load balancer needs."""
    split, where = service.capacity, (*path, "capacity")
    if split.fargate_weight == split.spot_weight == 0:
        fix = "give one of the two a weight"
        yield refuse((*where, "fargate_weight"), "both weights are 0", got=0, allowed="1 to 1000", fix=fix)
    need = service.promised
    if split.spot_weight and split.base < need:
        why = "always_running asks for" if service.always_running else "the load balancer needs"
        what = f"less than {why}: Spot may be taken away or not be had, and nothing runs in its place"
        fix = "raise it, or leave spot_weight out"
        yield refuse((*where, "base"), what, got=split.base, allowed=f"{need} or more", fix=fix)


@of_each_service
def replaceable(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Whatever the number of tasks, a deployment may start one before it ends another, or end one before.

    ECS rounds the most down and the fewest up (ECS API, `DeploymentConfiguration`).
    """
    scaling, how = service.scaling, service.deployment
    first, last = (scaling.min, scaling.max) if scaling else (service.desired, service.desired)
    for tasks in range(max(1, first), last + 1):
        most, fewest = tasks * how.maximum_percent // 100, -(-tasks * how.minimum_healthy_percent // 100)
        if most <= tasks and fewest >= tasks:
            what = f"of {tasks} tasks none may be ended and none more started: no deployment ever ends"
            got, allowed = how.maximum_percent, f"{-(-100 * (tasks + 1) // tasks)} or more"
            fix = "raise it, or lower minimum_healthy_percent"
            yield refuse((*path, "deployment", "maximum_percent"), what, got=got, allowed=allowed, fix=fix)
            return


@of_each_service
def time_outs(_: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Health checks end before the next begins; on Spot a task has left the load balancer before it is killed."""
    checks = {(*path, name): target for name, target in service.targets.items()}
    for where, check in (*checks.items(), ((*path, "task", "health"), service.task.health)):
        if check is not None and check.timeout_seconds >= check.interval_seconds:
            allowed, got = f"less than {check.interval_seconds}", check.timeout_seconds
            what = "not over before the next health check"
            yield refuse((*where, "timeout_seconds"), what, got=got, allowed=allowed, fix="lower it")
    stop = service.task.stop_timeout_seconds
    for where, target in checks.items() if service.capacity.spot_weight else ():
        if target.deregistration_delay_seconds >= stop:
            what = f"an interrupted task is killed after {stop} s, with requests that it still has"
            got, fix = target.deregistration_delay_seconds, "lower it, or raise task.stop_timeout_seconds (120 at most)"
            late = (*where, "deregistration_delay_seconds")
            yield refuse(late, what, got=got, allowed=f"less than {stop}", fix=fix)


@of_each_service
def connected(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Who connects to a service finds a port, and is a service of the stack."""
    asking = [*service.targets, *(["clients"] if service.clients else [])]
    if asking and service.port is None:
        what, fix = f"needed by {' and '.join(asking)}", "say on which port the container listens"
        yield refuse((*path, "port"), what, got=NOTHING, allowed="1 to 65535", fix=fix)
    others = [name for name in config.services if name != path[-1]]
    for at, client in enumerate(service.clients):
        if client not in others:
            allowed = ", ".join(others)
            where = (*path, "clients", at)
            yield refuse(where, "no other service of this stack", got=client, allowed=allowed, fix="choose one of them")


@of_each_service
def zones(config: StackConfig, path: Path, service: Service) -> Iterator[Problem]:
    """Fargate, and its ARM64, is to be had in the zones of the network."""
    region, used = regions()[config.identity.region], present(config.network).zones
    arm = service.task.size.architecture == "ARM64"
    lacking = sorted(one for one in WITHOUT | (WITHOUT_ARM64 if arm else set()) if one.startswith(f"{region.prefix}-"))
    named = [zone for zone in used if zone in region.ids and region.zone_id(region.ids[zone]) in lacking]
    spare = len(region.letters) - len(lacking)
    if named or (lacking and region.own_letters and len(used) > spare):
        what = f"Fargate{' has no ARM64' if arm else ' is not to be had'} in {', '.join(lacking)}"
        fix = "leave a zone of network.zones out, or choose X86_64" if arm else "leave a zone of network.zones out"
        where = (*path, "task", "size", "architecture")
        got = service.task.size.architecture
        yield refuse(where, what, got=got, allowed=f"{spare} zones of {region.code}", fix=fix)


RULES: Final = (pairs, counts, moved, planned, capacity, replaceable, time_outs, connected, zones)
