"""Load moves the desired count of a service, and back; so do steps, and the hour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator.patches.scaled import CLUSTER, OF_SERVICE, SERVICE

if TYPE_CHECKING:
    from tests.sandbox.emulator.patches.scaled import Scaled

pytestmark = pytest.mark.emulator


def test_load_moves_the_desired_count_and_back(scaled: Scaled) -> None:
    scaled.hold_cpu(50, ScaleOutCooldown=60, ScaleInCooldown=300)
    assert scaled.load(90, minutes=3) == [2, 2, 4], "three minutes above; 2 tasks x 90 / 50, rounded up"
    assert scaled.load(50, minutes=3) == [4, 4, 4], "at its target nothing moves"
    counts = scaled.load(10, minutes=16)
    assert counts[:14] == [4] * 14, "fourteen minutes below are not enough"
    assert counts[-1] == 1, "4 tasks x 10 / 50, rounded up"
    assert scaled.tasks() == 1, "tasks follow"


def test_it_stays_within_its_bounds(scaled: Scaled) -> None:
    scaled.register(2, 5)
    scaled.hold_cpu(10, ScaleOutCooldown=0, ScaleInCooldown=0)
    assert scaled.load(100, minutes=4)[-1] == 5
    assert scaled.load(0, minutes=16)[-1] == 2


def test_a_cooldown_counts_what_was_added(scaled: Scaled) -> None:
    scaled.hold_cpu(50, ScaleOutCooldown=600)
    assert scaled.load(75, minutes=3)[-1] == 3
    assert scaled.load(75, minutes=3) == [3, 3, 3], "2 tasks x 75 / 50 are what there is"
    assert scaled.load(120, minutes=1) == [5], "2 tasks x 120 / 50 are more"
    assert scaled.load(120, minutes=2) == [5, 5]


def test_a_cooldown_of_scaling_in_is_waited_for(scaled: Scaled) -> None:
    scaled.aws("ecs").update_service(cluster=CLUSTER, service=SERVICE, desiredCount=8)
    scaled.hold_cpu(50, ScaleInCooldown=300)
    assert scaled.load(40, minutes=15)[-1] == 7
    assert scaled.load(40, minutes=4) == [7, 7, 7, 7]
    assert 6 in scaled.load(40, minutes=2), "five minutes later"


def test_scaling_out_ends_the_cooldown_of_scaling_in(scaled: Scaled) -> None:
    scaled.hold_cpu(50, ScaleOutCooldown=0, ScaleInCooldown=3600)
    assert scaled.load(10, minutes=16)[-1] == 1
    assert scaled.load(90, minutes=4)[-1] > 1
    assert scaled.load(10, minutes=16)[-1] == 1, "within the hour"


def test_one_minute_moves_it_once(scaled: Scaled) -> None:
    scaled.hold_cpu(50, ScaleOutCooldown=0)
    assert scaled.load(75, minutes=3)[-1] == 3
    for _ in range(3):
        scaled.emulator.advance(0)
    assert scaled.desired() == 3


def test_while_a_deployment_goes_on_it_does_not_scale_in(scaled: Scaled) -> None:
    scaled.hold_cpu(50, ScaleInCooldown=0)
    scaled.settle()
    client.control(scaled.emulator.port, "POST", "tasks?spot=false")
    try:
        scaled.deploy_on_spot()
        assert scaled.load(10, minutes=16)[-1] == 2
        assert scaled.load(90, minutes=3)[-1] > 2, "out it does"
    finally:
        client.control(scaled.emulator.port, "POST", "tasks?spot=true")


def _hold_memory(scaled: Scaled) -> None:
    metric = {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"}
    scaled.track("memory", {"TargetValue": 50, "PredefinedMetricSpecification": metric})


def _both(scaled: Scaled, cpu: float, memory: float, minutes: int) -> int:
    for _ in range(minutes):
        data = [
            {"MetricName": name, "Dimensions": OF_SERVICE, "Value": value}
            for name, value in (("CPUUtilization", cpu), ("MemoryUtilization", memory))
        ]
        scaled.minute("AWS/ECS", *data)
    return scaled.desired()


def test_of_two_policies_the_one_that_needs_more_is_followed(scaled: Scaled) -> None:
    scaled.hold_cpu(50)
    _hold_memory(scaled)
    assert _both(scaled, 60, 100, minutes=3) == 4
    assert _both(scaled, 10, 50, minutes=16) == 4, "one alone does not scale in"
    assert _both(scaled, 10, 25, minutes=16) == 2, "both do, to what the hungrier needs"


def test_a_policy_that_nothing_is_measured_for_keeps_the_others_from_scaling_in(scaled: Scaled) -> None:
    scaled.hold_cpu(50)
    _hold_memory(scaled)
    assert scaled.load(0, minutes=16)[-1] == 2


@pytest.mark.parametrize(
    ("suspended", "out", "back"),
    [
        ("DynamicScalingOutSuspended", 2, 1),
        ("DynamicScalingInSuspended", 4, 4),
    ],
)
def test_what_is_suspended_does_not_move(scaled: Scaled, suspended: str, out: int, back: int) -> None:
    scaled.register(SuspendedState={suspended: True})
    scaled.hold_cpu(50)
    assert scaled.load(90, minutes=3)[-1] == out
    assert scaled.load(10, minutes=16)[-1] == back


def test_a_service_without_tasks_begins(scaled: Scaled) -> None:
    scaled.register(0, 10)
    scaled.aws("ecs").update_service(cluster=CLUSTER, service=SERVICE, desiredCount=0)
    own = {"MetricName": "Backlog", "Namespace": "Shop", "Statistic": "Average"}
    scaled.track("backlog", {"TargetValue": 10, "CustomizedMetricSpecification": own, "ScaleInCooldown": 0})
    for value, minutes, count in ((35, 3, 4), (0, 16, 0)):
        for _ in range(minutes):
            scaled.minute("Shop", {"MetricName": "Backlog", "Value": value})
        assert scaled.desired() == count


def _steps(scaled: Scaled, kind: str, *steps: tuple[int, float | None, float | None], **more: Any) -> None:  # noqa: ANN401
    names = ("ScalingAdjustment", "MetricIntervalLowerBound", "MetricIntervalUpperBound")
    adjustments = [{name: one for name, one in zip(names, step, strict=True) if one is not None} for step in steps]
    arn = scaled.scaling.put_scaling_policy(
        **scaled.target,
        PolicyName="steps",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={"AdjustmentType": kind, "StepAdjustments": adjustments, **more},
    )["PolicyARN"]
    scaled.aws("cloudwatch").put_metric_alarm(
        AlarmName="busy",
        Namespace="AWS/ECS",
        MetricName="CPUUtilization",
        Dimensions=OF_SERVICE,
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=50,
        ComparisonOperator="LessThanThreshold" if steps[0][0] < 0 else "GreaterThanOrEqualToThreshold",
        AlarmActions=[arn],
    )


CHANGE, PERCENT, EXACT = "ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"
LEAST_3 = "PercentChangeInCapacity 3"
TWO = ((1, 0, 20), (3, 20, None))


@pytest.mark.parametrize(
    ("kind", "steps", "load", "count"),
    [
        (CHANGE, TWO, 50, 6),
        (CHANGE, TWO, 69, 6),
        (CHANGE, TWO, 70, 8),  # a lower bound belongs to its step
        (CHANGE, TWO, 49, 5),
        (EXACT, ((9, 0, None),), 60, 9),
        (PERCENT, ((10, 0, None),), 60, 6),  # half a task is one
        (PERCENT, ((50, 0, None),), 60, 7),  # two and a half are two
        (LEAST_3, ((10, 0, None),), 60, 8),
        (CHANGE, ((-2, None, 0),), 10, 3),
        (PERCENT, ((-50, None, 0),), 10, 3),
        (CHANGE, ((-3, None, -20), (-1, -20, 0)), 30, 2),  # an upper bound below 0 belongs to its step
        (CHANGE, ((-3, None, -20), (-1, -20, 0)), 31, 4),
    ],
)
def test_a_step_is_taken_by_how_far_the_metric_is_beyond(
    scaled: Scaled, kind: str, steps: tuple[tuple[int, float, float], ...], load: float, count: int
) -> None:
    scaled.aws("ecs").update_service(cluster=CLUSTER, service=SERVICE, desiredCount=5)
    kind, _, least = kind.partition(" ")
    _steps(scaled, kind, *steps, Cooldown=600, **({"MinAdjustmentMagnitude": int(least)} if least else {}))
    assert scaled.load(load, minutes=1) == [count]


def _ahead(scaled: Scaled) -> datetime:
    """The hour by the emulator's clock."""
    said = client.control(scaled.emulator.port, "POST", "advance?seconds=0")
    return datetime.fromtimestamp(float(str(said["now"])), tz=UTC)


