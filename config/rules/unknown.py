"""What the data of config/facts does not know of a valid stack file: path, what is not known, who knows it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError, present
from config.facts.fargate import WITHOUT, WITHOUT_ARM64
from config.facts.http_api import LINK_ZONES
from config.facts.instances import table
from config.facts.names import budget_services, linked_role_services, postgres_parameters
from config.facts.offers import UNKNOWN_ZONES
from config.facts.regions import EKS_WITHOUT, regions
from config.problems import Path
from config.rules.closed_lists import PARAMETERS, unknown_extension
from config.rules.offers import CACHE, EC2, GROUPS, RDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.stack import StackConfig

Unknown = tuple[Path, str, str]
"""Path, what is not known, who knows it."""

_ZONES: Final = "aws ec2 describe-availability-zones --region {region} --query 'AvailabilityZones[].[ZoneName,ZoneId]'"
_TYPES: Final = (
    "aws ec2 describe-instance-type-offerings --region {region} --location-type availability-zone "
    "--filters Name=instance-type,Values={name}"
)


def zone_letters(config: StackConfig) -> Iterator[Unknown]:
    """Which zones the letters mean, where accounts differ and something is not to be had in every zone."""
    region = regions()[config.identity.region]
    if not region.own_letters or len(present(config.network).zones) == len(region.letters) == len(region.numbers):
        return
    groups = present(config.cluster).node_groups.values()
    lacking: dict[str, list[str]] = {one: ["EKS"] for one in sorted(EKS_WITHOUT) if one.startswith(f"{region.prefix}-")}
    sold = EC2.sold(region.code) or {}
    names = {one for group in groups for one in group.instance_types}
    for name in sorted(names & sold.keys()):
        for number in region.numbers if sold[name] != UNKNOWN_ZONES else ():
            if number not in sold[name]:
                lacking.setdefault(region.zone_id(number), []).append(name)
    if lacking:
        what = "; ".join(f"{zone} has no {', '.join(names)}" for zone, names in sorted(lacking.items()))
        yield (
            ("network", "zones"),
            f"letters mean other zones in other accounts: whether these are spared is unknown: {what}",
            _ZONES.format(region=region.code),
        )


def task_zones(config: StackConfig) -> Iterator[Unknown]:
    """Which zones the letters mean, where Fargate or its ARM64 is not in every zone."""
    region, used = regions()[config.identity.region], present(config.network).zones
    services = config.services.values()
    pods = config.cluster is not None and bool(config.cluster.fargate_profiles)
    if not region.own_letters or not (services or pods):
        return
    arm = any(service.task.size.architecture == "ARM64" for service in services)
    for zones, what in ((WITHOUT, "Fargate"), (WITHOUT_ARM64 if arm else (), "ARM64 on Fargate")):
        lacking = sorted(one for one in zones if one.startswith(f"{region.prefix}-"))
        if lacking and len(used) <= len(region.letters) - len(lacking):
            why = (
                f"letters mean other zones in other accounts: whether these are spared is unknown: {', '.join(lacking)}"
            )
            yield ("network", "zones"), f"{why} has no {what}", _ZONES.format(region=region.code)


def api_zones(config: StackConfig) -> Iterator[Unknown]:
    """Which zones the letters mean, where VPC links do not stand in every zone."""
    region, there = regions()[config.identity.region], LINK_ZONES.get(config.identity.region, ())
    lacking = [region.zone_id(one) for one in region.numbers if region.zone_id(one) not in there]
    if config.api is not None and config.api.leads_inside and region.own_letters and lacking:
        why = f"letters mean other zones in other accounts: whether these are spared is unknown: {', '.join(lacking)}"
        yield ("network", "zones"), f"{why} has no VPC links", _ZONES.format(region=region.code)


def node_types(config: StackConfig) -> Iterator[Unknown]:
    """Zones that sell a type, and its size."""
    region = regions()[config.identity.region]
    sold = EC2.sold(region.code)
    for name, group in present(config.cluster).node_groups.items():
        for at, one in enumerate(group.instance_types):
            path = (*GROUPS, name, "instance_types", at)
            ask = _TYPES.format(region=region.code, name=one)
            if sold is None or sold.get(one) == UNKNOWN_ZONES:
                yield path, f"in which zones of {region.code} {one} is offered is unknown", ask
            elif one in sold and any(_lacks(region.ids.get(zone), sold[one]) for zone in present(config.network).zones):
                zones = [zone for zone in present(config.network).zones if _lacks(region.ids.get(zone), sold[one])]
                what = f"{one} is not offered in zone {', '.join(zones)}; the group's other types serve there"
                yield path, what, ask
            if one not in table():
                what = f"the size of {one} is unknown: addresses, volumes and images are not judged"
                yield path, what, f"aws ec2 describe-instance-types --instance-types {one}"


def _lacks(number: str | None, sold: str) -> bool:
    return number is not None and number not in sold


def databases(config: StackConfig) -> Iterator[Unknown]:
    """Classes where no source lists what a region sells, and the zones of a replica's class."""
    region, postgres = config.identity.region, present(config.postgres)
    rds: Path = ("data", "postgres")
    ask = f"aws rds describe-orderable-db-instance-options --engine postgres --region {region}"
    if RDS.sold(region) is None:
        yield (*rds, "instance_class"), f"which classes RDS has in {region} is unknown", ask
    elif postgres.replicas:
        yield (*rds, "replicas"), f"in which zones of {region} RDS has a class is unknown", ask


