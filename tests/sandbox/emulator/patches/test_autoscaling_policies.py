"""Policies are kept as they were put, with the alarms that they need; what cannot be is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.emulator.patches.scaled import OF_SERVICE, refusal

if TYPE_CHECKING:
    from tests.sandbox.emulator.patches.scaled import Scaled

pytestmark = pytest.mark.emulator

LABEL = "app/shop/0123456789abcdef/targetgroup/web/fedcba9876543210"
REQUESTS = {"PredefinedMetricType": "ALBRequestCountPerTarget"}
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}


def _alarms(scaled: Scaled) -> dict[str, dict[str, Any]]:
    found = scaled.aws("cloudwatch").describe_alarms()["MetricAlarms"]
    return {"High" if "AlarmHigh" in one["AlarmName"] else "Low": one for one in found}


def test_target_tracking_makes_two_alarms(scaled: Scaled) -> None:
    answer = scaled.hold_cpu(60)
    alarms = _alarms(scaled)
    shape = ("Threshold", "EvaluationPeriods", "Period", "ComparisonOperator", "AlarmActions")
    said = {kind: [alarm[name] for name in shape] for kind, alarm in alarms.items()}
    arn = [answer["PolicyARN"]]
    assert said == {
        "High": [60, 3, 60, "GreaterThanThreshold", arn],
        "Low": [54, 15, 60, "LessThanThreshold", arn],
    }
    assert {one["Namespace"] for one in alarms.values()} == {"AWS/ECS"}
    assert {one["MetricName"] for one in alarms.values()} == {"CPUUtilization"}
    assert alarms["High"]["Dimensions"] == OF_SERVICE
    assert sorted(one["AlarmName"] for one in answer["Alarms"]) == sorted(one["AlarmName"] for one in alarms.values())
    assert all(name.startswith(f"TargetTracking-{scaled.name}-Alarm") for name in map(_name, alarms.values()))


def _name(alarm: dict[str, Any]) -> str:
    return str(alarm["AlarmName"])


def test_a_policy_that_is_put_again_keeps_its_name_and_alarms(scaled: Scaled) -> None:
    first = scaled.hold_cpu(60)
    again = scaled.hold_cpu(80, ScaleInCooldown=7)
    assert (again["PolicyARN"], again["Alarms"]) == (first["PolicyARN"], first["Alarms"])
    assert {kind: one["Threshold"] for kind, one in _alarms(scaled).items()} == {"High": 80, "Low": 72}
    (policy,) = scaled.scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == {
        "TargetValue": 80,
        "PredefinedMetricSpecification": CPU,
        "ScaleInCooldown": 7,
    }


def test_a_policy_that_does_not_scale_in_has_no_alarm_for_it(scaled: Scaled) -> None:
    scaled.hold_cpu(60)
    scaled.hold_cpu(60, DisableScaleIn=True)
    assert set(_alarms(scaled)) == {"High"}


def test_requests_are_those_of_the_target_group(scaled: Scaled) -> None:
    metric = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": LABEL}
    scaled.track("requests", {"TargetValue": 1200, "PredefinedMetricSpecification": metric})
    high = _alarms(scaled)["High"]
    assert (high["Namespace"], high["MetricName"], high["Statistic"]) == (
        "AWS/ApplicationELB",
        "RequestCountPerTarget",
        "Sum",
    )
    assert {one["Name"]: one["Value"] for one in high["Dimensions"]} == {
        "LoadBalancer": "app/shop/0123456789abcdef",
        "TargetGroup": "targetgroup/web/fedcba9876543210",
    }


def test_a_policy_goes_with_its_alarms_and_once(scaled: Scaled) -> None:
    scaled.hold_cpu()
    scaled.scaling.delete_scaling_policy(**scaled.target, PolicyName="cpu")
    assert _alarms(scaled) == {}
    gone = refusal(scaled.scaling.delete_scaling_policy, **scaled.target, PolicyName="cpu")
    assert gone.startswith("ObjectNotFoundException: No scaling policy found")


def _query(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - members of a metric query
    stat = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Stat": "Average"}
    return {"Id": name, "MetricStat": stat, "ReturnData": False} | more


SUM = {"Id": "e", "Expression": "a + b", "ReturnData": True}
TRACKED: list[tuple[dict[str, Any], str]] = [
    ({"TargetValue": 0}, "TargetValue must be in the range"),
    ({"TargetValue": -5}, "TargetValue must be in the range"),
    ({"TargetValue": 2e108}, "TargetValue must be in the range"),
    ({"PredefinedMetricSpecification": None}, "Exactly one of Predefined"),
    ({"CustomizedMetricSpecification": {"MetricName": "M", "Namespace": "N", "Statistic": "Sum"}}, "Exactly one of"),
    ({"PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}}, "not supported"),
    ({"PredefinedMetricSpecification": {"PredefinedMetricType": "CPU"}}, "Member must satisfy enum value set"),
    ({"PredefinedMetricSpecification": {"PredefinedMetricType": "ALBRequestCountPerTarget"}}, "ResourceLabel"),
    (
        {
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ALBRequestCountPerTarget",
                "ResourceLabel": "app/x",
            }
        },
        "ResourceLabel",
    ),
    ({"PredefinedMetricSpecification": CPU | {"ResourceLabel": LABEL}}, "ResourceLabel must not be given"),
    ({"ScaleInCooldown": -1}, "ScaleInCooldown must be"),
    ({"ScaleOutCooldown": -1}, "ScaleOutCooldown must be"),
    ({"Own": {"MetricName": "M", "Namespace": "N"}}, "must have MetricName, Namespace and Statistic"),
    ({"Own": {"Metrics": [_query("a"), _query("b")]}}, "0 of the metrics and expressions return data"),
    ({"Own": {"Metrics": [_query("a", ReturnData=True), SUM | {"Expression": "a"}]}}, "2 of the metrics"),
    ({"Own": {"Metrics": [_query("a"), SUM]}}, "'b' is neither a metric nor a number"),
    ({"Own": {"Metrics": [_query("a"), SUM | {"Expression": "a +"}]}}, "a value is expected"),
    ({"Own": {"Metrics": [_query("A"), _query("b"), SUM]}}, "unique ids that begin with a small letter"),
    ({"Own": {"Metrics": [_query("a"), _query("a"), SUM]}}, "unique ids"),
    ({"Own": {"Metrics": [_query(f"a{number}") for number in range(10)] + [SUM]}}, "10 at most"),
    ({"Own": {"Metrics": [_query("a"), {"Id": "b"}, SUM]}}, "exactly one of Expression and MetricStat"),
    ({"Own": {"Metrics": [_query("a"), SUM | {"Expression": "f"}, {"Id": "f", "Expression": "e"}]}}, "need each other"),
]


@pytest.mark.parametrize(("given", "message"), TRACKED)
def test_what_no_metric_can_be_held_at_is_refused(scaled: Scaled, given: dict[str, Any], message: str) -> None:
    tracked: dict[str, Any] = {"TargetValue": 50, "PredefinedMetricSpecification": CPU} | given
    if "Own" in tracked:
        tracked = {"TargetValue": 50, "CustomizedMetricSpecification": tracked["Own"]}
    tracked = {name: value for name, value in tracked.items() if value is not None}
    said = refusal(
        scaled.scaling.put_scaling_policy,
        **scaled.target,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracked,
    )
    assert said.startswith("ValidationException: ")
    assert message in said
    assert _alarms(scaled) == {}


def _step(adjustment: int, lower: float | None = None, upper: float | None = None) -> dict[str, Any]:
    bounds = {"MetricIntervalLowerBound": lower, "MetricIntervalUpperBound": upper}
    return {"ScalingAdjustment": adjustment} | {name: one for name, one in bounds.items() if one is not None}


STEPS: list[tuple[dict[str, Any], str]] = [
    ({"StepAdjustments": []}, "at least one"),
    ({"StepAdjustments": [_step(1, at, at + 1) for at in range(20)] + [_step(1, 20)]}, "at most 20"),
    ({"StepAdjustments": [_step(1)]}, "At least one of MetricInterval"),
    ({"StepAdjustments": [_step(1, 0, 10), _step(2, 20)]}, "must not be a gap"),
    ({"StepAdjustments": [_step(1, 0, 10), _step(2, 5)]}, "can't overlap"),
    ({"StepAdjustments": [_step(1, 0), _step(2)]}, "can't overlap"),
    ({"StepAdjustments": [_step(1, 5, 5), _step(2, 5)]}, "must be less than"),
    ({"StepAdjustments": [_step(1, 0, 10)]}, "step without one"),
    ({"StepAdjustments": [_step(-1, -10, 0)]}, "step without one"),
    ({"AdjustmentType": None}, "AdjustmentType must be given"),
    ({"AdjustmentType": "Double"}, "Member must satisfy enum value set"),
    ({"AdjustmentType": "ExactCapacity", "StepAdjustments": [_step(-1, 0)]}, "ExactCapacity"),
    ({"MinAdjustmentMagnitude": 2}, "MinAdjustmentMagnitude belongs to"),
    ({"Cooldown": -1}, "Cooldown must be"),
]


@pytest.mark.parametrize(("given", "message"), STEPS)
def test_steps_that_cannot_be_are_refused(scaled: Scaled, given: dict[str, Any], message: str) -> None:
    steps: dict[str, Any] = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [_step(1, 0)]} | given
    steps = {name: value for name, value in steps.items() if value is not None}
    said = refusal(
        scaled.scaling.put_scaling_policy,
        **scaled.target,
        PolicyName="p",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration=steps,
    )
    assert said.startswith("ValidationException: ")
    assert message in said


def test_a_policy_needs_a_target_its_own_configuration_and_a_metric_of_its_own(scaled: Scaled) -> None:
    put = scaled.scaling.put_scaling_policy
    steps = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [_step(1, 0)]}
    tracked = {"TargetValue": 50, "PredefinedMetricSpecification": CPU}
    named = {**scaled.target, "PolicyName": "p"}
    other = named | {"ResourceId": "service/shop/none", "StepScalingPolicyConfiguration": steps}
    assert refusal(put, **other).startswith("ObjectNotFoundException: No scalable target registered")
    assert "must have a TargetTrackingScalingPolicyConfiguration" in refusal(
        put, **named, PolicyType="TargetTrackingScaling", StepScalingPolicyConfiguration=steps
    )
    assert "must have a StepScalingPolicyConfiguration" in refusal(put, **named)
    scaled.hold_cpu()
    same = named | {"PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": tracked}
    assert "Only one TargetTrackingScaling policy" in refusal(put, **same)
    changed = named | {"PolicyName": "cpu", "PolicyType": "StepScaling", "StepScalingPolicyConfiguration": steps}
    assert "cannot be changed" in refusal(put, **changed)


def test_a_target_has_fifty_policies_at_most(scaled: Scaled) -> None:
    steps = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [_step(1, 0)]}
    said = [
        refusal(
            scaled.scaling.put_scaling_policy,
            **scaled.target,
            PolicyName=f"p{number}",
            PolicyType="StepScaling",
            StepScalingPolicyConfiguration=steps,
        )
        for number in range(51)
    ]
    assert said[:50] == [""] * 50
    assert said[50].startswith("LimitExceededException")
