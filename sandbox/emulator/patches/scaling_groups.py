"""Auto Scaling groups: mixed instances policies, target groups and warm-up are kept, and what AWS refuses is refused.

ministack takes any counts and any template, and drops what it does not know, so that each refresh finds a drift. Its
instances are entries of the group and no machines: nothing runs their user data, and no load balancer reaches them.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html, API_MixedInstancesPolicy.html,
API_StartInstanceRefresh.html, API_DeleteAutoScalingGroup.html (2026-12-01)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import new_uuid
from ministack.services import autoscaling, ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, add_action, wrap_action
from sandbox.emulator.patches.scaling_group_rules import refusal, refused, target_groups, template_of

if TYPE_CHECKING:
    from collections.abc import Callable

Group = dict[str, Any]
_GROUP: Final = re.compile(r"<AutoScalingGroupARN>[^<]*/([^</]*)</AutoScalingGroupARN>")
_KEPT: Final = {"CapacityRebalance": "false", "DefaultInstanceWarmup": "", "MaxInstanceLifetime": ""}
"""Plain members that ministack drops, and what they are where nobody says."""
_OK: Final = 200


def _keep(group: Group, params: Params) -> None:
    """Keep what ministack drops of a request."""
    beyond = group.setdefault("Beyond", dict(_KEPT))
    for name in _KEPT:
        if (given := autoscaling._p(params, name)) != "":
            beyond[name] = given
    mixed = autoscaling._parse_nested(params, "MixedInstancesPolicy")
    template = autoscaling._parse_nested(params, "LaunchTemplate")
    if mixed:
        beyond["MixedInstancesPolicy"], group["LaunchTemplate"] = mixed, {}
    elif template:
        group["LaunchTemplate"] = {"Version": "$Default", **template}
        beyond.pop("MixedInstancesPolicy", None)
    if policies := autoscaling._parse_member_list(params, "TerminationPolicies"):
        group["TerminationPolicies"] = policies
    _place(group)


def _place(group: Group) -> None:
    """Put the group, and its instances, into the zones of its subnets, with the template that they start by."""
    subnets = [one for one in group["VPCZoneIdentifier"].split(",") if one]
    zones = [ec2._subnets[one]["AvailabilityZone"] for one in subnets if one in ec2._subnets]
    group["AvailabilityZones"] = list(dict.fromkeys(zones)) or group["AvailabilityZones"]
    for at, instance in enumerate(group["Instances"]):
        instance["AvailabilityZone"] = group["AvailabilityZones"][at % len(group["AvailabilityZones"])]
        instance["LaunchTemplate"] = instance["LaunchTemplate"] or template_of(group)


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        if (problem := refusal(params, {})) is not None:
            return problem
        answer: Response = original(params)
        if answer[0] == _OK:
            group = autoscaling._asgs[autoscaling._p(params, "AutoScalingGroupName")]
            group["TargetGroupARNs"] = autoscaling._parse_member_list(params, "TargetGroupARNs")
            _keep(group, params)
        return answer

    return create


def _update(original: Handler) -> Handler:
    def update(params: Params) -> Response:
        group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
        if group is not None and (problem := refusal(params, group)) is not None:
            return problem
        answer: Response = original(params)
        if group is not None and answer[0] == _OK:
            _keep(group, params)
        return answer

    return update


def _describe(original: Handler) -> Handler:
    def beyond(match: re.Match[str]) -> str:
        group = autoscaling._asgs[match.group(1)]
        kept = {name: value for name, value in group.get("Beyond", {}).items() if value != ""}
        arns = group.get("TargetGroupARNs", [])
        sources = [{"Identifier": arn, "Type": "elbv2"} for arn in arns]
        shown = autoscaling._member_xml({**kept, "TargetGroupARNs": arns, "TrafficSources": sources})
        return f"{match.group()}{shown}"

    def describe(params: Params) -> Response:
        status, headers, body = original(params)
        return status, headers, _GROUP.sub(beyond, body.decode()).encode()

    return describe


def _set_desired(original: Handler) -> Handler:
    def change(params: Params) -> Response:
        group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
        asked = autoscaling._p(params, "DesiredCapacity")
        if group is not None and asked:
            low, high = group["MinSize"], group["MaxSize"]
            if not low <= int(asked) <= high:
                side = f"above max value {high}" if int(asked) > high else f"below min value {low}"
                return refused(f"New SetDesiredCapacity value {asked} is {side} for the AutoScalingGroup.")
        answer: Response = original(params)
        if group is not None:
            _place(group)
        return answer

    return change


def _delete(original: Handler) -> Handler:
    def delete(params: Params) -> Response:
        name = autoscaling._p(params, "AutoScalingGroupName")
        group = autoscaling._asgs.get(name)
        if group is None:
            return refused(f"AutoScalingGroup name not found - AutoScalingGroup: {name} not found")
        if group["Instances"] and autoscaling._p(params, "ForceDelete") != "true":
            said = (
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
            )
            return refused(f"{said}still in the group.", "ResourceInUse")
        answer: Response = original(params)
        return answer

    return delete


def _refresh(original: Handler) -> Handler:
    def start(params: Params) -> Response:
        group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
        back = autoscaling._p(params, "Preferences.AutoRollback") == "true"
        version = str(template_of(group).get("Version", "")) if group is not None else ""
        if back and version in ("$Latest", "$Default", ""):
            said = "AutoRollback needs a launch template version that is a number, and not $Latest or $Default"
            return refused(said)
        answer: Response = original(params)
        if group is not None and answer[0] == _OK:
            for instance in group["Instances"]:  # each is another one, by the template of now
                instance["InstanceId"] = f"i-{new_uuid().replace('-', '')[:17]}"
                instance["LaunchTemplate"] = template_of(group)
            group["InstanceRefreshes"][0]["InstancesToUpdate"] = 0
        return answer

    return start


def _targets(action: str, *, on: bool) -> Callable[[Params], Response]:
    """Make the action that puts a group behind target groups, or takes it away from them."""

    def change(params: Params) -> Response:
        group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
        if group is None:
            return refused("AutoScalingGroup name not found")
        asked = autoscaling._parse_member_list(params, "TargetGroupARNs")
        if on and (problem := target_groups(asked)) is not None:
            return problem
        have = [one for one in group.get("TargetGroupARNs", []) if one not in asked]
        group["TargetGroupARNs"] = [*have, *asked] if on else have
        answer: Response = autoscaling._xml(_OK, f"{action}Response", f"<{action}Result/>")
        return answer

    return change


def _apply() -> None:
    actions = autoscaling._ACTION_MAP
    wrap_action(actions, "CreateAutoScalingGroup", _create)
    wrap_action(actions, "UpdateAutoScalingGroup", _update)
    wrap_action(actions, "DescribeAutoScalingGroups", _describe)
    wrap_action(actions, "SetDesiredCapacity", _set_desired)
    wrap_action(actions, "DeleteAutoScalingGroup", _delete)
    wrap_action(actions, "StartInstanceRefresh", _refresh)
    for action, on in (("AttachLoadBalancerTargetGroups", True), ("DetachLoadBalancerTargetGroups", False)):
        add_action(actions, action, _targets(action, on=on))


PATCH = Patch("autoscaling-groups", "a group of several types, or behind a load balancer, shows drift at once", _apply)
