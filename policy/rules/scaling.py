"""What grows with its load: in several zones, by templates, by what a load balancer finds, under the stack's tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Severity, resource_rule, stack_rule
from policy.tokens import SCALING_GROUPS
from policy.values import Mark, UnknownValueError, listed, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings


@resource_rule(
    "asg-multi-az",
    on=SCALING_GROUPS,
    severity=Severity.MEDIUM,
    controls=("AutoScaling.2",),
    remediation="name subnets in two zones or more by vpc_zone_identifiers",
    guards=("vpcZoneIdentifiers", "availabilityZones"),
)
def several_zones(group: Resource, _settings: Settings) -> Iterator[str]:
    """Scaling groups span zones.

    Subnets that are made in the same update are counted, though nobody knows their ids yet.
    """
    for key in ("vpcZoneIdentifiers", "availabilityZones"):
        if group.has(key):
            if len(listed(group.get(key))) == 1:
                yield f"{key} names one; allowed: two or more"
            return
    yield "vpcZoneIdentifiers is not set; allowed: subnets in two zones or more"


@resource_rule(
    "asg-launch-template",
    on=SCALING_GROUPS,
    severity=Severity.MEDIUM,
    controls=("AutoScaling.9", "CKV_AWS_315"),
    remediation="name a launch_template, or a mixed_instances_policy with one",
    guards=("launchConfiguration",),
)
def by_template(group: Resource, _settings: Settings) -> Iterator[str]:
    """Scaling groups launch by a template.

    A launch configuration knows neither newer instance types nor the metadata service's second version by default.
    """
    if group.has("launchConfiguration") or not (group.has("launchTemplate") or group.has("mixedInstancesPolicy")):
        yield "launchTemplate and mixedInstancesPolicy are not set; allowed: one of them"


@stack_rule(
    "asg-elb-health-check",
    on=SCALING_GROUPS,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("AutoScaling.1", "CKV2_AWS_15"),
    remediation="set health_check_type to ELB",
    guards=("healthCheckType",),
)
def replaces_unhealthy(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Scaling groups replace what the load balancer finds unhealthy.

    A group has a load balancer by its own inputs, or by an attachment.
    """
    attachments = stack.of(("aws:autoscaling/attachment:Attachment",))
    for group in stack.of(SCALING_GROUPS):
        balanced = any(group.has(key) for key in ("targetGroupArns", "loadBalancers", "trafficSources"))
        balanced = balanced or any(each.refers_to(group, "autoscalingGroupName") for each in attachments)
        if balanced and (found := group.get("healthCheckType")) != "ELB":
            yield Breach(group, f"healthCheckType is {show(found)}; allowed: ELB")


@resource_rule(
    "asg-tags-reach-instances",
    on=SCALING_GROUPS,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("AutoScaling.10", "NIST-CM-8"),
    remediation="name the stack's tags in tags, each with propagate_at_launch",
    guards=("tags",),
)
def tags_reach(group: Resource, _settings: Settings) -> Iterator[str]:
    """Scaling groups are tagged, and hand their tags to the instances that they launch.

    The provider's default tags reach neither, so that nobody knows whose an instance is, or who pays for it.
    """
    if not group.has("tags"):
        yield "tags is not set; allowed: tags that reach instances"
        return
    for where, value in group.each("tags.propagateAtLaunch"):
        if value is Mark.UNKNOWN:
            raise UnknownValueError(where)
        if value is not True:
            yield f"{where} is {show(value)}; allowed: true"


RULES: Final[tuple[Rule, ...]] = (several_zones, by_template, replaces_unhealthy, tags_reach)
