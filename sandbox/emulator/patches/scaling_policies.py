"""Auto Scaling finds policies and schedules by name and type.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribePolicies.html, API_DescribeScheduledActions.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from typing import Any

from ministack.services import autoscaling

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_ACTION = re.compile(
    r"<member>(?:(?!</member>).)*<ScheduledActionName>([^<]*)</ScheduledActionName>.*?</member>", re.DOTALL
)


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


PATCH = Patch("autoscaling-policies", "two policies or schedules of a group cannot be read: too many results", _apply)