def _plan(scaled: Scaled, schedule: str, low: int | None, high: int | None, **more: Any) -> None:  # noqa: ANN401
    bounds = {"MinCapacity": low, "MaxCapacity": high}
    scaled.scaling.put_scheduled_action(
        **scaled.target,
        ScheduledActionName="planned",
        Schedule=schedule,
        ScalableTargetAction={name: one for name, one in bounds.items() if one is not None},
        **more,
    )


def _in(scaled: Scaled, minutes: int, zone: str) -> datetime:
    later = datetime.fromtimestamp(_ahead(scaled).timestamp() + minutes * 60, tz=ZoneInfo(zone))
    return later.replace(second=0, microsecond=0)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/New_York"])
@pytest.mark.parametrize("kind", ["cron", "at"])
def test_bounds_change_at_their_hour_in_their_zone(scaled: Scaled, zone: str, kind: str) -> None:
    due = _in(scaled, 10, zone)
    at, cron = f"at({due:%Y-%m-%dT%H:%M:%S})", f"cron({due.minute} {due.hour} ? * {due:%a} *)".upper()
    _plan(scaled, at if kind == "at" else cron.replace("CRON", "cron"), 4, 6, Timezone=zone)
    scaled.emulator.advance(480)
    assert scaled.desired() == 2, "it is not yet time"
    scaled.emulator.advance(180)
    assert scaled.desired() == 4, "there are no fewer than 4 from then on"
    (target,) = scaled.scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (4, 6)
    causes = {one["Cause"] for one in scaled.activities()}
    assert causes == {"scheduled action name planned was triggered"}


