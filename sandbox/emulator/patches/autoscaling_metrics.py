"""What a target-tracking policy follows, a predefined metric, one of the caller's own or metric math; its two alarms.

https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch

from sandbox.emulator.patches import metric_math
from sandbox.emulator.patches.alarm_evaluation import mathematics
from sandbox.emulator.patches.autoscaling_targets import invalid

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_OF_ECS: Final = {
    "ECSServiceAverageCPUUtilization": "CPUUtilization",
    "ECSServiceAverageMemoryUtilization": "MemoryUtilization",
}
_REQUESTS: Final = "ALBRequestCountPerTarget"
_LABEL: Final = re.compile(r"(app/[^/]+/[0-9a-z]+)/(targetgroup/[^/]+/[0-9a-z]+)")
_PERIOD: Final = 60
_HIGH_PERIODS: Final = 3
_LOW_PERIODS: Final = 15
_LOW_SHARE: Final = 0.9
"""Part of the target below which the alarm for scaling in goes off."""
_LOWEST: Final = 8.515920e-109
_HIGHEST: Final = 1.174271e108
_PARTS: Final = 10
_ID: Final = re.compile(r"[a-z]\w*")


def check(policy: Document) -> None:
    """Refuse a target-tracking policy that cannot be.

    Raises:
        RefusedError: It follows nothing or two things, a metric of another service, or is to hold what no number is.
    """
    tracked = policy["TargetTrackingScalingPolicyConfiguration"]
    if not _LOWEST <= tracked["TargetValue"] <= _HIGHEST:
        raise invalid(f"TargetValue must be in the range of {_LOWEST} to {_HIGHEST}")
    predefined, own = tracked.get("PredefinedMetricSpecification"), tracked.get("CustomizedMetricSpecification")
    if (predefined is None) == (own is None):
        raise invalid("Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be given")
    for cooldown in ("ScaleOutCooldown", "ScaleInCooldown"):
        if tracked.get(cooldown, 0) < 0:
            raise invalid(f"{cooldown} must be greater than or equal to 0")
    if predefined is not None:
        _check_predefined(policy, predefined)
    else:
        _check_own(own)


def _check_predefined(policy: Document, metric: Document) -> None:
    kind, label = metric["PredefinedMetricType"], metric.get("ResourceLabel")
    if policy["ServiceNamespace"] == "ecs" and kind not in {*_OF_ECS, _REQUESTS}:
        raise invalid(f"Predefined metric type {kind} is not supported for service namespace ecs")
    if policy["ServiceNamespace"] != "ecs" and kind in _OF_ECS:
        raise invalid(f"Predefined metric type {kind} is not supported for {policy['ServiceNamespace']}")
    if kind == _REQUESTS and not _LABEL.fullmatch(label or ""):
        raise invalid(f"ResourceLabel of {kind} must be app/<name>/<id>/targetgroup/<name>/<id>: {label!r}")
    if kind != _REQUESTS and label:
        raise invalid(f"ResourceLabel must not be given with {kind}")


def _check_own(own: Document) -> None:
    parts = own.get("Metrics")
    if not parts:
        if not all(own.get(name) for name in ("MetricName", "Namespace", "Statistic")):
            raise invalid("A customized metric must have MetricName, Namespace and Statistic, or Metrics")
        return
    if own.get("MetricName") or own.get("Namespace"):
        raise invalid("A customized metric must have either Metrics or MetricName, not both")
    ids = [part["Id"] for part in parts]
    if len(parts) > _PARTS or len(set(ids)) < len(ids) or not all(map(_ID.fullmatch, ids)):
        raise invalid(f"Metrics must be {_PARTS} at most, with unique ids that begin with a small letter: {ids}")
    if any(("Expression" in part) == ("MetricStat" in part) for part in parts):
        raise invalid("Each of Metrics must have exactly one of Expression and MetricStat")
    try:
        mathematics([_as_query(part) for part in parts], 1)
    except metric_math.MathError as error:
        raise invalid(f"Metrics: {error}") from error


def same(one: Document, other: Document) -> bool:
    """Whether two policies follow the same metric; a target has one for each."""
    parts = ("PredefinedMetricSpecification", "CustomizedMetricSpecification")
    first, second = (each.get("TargetTrackingScalingPolicyConfiguration", {}) for each in (one, other))
    return all(first.get(part) == second.get(part) for part in parts) and any(first.get(part) for part in parts)


def _as_query(part: Document) -> Document:
    if "MetricStat" not in part:
        return part
    return part | {"MetricStat": {"Period": _PERIOD, **part["MetricStat"]}}


def alarm_input(policy: Document) -> Document:
    """Return what an alarm of the policy follows, as the parameters of an alarm."""
    tracked = policy["TargetTrackingScalingPolicyConfiguration"]
    own = tracked.get("CustomizedMetricSpecification")
    if own is not None:
        if own.get("Metrics"):
            return {"Metrics": [{"ReturnData": True, **_as_query(part)} for part in own["Metrics"]]}
        return {"Dimensions": [], **{key: value for key, value in own.items() if key != "Metrics"}, "Period": _PERIOD}
    metric = tracked["PredefinedMetricSpecification"]
    if metric["PredefinedMetricType"] == _REQUESTS:
        (balancer, group) = _LABEL.fullmatch(metric["ResourceLabel"]).groups()  # type: ignore[union-attr] # was checked
        of = {"LoadBalancer": balancer, "TargetGroup": group}
        return _metric("AWS/ApplicationELB", "RequestCountPerTarget", of, "Sum")
    _, cluster, service = policy["ResourceId"].split("/")
    of = {"ClusterName": cluster, "ServiceName": service}
    return _metric("AWS/ECS", _OF_ECS[metric["PredefinedMetricType"]], of, "Average")


def _metric(namespace: str, name: str, of: dict[str, str], statistic: str) -> Document:
    dimensions = [{"Name": key, "Value": value} for key, value in of.items()]
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": dimensions,
        "Statistic": statistic,
        "Period": _PERIOD,
    }


def put_alarms(policy: Document) -> list[Document]:
    """Make the alarms of a policy, or change those that it has; returns their names and ARNs.

    A policy that does not scale in has the one for scaling out.
    """
    tracked = policy["TargetTrackingScalingPolicyConfiguration"]
    target = tracked["TargetValue"]
    kinds = {"AlarmHigh": ("GreaterThanThreshold", target, _HIGH_PERIODS)}
    if not tracked.get("DisableScaleIn"):
        kinds["AlarmLow"] = ("LessThanThreshold", target * _LOW_SHARE, _LOW_PERIODS)
    had = {_kind(alarm): alarm["AlarmName"] for alarm in policy.get("Alarms", [])}
    delete_alarms([alarm for alarm in policy.get("Alarms", []) if _kind(alarm) not in kinds])
    if not is_moved(policy):
        return []
    return [
        _put(policy, had.get(kind) or f"TargetTracking-{policy['ResourceId']}-{kind}-{uuid.uuid4()}", *judged)
        for kind, judged in kinds.items()
    ]


def is_moved(policy: Document) -> bool:
    """Whether the emulator knows what the policy follows, and moves its target: an ECS service."""
    return bool(policy["ServiceNamespace"] == "ecs")


def _kind(alarm: Document) -> str:
    return "AlarmLow" if "-AlarmLow-" in alarm["AlarmName"] else "AlarmHigh"


def _put(policy: Document, name: str, comparison: str, threshold: float, periods: int) -> Document:
    arn = f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"
    had: dict[str, Any] = cloudwatch._alarms.get(name) or {}
    cloudwatch.cloudformation_put_metric_alarm(
        {
            "AlarmName": name,
            "AlarmArn": arn,
            "AlarmDescription": f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy['PolicyARN']}.",
            **alarm_input(policy),
            "EvaluationPeriods": periods,
            "Threshold": threshold,
            "ComparisonOperator": comparison,
            "TreatMissingData": "missing",
            "StateValue": had.get("StateValue", "INSUFFICIENT_DATA"),
            "StateReason": had.get("StateReason", "Unchecked: Initial alarm creation"),
            "StateUpdatedTimestamp": had.get("StateUpdatedTimestamp", int(time.time())),
            "AlarmConfigurationUpdatedTimestamp": int(time.time()),
            "ActionsEnabled": True,
            "AlarmActions": [policy["PolicyARN"]],
            "OKActions": [],
            "InsufficientDataActions": [],
        }
    )
    return {"AlarmName": name, "AlarmARN": arn}


def delete_alarms(alarms: list[Document]) -> None:
    """Delete alarms of a policy."""
    for alarm in alarms:
        cloudwatch.cloudformation_delete_metric_alarm(alarm["AlarmName"])
