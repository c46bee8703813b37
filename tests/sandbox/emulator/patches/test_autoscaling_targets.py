"""What can be scaled is registered with bounds, described as it stands, and deleted with what depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.scaled import Scaled, refusal

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator


def _described(scaled: Scaled) -> dict[str, Any]:
    (found,) = scaled.scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[scaled.name])[
        "ScalableTargets"
    ]
    return dict(found)


def test_a_target_is_read_back_as_it_was_registered(scaled: Scaled) -> None:
    found = _described(scaled)
    assert {name: found[name] for name in scaled.target} == scaled.target
    assert (found["MinCapacity"], found["MaxCapacity"]) == (1, 10)
    assert set(found["SuspendedState"].values()) == {False}
    assert found["RoleARN"].endswith("AWSServiceRoleForApplicationAutoScaling_ECSService")
    role = found["RoleARN"].rpartition("/")[2]
    assert scaled.aws("iam").get_role(RoleName=role)["Role"]["Arn"] == found["RoleARN"], "the service makes its role"


def test_what_a_second_registration_leaves_out_stays(scaled: Scaled) -> None:
    arn = scaled.scaling.register_scalable_target(
        **scaled.target, MaxCapacity=4, SuspendedState={"ScheduledScalingSuspended": True}
    )["ScalableTargetARN"]
    found = _described(scaled)
    assert (found["MinCapacity"], found["MaxCapacity"], found["ScalableTargetARN"]) == (1, 4, arn)
    assert found["SuspendedState"] == {
        "DynamicScalingInSuspended": False,
        "DynamicScalingOutSuspended": False,
        "ScheduledScalingSuspended": True,
    }


def test_a_target_goes_with_its_policies_their_alarms_and_its_actions(scaled: Scaled) -> None:
    scaled.hold_cpu()
    scaled.scaling.put_scheduled_action(
        **scaled.target, ScheduledActionName="n", Schedule="rate(1 day)", ScalableTargetAction={"MinCapacity": 3}
    )
    scaled.scaling.deregister_scalable_target(**scaled.target)
    space = {"ServiceNamespace": "ecs"}
    assert scaled.scaling.describe_scalable_targets(**space)["ScalableTargets"] == []
    assert scaled.scaling.describe_scaling_policies(**space)["ScalingPolicies"] == []
    assert scaled.scaling.describe_scheduled_actions(**space)["ScheduledActions"] == []
    assert scaled.aws("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert refusal(scaled.scaling.deregister_scalable_target, **scaled.target).startswith("ObjectNotFoundException")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"MinCapacity": 5, "MaxCapacity": 4}, "Maximum capacity cannot be less"),
    ({"MinCapacity": 11}, "Maximum capacity cannot be less"),
    ({"MinCapacity": -1}, "Minimum capacity must be greater"),
    ({"ResourceId": "service/web"}, "Unsupported service namespace, resource type"),
    ({"ResourceId": "service/shop/web/more"}, "Unsupported service namespace, resource type"),
    ({"ResourceId": "arn:aws:ecs:us-east-1:1:service/shop/web"}, "Unsupported service namespace, resource type"),
    ({"ResourceId": "service/shop/none"}, "ECS service doesn't exist: service/shop/none"),
    ({"ScalableDimension": "dynamodb:table:ReadCapacityUnits"}, "Unsupported service namespace, resource type"),
    ({"ScalableDimension": "ecs:service:Count"}, "Member must satisfy enum value set"),
    ({"ServiceNamespace": "eks"}, "Value 'eks' at 'serviceNamespace' failed to satisfy constraint"),
]


@pytest.mark.parametrize(("given", "message"), REFUSED)
def test_what_cannot_be_scaled_is_refused(scaled: Scaled, given: dict[str, Any], message: str) -> None:
    before = _described(scaled)
    said = refusal(scaled.scaling.register_scalable_target, **scaled.target | given)
    assert said.startswith("ValidationException: ")
    assert message in said
    assert _described(scaled) == before


def test_a_first_registration_needs_both_bounds(timed: Emulator, request: pytest.FixtureRequest) -> None:
    scaled = Scaled(timed, session(timed, account_of(request)))
    scaled.serve()
    assert "Both MinCapacity" in refusal(scaled.scaling.register_scalable_target, **scaled.target, MaxCapacity=2)


def test_targets_come_in_pages(scaled: Scaled) -> None:
    ids = [f"table/t{number}" for number in range(7)]
    of_tables = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
    for name in ids:
        scaled.scaling.register_scalable_target(**of_tables, ResourceId=name, MinCapacity=1, MaxCapacity=2)
    pages = scaled.scaling.get_paginator("describe_scalable_targets").paginate(
        ServiceNamespace="dynamodb", PaginationConfig={"PageSize": 3}
    )
    found = [[one["ResourceId"] for one in page["ScalableTargets"]] for page in pages]
    assert [len(page) for page in found] == [3, 3, 1]
    assert sorted(one for page in found for one in page) == ids
