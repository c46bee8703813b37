"""What EC2 Auto Scaling refuses of a group: counts, templates, mixes, zones and target groups that cannot be."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_region
from ministack.services import alb, autoscaling, ec2

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.emulator.patches.base import Params, Response

SPOT_STRATEGIES: Final = (
    "lowest-price",
    "capacity-optimized",
    "capacity-optimized-prioritized",
    "price-capacity-optimized",
)
ON_DEMAND_STRATEGIES: Final = ("prioritized", "lowest-price")
_WHOLE: Final = 100
_HEALTH: Final = ("EC2", "ELB", "EBS", "VPC_LATTICE")


def refused(message: str, code: str = "ValidationError") -> Response:
    """Return the answer of a request that is refused."""
    answer: Response = autoscaling._error(code, message)
    return answer


def template_of(group: Mapping[str, Any]) -> dict[str, Any]:
    """Return the launch template that a group's instances start by, and its version; empty where it has none."""
    mixed = group.get("Beyond", {}).get("MixedInstancesPolicy", {})
    found: dict[str, Any] = mixed.get("LaunchTemplate", {}).get("LaunchTemplateSpecification", group["LaunchTemplate"])
    return found


def refusal(params: Params, group: Mapping[str, Any]) -> Response | None:
    """Return what is wrong with a request to make or change a group; None = nothing.

    Args:
        params: The request.
        group: The group as it is; empty = it is to be made.
    """
    checks: tuple[Callable[[Params, Mapping[str, Any]], Response | None], ...] = (
        _counts,
        _launched,
        _mixed,
        _zones,
        _health,
        lambda given, _: target_groups(autoscaling._parse_member_list(given, "TargetGroupARNs")),
    )
    return next((problem for check in checks if (problem := check(params, group)) is not None), None)


def _counts(params: Params, group: Mapping[str, Any]) -> Response | None:
    def count(name: str, otherwise: str) -> int:
        return int(autoscaling._p(params, name) or group.get(name, otherwise) or 0)

    if not group and not (autoscaling._p(params, "MinSize") and autoscaling._p(params, "MaxSize")):
        return refused("MinSize and MaxSize are required")
    low, high = count("MinSize", "0"), count("MaxSize", "0")
    if low > high:
        return refused(f"Max bound, {high}, must be greater than or equal to min bound, {low}")
    asked = autoscaling._p(params, "DesiredCapacity")
    if asked and not low <= int(asked) <= high:
        return refused(f"Desired capacity:{asked} must be between the specified min size:{low} and max size:{high}")
    return None


def _launched(params: Params, group: Mapping[str, Any]) -> Response | None:
    paths = ("LaunchTemplate", "MixedInstancesPolicy")
    given = [one for one in paths if autoscaling._parse_nested(params, one)]
    given += [one for one in ("LaunchConfigurationName", "InstanceId") if autoscaling._p(params, one)]
    if len(given) > 1 or not (given or group):
        return refused(
            "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or "
            "MixedInstancesPolicy parameter."
        )
    if given == ["LaunchTemplate"]:
        return _template(autoscaling._parse_nested(params, "LaunchTemplate"))
    return None


def _template(named: Mapping[str, str]) -> Response | None:
    invalid = "You must use a valid fully-formed launch template."
    identity, name = named.get("LaunchTemplateId"), named.get("LaunchTemplateName")
    if bool(identity) is bool(name):
        return refused("Valid requests must contain either launchTemplateId or LaunchTemplateName")
    templates = ec2._launch_templates.values()
    found = next(
        (one for one in templates if identity == one["LaunchTemplateId"] or name == one["LaunchTemplateName"]), None
    )
    if found is None:
        what = f"with template ID {identity}," if identity else f"with template name {name},"
        return refused(f"{invalid} The specified launch template, {what} does not exist.")
    version = str(named.get("Version") or "$Default")
    aliases = {"$Default": found["DefaultVersionNumber"], "$Latest": found["LatestVersionNumber"]}
    number = str(aliases.get(version, version))
    data = next((one for one in found["Versions"] if str(one["VersionNumber"]) == number), None)
    if data is None:
        return refused(f"{invalid} The specified launch template version {version} does not exist.")
    if not data["LaunchTemplateData"].get("ImageId"):
        return refused(f"{invalid} The request must contain the parameter ImageId")
    return None


def _mixed(params: Params, _: Mapping[str, Any]) -> Response | None:
    policy = autoscaling._parse_nested(params, "MixedInstancesPolicy")
    if not policy:
        return None
    template, split = policy.get("LaunchTemplate", {}), policy.get("InstancesDistribution", {})
    types = [one.get("InstanceType") for one in template.get("Overrides", [])]
    if len(types) != len(set(types)):
        return refused("Each launch template override must have a unique instance type")
    return _split(split) or _template(template.get("LaunchTemplateSpecification", {}))


def _split(split: Mapping[str, str]) -> Response | None:
    strategies = {"SpotAllocationStrategy": SPOT_STRATEGIES, "OnDemandAllocationStrategy": ON_DEMAND_STRATEGIES}
    for key, allowed in strategies.items():
        if split.get(key) and split[key] not in allowed:
            return refused(f"{key} {split[key]} is not supported; valid values are: {', '.join(allowed)}")
    if split.get("SpotInstancePools") and split.get("SpotAllocationStrategy") != "lowest-price":
        return refused("SpotInstancePools can only be specified for the lowest-price allocation strategy")
    if not 0 <= int(split.get("OnDemandPercentageAboveBaseCapacity", _WHOLE)) <= _WHOLE:
        return refused("OnDemandPercentageAboveBaseCapacity must be between 0 and 100")
    return None


def _zones(params: Params, group: Mapping[str, Any]) -> Response | None:
    named = autoscaling._parse_member_list(params, "AvailabilityZones")
    subnets = [one for one in autoscaling._p(params, "VPCZoneIdentifier").split(",") if one]
    if not (named or subnets or group):
        return refused("At least one Availability Zone or VPC Subnet is required.")
    for one in subnets:
        if one not in ec2._subnets:
            return refused(f"The subnet ID '{one}' does not exist")
    for one in named:
        if not one.startswith(get_region()) or len(one) != len(get_region()) + 1:
            return refused(f"Invalid availability zones: [{one}]")
    return None


def _health(params: Params, _: Mapping[str, Any]) -> Response | None:
    for kind in filter(None, autoscaling._p(params, "HealthCheckType").split(",")):
        if kind not in _HEALTH:
            return refused(f"Invalid HealthCheckType {kind}; valid values are: {', '.join(_HEALTH)}")
    return None


def target_groups(arns: list[str]) -> Response | None:
    """Return what is wrong with target groups that a group is put behind; None = nothing."""
    for arn in arns:
        found = alb._tgs.get(arn)
        if found is None:
            return refused("Provided Target Groups may not be valid. Please ensure they exist and try again.")
        if found.get("TargetType", "instance") != "instance":
            return refused(f"Target group {arn} has target type {found['TargetType']}; instances need type instance")
    return None
