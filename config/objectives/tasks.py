"""How services, groups of instances and Beanstalk come back when a zone is lost: steps, from their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts import recovery as known
from config.objectives.calls import LAUNCH_BEANSTALK, LAUNCH_INSTANCES, START
from config.objectives.step import Step, Steps, longest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.containers import Service
    from config.instances import InstanceGroup
    from config.network import TierName
    from config.stack import StackConfig

_SERVICES: Final = "containers.services"


def reckoned(config: StackConfig) -> dict[str, Service]:
    """Return the services that something is promised of, by name.

    Where nobody waits for an answer and all tasks are on Spot, which may not be had, nothing is promised: what such a
    service works on waits in a queue.
    """
    named = config.services.items()
    return {name: one for name, one in named if one.promised or one.capacity.base or one.capacity.fargate_weight}


def lost_with_zone(config: StackConfig, tiers: Iterable[TierName]) -> Steps:
    """Say that the way to the internet is lost with one zone: what starts anew pulls by it, and calls out."""
    network = present(config.network)
    if network.nat == "single" and any(network.tiers[tier].internet == "nat" for tier in tiers):
        return (Step.endless(f"the only NAT gateway stands in zone {network.zones[0]}, and is lost with it"),)
    return ()


def of_containers(config: StackConfig) -> Steps:
    """Return the longest way of a service until the lost zone's tasks run in another; the others answer meanwhile.

    ECS spreads tasks over the zones, and starts those of FARGATE anew. A subnet has addresses for all of them, or the
    file is refused.
    """
    found = [_of_service(config, name, service) for name, service in reckoned(config).items()]
    return longest(*found) if found else (Step.endless("all tasks are on Spot, which may not be had"),)


def _of_service(config: StackConfig, name: str, service: Service) -> Steps:
    tier = present(config.network).tier("private", service.tier)
    idle = service.promised > service.least
    return (
        _noticed(name, service),
        Step.known(f"new tasks of {name}", known.TASK_READY, START),
        *_healthy(name, service),
        *((Step.endless(f"{name} has no task to begin with"),) if idle else ()),
        *lost_with_zone(config, [tier]),
    )


def _noticed(name: str, service: Service) -> Step:
    """Return the time until ECS replaces lost tasks: by the checks of a load balancer, or those of the container."""
    path, what = f"{_SERVICES}.{name}", f"until tasks of {name} are missed"
    found = [
        Step.given(what, check.unhealthy_threshold * check.interval_seconds + check.timeout_seconds, f"{path}.{at}")
        for at, check in service.targets.items()
    ]
    return min(found, key=lambda step: step.seconds, default=Step.known(what, known.TASK_LOSS_NOTICED))


def _healthy(name: str, service: Service) -> Steps:
    """Return the time until every load balancer sends the new tasks requests."""
    found = [
        (
            Step.given(
                "health checks",
                check.healthy_threshold * check.interval_seconds,
                f"{_SERVICES}.{name}.{at}.healthy_threshold x interval_seconds",
            ),
        )
        for at, check in service.targets.items()
    ]
    return longest(*found)


def of_instances(config: StackConfig) -> Steps:
    """Return the longest way of a group until the lost zone's instances run in another; the others answer meanwhile."""
    return longest(*(_of_group(config, name, group) for name, group in config.instances.items()))


def _of_group(config: StackConfig, name: str, group: InstanceGroup) -> Steps:
    tier, path, check = present(config.network).tier("private", group.tier), f"instances.{name}", group.target
    noticed = Step.known(f"until instances of {name} are missed", known.INSTANCE_LOSS_NOTICED)
    if check is not None:
        seconds = check.unhealthy_threshold * check.interval_seconds + check.timeout_seconds
        noticed = Step.given(noticed.name, seconds, f"{path}.target")
    served = "their start" if check is None else "their start, and health checks"
    asked = check.healthy_threshold * check.interval_seconds if check is not None else 0
    alone = len(group.zones or present(config.network).zones) == 1
    return (
        noticed,
        Step.known(f"new instances of {name}", known.INSTANCE_READY, LAUNCH_INSTANCES),
        Step.given(served, group.scaling.warmup_seconds + asked, f"{path}.scaling.warmup_seconds"),
        *((Step.endless(f"{name} has one zone, and comes back with it"),) if alone else ()),
        *lost_with_zone(config, [tier]),
    )


def of_beanstalk(config: StackConfig) -> Steps:
    """Return the way until Auto Scaling has new instances in another zone."""
    tier = present(config.network).tier("private", present(config.beanstalk).tier)
    return (
        Step.known("until instances are missed", known.INSTANCE_LOSS_NOTICED),
        Step.known("new instances", known.APPLICATION_READY, LAUNCH_BEANSTALK),
        *lost_with_zone(config, [tier]),
    )
