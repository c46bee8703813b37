"""Auto Scaling: policies and schedules are found by name; the metrics a group collects are kept and read back.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribePolicies.html, API_EnableMetricsCollection.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ministack.services import autoscaling

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, add_action, wrap_action

if TYPE_CHECKING:
    from collections.abc import Callable

_GROUP = re.compile(r"<AutoScalingGroupName>([^<]*)</AutoScalingGroupName>(?=<AutoScalingGroupARN>)")
_ACTION = re.compile(
    r"<member>(?:(?!</member>).)*<ScheduledActionName>([^<]*)</ScheduledActionName>.*?</member>", re.DOTALL
)
_METRICS = (
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
)
"""What a call that names no metric means."""


def _describe_policies(_: Handler) -> Handler:
    def describe(params: Params) -> Response:
        names = autoscaling._parse_member_list(params, "PolicyNames")
        types = autoscaling._parse_member_list(params, "PolicyTypes")
        group = autoscaling._p(params, "AutoScalingGroupName")
        found = [
            _complete(policy)
            for policy in autoscaling._policies.values()
            if (not group or policy["AutoScalingGroupName"] == group)
            and (not names or policy["PolicyName"] in names or policy["PolicyARN"] in names)
            and (not types or policy["PolicyType"] in types)
        ]
        members = "".join(f"<member>{autoscaling._member_xml(policy)}</member>" for policy in found)
        body = f"<DescribePoliciesResult><ScalingPolicies>{members}</ScalingPolicies></DescribePoliciesResult>"
        answer: Response = autoscaling._xml(200, "DescribePoliciesResponse", body)
        return answer

    return describe


def _complete(policy: dict[str, Any]) -> dict[str, Any]:
    shown = {"Enabled": True, "StepAdjustments": [], "Alarms": [], **policy}
    if "MinAdjustmentMagnitude" in policy:
        shown["MinAdjustmentStep"] = policy["MinAdjustmentMagnitude"]
    return shown


def _collect(action: str, *, on: bool) -> Callable[[Params], Response]:
    """Make the action that starts or ends the collection of metrics."""

    def change(params: Params) -> Response:
        name = autoscaling._p(params, "AutoScalingGroupName")
        group = autoscaling._asgs.get(name)
        if group is None:
            refusal: Response = autoscaling._error("ValidationError", f"AutoScalingGroup name not found - {name}")
            return refusal
        asked = set(autoscaling._parse_member_list(params, "Metrics") or _METRICS)
        collected = set(group.get("EnabledMetrics", []))
        group["EnabledMetrics"] = sorted(collected | asked if on else collected - asked)
        answer: Response = autoscaling._xml(200, f"{action}Response", f"<{action}Result/>")
        return answer

    return change


def _describe_groups(original: Handler) -> Handler:
    def metrics(match: re.Match[str]) -> str:
        enabled = autoscaling._asgs[match.group(1)].get("EnabledMetrics", [])
        members = "".join(
            f"<member><Metric>{metric}</Metric><Granularity>1Minute</Granularity></member>" for metric in enabled
        )
        return f"{match.group()}<EnabledMetrics>{members}</EnabledMetrics>"

    def describe(params: Params) -> Response:
        status, headers, body = original(params)
        return status, headers, _GROUP.sub(metrics, body.decode()).encode()

    return describe


def _describe_scheduled_actions(original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        names = autoscaling._parse_member_list(params, "ScheduledActionNames")
        status, headers, body = original(params)
        if not names:
            return status, headers, body
        kept = _ACTION.sub(lambda action: action.group() if action.group(1) in names else "", body.decode())
        return status, headers, kept.encode()

    return describe


def _apply() -> None:
    wrap_action(autoscaling._ACTION_MAP, "DescribeScheduledActions", _describe_scheduled_actions)
    wrap_action(autoscaling._ACTION_MAP, "DescribePolicies", _describe_policies)
    wrap_action(autoscaling._ACTION_MAP, "DescribeAutoScalingGroups", _describe_groups)
    for action, on in (("EnableMetricsCollection", True), ("DisableMetricsCollection", False)):
        add_action(autoscaling._ACTION_MAP, action, _collect(action, on=on))


PATCHES = (
    Patch(
        "autoscaling-policies-and-metrics",
        "two policies or schedules of a group cannot be read: too many results",
        _apply,
    ),
)
