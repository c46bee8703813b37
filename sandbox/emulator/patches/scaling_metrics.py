"""Auto Scaling keeps which metrics of a group are collected.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ministack.services import autoscaling

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, add_action, wrap_action

if TYPE_CHECKING:
    from collections.abc import Callable

_GROUP = re.compile(r"<AutoScalingGroupName>([^<]*)</AutoScalingGroupName>(?=<AutoScalingGroupARN>)")
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


def _apply() -> None:
    wrap_action(autoscaling._ACTION_MAP, "DescribeAutoScalingGroups", _describe_groups)
    for action, on in (("EnableMetricsCollection", True), ("DisableMetricsCollection", False)):
        add_action(autoscaling._ACTION_MAP, action, _collect(action, on=on))


PATCH = Patch("autoscaling-metrics", "the metrics of a group cannot be switched on: an unknown action", _apply)