def test_a_rate_runs_again_and_takes_what_is_too_much(scaled: Scaled) -> None:
    _plan(scaled, "rate(5 minutes)", None, 1)
    scaled.emulator.advance(300)
    assert scaled.desired() == 1
    scaled.aws("ecs").update_service(cluster=CLUSTER, service=SERVICE, desiredCount=3)
    scaled.emulator.advance(240)
    assert scaled.desired() == 3
    scaled.emulator.advance(120)
    assert scaled.desired() == 1


def test_an_action_runs_between_its_start_and_its_end_only(scaled: Scaled) -> None:
    begin = _ahead(scaled).timestamp()
    _plan(scaled, "cron(* * * * ? *)", 4, None, StartTime=begin + 600, EndTime=begin + 900)
    scaled.emulator.advance(540)
    assert scaled.desired() == 2
    scaled.emulator.advance(120)
    assert scaled.desired() == 4
    scaled.emulator.advance(300)
    scaled.register(1, 10)
    scaled.aws("ecs").update_service(cluster=CLUSTER, service=SERVICE, desiredCount=1)
    scaled.emulator.advance(180)
    assert scaled.desired() == 1, "its end has come"


def test_a_suspended_schedule_does_not_run_later(scaled: Scaled) -> None:
    scaled.register(SuspendedState={"ScheduledScalingSuspended": True})
    due = _in(scaled, 3, "UTC")
    _plan(scaled, f"at({due:%Y-%m-%dT%H:%M:%S})", 4, None)
    scaled.emulator.advance(300)
    scaled.register(SuspendedState={"ScheduledScalingSuspended": False})
    scaled.emulator.advance(300)
    assert scaled.desired() == 2