def bursts(config: StackConfig) -> Iterator[Unknown]:
    """How long a database needs more IOPS than its class does at length."""
    postgres = present(config.postgres)
    twin, wanted = table().get(postgres.instance_class.removeprefix("db.")), postgres.storage.iops
    if wanted is not None and twin is not None and 0 < twin.iops < wanted:
        what = (
            f"{postgres.instance_class} does {twin.iops} at length, and {wanted} for half an hour a day: whether that"
        )
        yield (
            ("data", "postgres", "storage", "iops"),
            f"{what} is enough is unknown",
            "the metric EBSIOBalance% of its instances, once they serve",
        )


def caches(config: StackConfig) -> Iterator[Unknown]:
    """Node types where no source lists what a region sells."""
    region = config.identity.region
    if config.redis is not None and CACHE.sold(region) is None:
        yield (
            ("data", "redis", "node_type"),
            f"which node types ElastiCache has in {region} is unknown",
            (f"aws elasticache describe-reserved-cache-nodes-offerings --region {region}"),
        )


def brokers(config: StackConfig) -> Iterator[Unknown]:
    """Types of brokers, which no source lists by region."""
    region, streaming = config.identity.region, present(config.streaming)
    ask = f"https://aws.amazon.com/msk/pricing/, for {region}"
    kind = streaming.brokers.instance_type
    yield ("streaming", "brokers", "instance_type"), f"whether MSK has {kind} in {region} is unknown", ask


def extensions(config: StackConfig) -> Iterator[Unknown]:
    """Parameters of extensions that the list of parameters does not have."""
    postgres = present(config.postgres)
    major = int(postgres.engine_version.partition(".")[0])
    for name in postgres.parameters:
        if unknown_extension(name, postgres_parameters(major)):
            yield (
                (*PARAMETERS, name),
                f"whether RDS has this parameter for PostgreSQL {major} is unknown",
                f"aws rds describe-engine-default-parameters --db-parameter-group-family postgres{major}",
            )


def services(config: StackConfig) -> Iterator[Unknown]:
    """Services of budgets and of service-linked roles that no list has, and that are like none of its names."""
    for name, budget in config.cost.budgets.items() if config.cost else ():
        for at, service in enumerate(budget.services):
            if service not in budget_services():
                what = "whether Cost Explorer calls a service so is unknown; a budget of no service counts nothing"
                ask = "aws ce get-dimension-values --dimension SERVICE --time-period Start=...,End=..."
                yield ("cost", "budgets", name, "services", at), what, ask
    account = config.audit.account if config.audit else None
    for at, service in enumerate(account.service_linked_roles if account else ()):
        if service not in linked_role_services():
            what = "whether this service has a service-linked role is unknown"
            yield ("audit", "account", "service_linked_roles", at), what, "the service's own guide on its role"


def opt_in(config: StackConfig) -> Iterator[Unknown]:
    """Whether the account has the region at all."""
    region = regions()[config.identity.region]
    if region.opt_in:
        yield (
            ("identity", "region"),
            f"accounts must opt in to {region.code}; whether this one did is unknown",
            f"aws account get-region-opt-status --region-name {region.code}",
        )


def _whole(rule: Callable[[StackConfig], Iterator[Unknown]]) -> Callable[[StackConfig], Iterator[Unknown]]:
    """Return a rule that ends where a part it needs is missing."""

    def judge(config: StackConfig) -> Iterator[Unknown]:
        with suppress(IncompleteError):
            yield from rule(config)

    return judge


NOTES: Final = tuple(
    _whole(rule)
    for rule in (
        opt_in,
        zone_letters,
        task_zones,
        api_zones,
        node_types,
        databases,
        bursts,
        caches,
        brokers,
        extensions,
        services,
    )
)
