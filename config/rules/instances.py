"""Groups of instances: counts, types, zones and start, judged together; what they name is there, and has room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.instances import table
from config.facts.limits import INSTANCE_ENDPOINTS, USER_DATA_BYTES
from config.facts.metrics import INSTANCE_FAMILIES
from config.problems import HIDDEN, NOTHING, Path, Problem, refuse
from config.room import other_addresses, smallest
from config.rules.each import of_each
from config.rules.offers import EC2, in_each_zone, offered
from config.rules.tasks import known_images, measured, role_resources, secret_there, unmeasured
from config.secrecy import is_secret_value, names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.instances import InstanceGroup
    from config.stack import StackConfig

INSTANCES: Final[Path] = ("instances",)
_ADDED_BYTES: Final = 4096
"""Bytes of user data that the program keeps for what it writes itself: places, the agent of logs."""
_OWN: Final = ("AWS_REGION", "LOG_GROUP")
"""Variables that the program sets on every instance."""

_ASSIGNED: Final = re.compile(r"""([A-Za-z_][A-Za-z0-9_-]*)[=:]\s*['"]?([^\s'"$`({]{3,})""")
"""A name that a line of a shell gives a text of its own, and not that of a variable or of a command."""
_BY_ARN: Final = "put it into Secrets Manager, replace what is burnt, and read it by the ARN in a variable"

of_each_group: Final = of_each(INSTANCES, lambda config: config.instances)
"""Makes a rule on one group one on all of them."""


