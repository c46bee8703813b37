"""Who the load balancer sends requests to: target groups of pods, services and instances, and who gets the rest.

Not here: the pods that are bound to their group (kubernetes), the services, which register their tasks (containers),
and the groups of instances, which register theirs (instances).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import lb

from components.base import child, named
from components.edge.outputs import Targets
from components.edge.plan import HEALTHY_CODES
from components.edge.target_group import service_target_group
from config.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.balanced import Balanced
    from config.edge import Edge, ListenerRoute

NOTHING: Final[lb.ListenerDefaultActionArgsDict] = {
    "type": "fixed-response",
    "fixed_response": {"content_type": "text/plain", "status_code": "404", "message_body": "not found"},
}
"""Answer to what no rule takes where nobody says that it gets the rest."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A target group, and which requests it gets."""

    group: lb.TargetGroup
    """The group."""
    route: ListenerRoute | None
    """Which requests; None = all that no rule takes."""
    rule: str
    """Logical name of its rule, where it has one."""


def build_groups(
    parent: pulumi.Resource,
    name: str,
    settings: Edge,
    services: Mapping[str, Balanced],
    where: tuple[pulumi.Output[str], bool],
) -> dict[str, Group]:
    """Make a target group for each of the services that has a target, by its name, and one for pods, by an empty name.

    Args:
        parent: The edge's component.
        name: Its logical name.
        settings: The stack file's `edge`.
        services: Services and groups of instances of the stack by name.
        where: The VPC, and whether there are pods in it.
    """
    vpc_id, pods = where
    found: dict[str, Group] = {}
    if pods and settings.balancer is not None:
        group = _of_pods(parent, name, settings, vpc_id)
        found[""] = Group(group=group, route=settings.balancer.pods, rule=named(name, "pods-route"))
    for short, service in services.items():
        if service.target is not None:
            group = service_target_group(parent, named(name, f"to-{short}"), (service, service.target), vpc_id)
            found[short] = Group(group=group, route=service.target, rule=named(name, f"route-{short}"))
    return found


def _of_pods(parent: pulumi.Resource, name: str, settings: Edge, vpc_id: pulumi.Output[str]) -> lb.TargetGroup:
    """Make the group of pods; on the one port that the nodes' group opens to the load balancer."""
    balancer, asked = settings.balancer, settings.health_check
    health = balancer.target_health if balancer else None
    if balancer is None or health is None or asked is None:
        raise ValueError("edge.balancer: pods without `target_health` or `health_check`; config/rules refuses it")
    return lb.TargetGroup(
        named(name, "pods"),
        target_type="ip",
        protocol="HTTPS",
        port=Cluster.serves.port,
        vpc_id=vpc_id,
        deregistration_delay=balancer.deregistration_delay_seconds,
        health_check={
            "protocol": "HTTPS",
            "path": asked.path,
            "matcher": HEALTHY_CODES,
            "interval": health.interval_seconds,
            "timeout": health.timeout_seconds,
            "healthy_threshold": health.healthy_threshold,
            "unhealthy_threshold": health.unhealthy_threshold,
        },
        opts=child(parent),
    )


def takes_the_rest(group: Group) -> bool:
    """Tell whether a group gets what no rule takes."""
    return group.route is None or group.route.takes_all


def default_action(groups: Mapping[str, Group]) -> lb.ListenerDefaultActionArgsDict:
    """Return what the listener does with a request that no rule takes."""
    for one in groups.values():
        if takes_the_rest(one):
            return {"type": "forward", "target_group_arn": one.group.arn}
    return NOTHING


def build_rules(
    parent: pulumi.Resource, groups: Mapping[str, Group], listener_arn: pulumi.Output[str]
) -> dict[str, Targets]:
    """Make the rules of the listener; returns the groups as others may know them, by the same names."""
    return {short: _targets(parent, one, listener_arn) for short, one in groups.items()}


def _targets(parent: pulumi.Resource, one: Group, listener_arn: pulumi.Output[str]) -> Targets:
    led = listener_arn
    if one.route is not None and not takes_the_rest(one):
        led = lb.ListenerRule(
            one.rule,
            listener_arn=listener_arn,
            priority=one.route.priority,
            conditions=_conditions(one.route),
            actions=[{"type": "forward", "target_group_arn": one.group.arn}],
            opts=child(parent),
        ).arn
    # ECS, Auto Scaling and the controller of pods refuse a target group that no load balancer leads to yet
    arn = pulumi.Output.all(one.group.arn, led).apply(lambda arns: str(arns[0]))
    return Targets(arn=arn, suffix=one.group.arn_suffix)


def _conditions(route: ListenerRoute) -> list[lb.ListenerRuleConditionArgsDict]:
    paths: lb.ListenerRuleConditionArgsDict = {"path_pattern": {"values": list(route.paths)}}
    hosts: lb.ListenerRuleConditionArgsDict = {"host_header": {"values": list(route.hosts)}}
    return [paths, hosts] if route.hosts else [paths]