@of_each_group
def counts(_: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """Counts are in order, and something can be measured where it is to move them."""
    scaling = group.scaling
    if not scaling.min <= scaling.desired <= scaling.max:
        counted, fix = f"{scaling.min}, {scaling.desired}, {scaling.max}", "put the three counts in order"
        allowed = "min <= desired <= max"
        yield refuse((*path, "scaling"), "counts out of order", got=counted, allowed=allowed, fix=fix)
    if scaling.moved and scaling.min == 0:
        what = "no instance, no utilisation and no request: nothing ever starts one again"
        yield refuse((*path, "scaling", "min"), what, got=0, allowed="1 or more", fix="raise it")
    if scaling.requests_per_target and group.target is None:
        where, got = (*path, "scaling", "requests_per_target"), scaling.requests_per_target
        what, fix = "needs target: the load balancer counts requests", "add one, or leave this out"
        yield refuse(where, what, got=got, allowed="beside target", fix=fix)
    if group.target is not None and scaling.min < group.promised:
        what = "the load balancer would have nobody to send requests to"
        yield refuse(
            (*path, "scaling", "min"), what, got=scaling.min, allowed=f"{group.promised} or more", fix="raise it"
        )


@of_each_group
def types(config: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """Types are sold where they are wanted, and of the architecture of the image, with as many GPUs each."""
    for at, one in enumerate(group.instance_types):
        yield from offered(config, EC2, (*path, "instance_types", at), one)
    known = [table()[one] for one in group.instance_types if one in table()]
    built = group.image.architecture
    for at, one in enumerate(group.instance_types):
        if one in table() and table()[one].architecture != built:
            what, fix = f"the image is of {built}", "choose a type or an image of the same architecture"
            where = (*path, "instance_types", at)
            yield refuse(where, what, got=f"{one} {table()[one].architecture}", allowed=f"types of {built}", fix=fix)
    if len({one.gpus for one in known}) > 1:
        got = ", ".join(f"{one.name} {one.gpus}" for one in known)
        what, fix = "mixed GPU counts, and one start for all", "split the group"
        yield refuse((*path, "instance_types"), what, got=got, allowed="one count of GPUs", fix=fix)


@of_each_group
def zones(config: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """Zones are those of the network, two at least behind the load balancer, and each sells one of the types."""
    there = present(config.network).zones
    for at, zone in enumerate(group.zones):
        if zone not in there:
            fix = "choose others, or add this one to network.zones"
            yield refuse((*path, "zones", at), "no zone of the network", got=zone, allowed=", ".join(there), fix=fix)
    used = group.zones or there
    if group.target is not None and len(used) < 2:  # noqa: PLR2004 - one is lost, one is left
        what, fix = "one zone alone, whose loss leaves nobody to answer", "add a zone"
        yield refuse((*path, "zones"), what, got=list(used), allowed="two zones or more", fix=fix)
    yield from in_each_zone(config, path, group)


@of_each_group
def capacity(_: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """As many are On-Demand as the load balancer needs, and no more than there may be."""
    split, where = group.capacity, (*path, "capacity", "base")
    if split.spot and split.base < group.promised:
        what = "less than the load balancer needs: Spot may be taken away or not be had, and nothing runs in its place"
        fix = "raise it, or write on_demand_percent: 100"
        yield refuse(where, what, got=split.base, allowed=f"{group.promised} or more", fix=fix)
    if split.base > group.scaling.max:
        fix, allowed = "lower it, or raise scaling.max", f"at most {group.scaling.max}"
        yield refuse(where, "more than there may be", got=split.base, allowed=allowed, fix=fix)


@of_each_group
def connected(_: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """Who is sent requests has a port, and a port somebody who comes to it; health checks end before the next."""
    target = group.target
    if (group.port is None) is not (target is None):
        what = "needed by target" if group.port is None else "nobody is let in: only the load balancer of a target is"
        got = NOTHING if group.port is None else group.port
        fix = "say on which port the instances listen" if group.port is None else "add `target`, or leave it out"
        yield refuse((*path, "port"), what, got=got, allowed="both, or neither", fix=fix)
    if target is not None and target.timeout_seconds >= target.interval_seconds:
        what, got = "not over before the next health check", target.timeout_seconds
        where, allowed = (*path, "target", "timeout_seconds"), f"less than {target.interval_seconds}"
        yield refuse(where, what, got=got, allowed=allowed, fix="lower it")


@of_each_group
def names(config: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """No service has the group's name, and each variable has one source."""
    if path[-1] in config.services:
        what, fix = "a service of containers has this name, and both would have one target group", "rename one of them"
        yield refuse(path, what, got=NOTHING, allowed="a name of its own", fix=fix)
    taken = {**dict.fromkeys(group.places(), "the program"), **dict.fromkeys(_OWN, "the program")}
    for part in ("environment", "images", "secrets"):
        for name in getattr(group, part):
            if name in taken:
                what, fix = f"set by {taken[name]}, too", "drop it, or rename it"
                yield refuse((*path, part, name), what, got=NOTHING, allowed="a name of its own", fix=fix)
            taken[name] = part


@of_each_group
def resources(config: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """What the group names is of the stack, and the database lets in who logs in."""
    yield from role_resources(config, (*path, "role"), group.role)
    for name, secret in group.secrets.items():
        yield from secret_there(config, (*path, "secrets", name), secret)
    if config.registry is not None:
        images = {("images", variable): image for variable, image in group.images.items()}
        yield from known_images(config, path, images)
    if group.role.database is not None and "postgres" not in group.reaches:
        what, got = "needs postgres: instances log in there (role.database)", list(group.reaches)
        yield refuse((*path, "reaches"), what, got=got, allowed="postgres among them", fix="add postgres")


@of_each_group
def start(_: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """The script of the first boot is no longer than EC2 takes, with what the program adds."""
    variables = {**group.environment, **group.images}
    texts = (*group.start, *(f"{name}='{value}'" for name, value in variables.items()))
    size, most = sum(len(one.encode()) + 1 for one in texts), USER_DATA_BYTES - _ADDED_BYTES
    if size > most:
        what = (
            f"with its variables it comes to {size} bytes, and EC2 takes {USER_DATA_BYTES} with what the program adds"
        )
        fix = "keep the script in a bucket or an image, and fetch it"
        yield refuse((*path, "start"), what, got=f"{size} bytes", allowed=f"{most} bytes", fix=fix)


@of_each_group
def plain_secrets(_: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """No line sets a variable that is called like a secret to a text; whatever looks like one is refused anyway."""
    for at, line in enumerate(group.start):
        if any(names_secret(name) and is_secret_value(text) for name, text in _ASSIGNED.findall(line)):
            what, fix = "secret in plain text, which anybody reads who may describe the launch template", _BY_ARN
            allowed = "no secret; its ARN, by `secrets`"
            yield Problem(path=(*path, "start", at), what=what, got=HIDDEN, allowed=allowed, fix=fix)


@of_each_group
def reports(config: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """Instances reach Systems Manager, their log and what they start with, by NAT or by endpoints."""
    network = present(config.network)
    tier = network.tier("private", group.tier)
    if network.tiers[tier].internet != "none":
        return
    wanted = {
        **dict.fromkeys(INSTANCE_ENDPOINTS, True),
        **dict.fromkeys(("ecr.api", "ecr.dkr"), bool(group.images)),
        "secretsmanager": bool(group.secrets),
        "sqs": bool(group.role.queues),
    }
    missing = [one for one, needed in wanted.items() if needed and one not in network.endpoints.interface]
    missing += [] if "s3" in network.endpoints.gateway else ["s3 (network.endpoints.gateway)"]
    if missing:
        what = f"instances in tier {tier}, which has no way to the internet, cannot reach {', '.join(missing)}"
        fix = "add them to network.endpoints, or give the tier `internet: nat`"
        yield refuse((*path, "tier"), what, got=tier, allowed="a tier with NAT, or endpoints for these", fix=fix)


@of_each_group
def rollback_alarms(config: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """Alarms that roll a group back are rows that are measured on groups of instances."""
    known = measured(config, INSTANCE_FAMILIES)
    for at, name in enumerate(group.refresh.alarms):
        where = (*path, "refresh", "alarms", at)
        if name not in known:
            of = "groups of instances, whose source begins with instances_, service_target or service_unhealthy"
            yield unmeasured(config, where, name, known, of)
        elif known[name].of == "service_target" and group.target is None:
            fix = "add `target`, or leave it out"
            yield refuse(where, "measured at the load balancer", got=name, allowed="beside target", fix=fix)


@of_each_group
def addresses(config: StackConfig, path: Path, group: InstanceGroup) -> Iterator[Problem]:
    """The tier has an address for every instance, and for what else lives there, while a zone is lost."""
    network = present(config.network)
    tier = network.tier("private", group.tier)
    room, held = smallest(config, tier), other_addresses(config, tier)
    if held > room:
        what = f"with all that runs in tier {tier} they take {held} of {room} addresses of a subnet"
        fix = f"widen network.tiers.{tier}.cidrs, or lower it"
        where = (*path, "scaling", "max")
        yield refuse(where, what, got=group.scaling.max, allowed=f"{room} addresses", fix=fix)


RULES: Final = (
    counts,
    types,
    zones,
    capacity,
    connected,
    names,
    resources,
    start,
    plain_secrets,
    reports,
    rollback_alarms,
    addresses,
)
