"""Scheduled actions are kept as they were put; a schedule that cannot be read is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.emulator.patches.scaled import refusal

if TYPE_CHECKING:
    from tests.sandbox.emulator.patches.scaled import Scaled

pytestmark = pytest.mark.emulator


def _plan(scaled: Scaled, **given: Any) -> str:  # noqa: ANN401 - parameters of the action
    named = {**scaled.target, "ScheduledActionName": "evening", "Schedule": "cron(0 18 ? * MON-FRI *)"}
    more = {"ScalableTargetAction": {"MinCapacity": 4, "MaxCapacity": 12}}
    return refusal(scaled.scaling.put_scheduled_action, **(named | more | given))


def test_an_action_is_read_back_as_it_was_put_and_deleted_once(scaled: Scaled) -> None:
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    assert _plan(scaled, Timezone="Europe/Berlin", StartTime=start, EndTime=end) == ""
    (found,) = scaled.scaling.describe_scheduled_actions(
        ServiceNamespace="ecs", ScheduledActionNames=["evening"], ResourceId=scaled.name
    )["ScheduledActions"]
    assert {name: found[name] for name in ("Schedule", "Timezone", "StartTime", "EndTime")} == {
        "Schedule": "cron(0 18 ? * MON-FRI *)",
        "Timezone": "Europe/Berlin",
        "StartTime": start,
        "EndTime": end,
    }
    assert found["ScalableTargetAction"] == {"MinCapacity": 4, "MaxCapacity": 12}
    named = {**scaled.target, "ScheduledActionName": "evening"}
    scaled.scaling.delete_scheduled_action(**named)
    assert refusal(scaled.scaling.delete_scheduled_action, **named).startswith("ObjectNotFoundException")


@pytest.mark.parametrize(
    "schedule",
    [
        "cron(0 18 ? * MON-FRI *)",
        "cron(0/15 * L * ? 2027)",
        "cron(0 8 15W * ? *)",
        "cron(0 8 ? JAN,JUL 2#1 *)",
        "rate(1 minute)",
        "rate(5 hours)",
        "at(2027-02-28T08:00:00)",
    ],
)
def test_a_schedule_of_the_grammar_is_kept(scaled: Scaled, schedule: str) -> None:
    assert _plan(scaled, Schedule=schedule) == ""


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Schedule": "0 18 * * *"}, "Schedule must be"),
        ({"Schedule": "cron(0 18 * * *)"}, "Schedule must be"),  # five fields
        ({"Schedule": "cron(0 18 * * MON *)"}, "Schedule must be"),  # neither day is ?
        ({"Schedule": "cron(60 18 ? * MON *)"}, "Schedule must be"),
        ({"Schedule": "cron(0 24 ? * MON *)"}, "Schedule must be"),
        ({"Schedule": "cron(0 18 32 * ? *)"}, "Schedule must be"),
        ({"Schedule": "cron(0 18 ? 13 MON *)"}, "Schedule must be"),
        ({"Schedule": "cron(0 18 ? * 8 *)"}, "Schedule must be"),
        ({"Schedule": "cron(0 18 ? * ? *)"}, "Schedule must be"),  # both are
        ({"Schedule": "cron(5-3 18 ? * MON *)"}, "Schedule must be"),
        ({"Schedule": "rate(1 minutes)"}, "unit in the singular"),
        ({"Schedule": "rate(5 minute)"}, "unit in the singular"),
        ({"Schedule": "rate(0 minutes)"}, "Schedule must be"),
        ({"Schedule": "rate(5 weeks)"}, "Schedule must be"),
        ({"Schedule": "at(2027-02-30T08:00:00)"}, "Schedule must be at"),
        ({"Schedule": "at(2027-02-28 08:00)"}, "Schedule must be at"),
        ({"Timezone": "Europe/Atlantis"}, "Timezone Europe/Atlantis is not known"),
        ({"Timezone": "../../etc/passwd"}, "is not known"),
        ({"ScalableTargetAction": {}}, "ScalableTargetAction must have"),
        ({"ScalableTargetAction": {"MinCapacity": 5, "MaxCapacity": 4}}, "Maximum capacity cannot be less"),
        ({"StartTime": 2_000_000_000, "EndTime": 1_900_000_000}, "EndTime must be after"),
    ],
)
def test_what_cannot_be_planned_is_refused(scaled: Scaled, given: dict[str, Any], message: str) -> None:
    said = _plan(scaled, **given)
    assert said.startswith("ValidationException: ")
    assert message in said


def test_an_action_needs_a_target(scaled: Scaled) -> None:
    assert _plan(scaled, ResourceId="service/shop/none").startswith("ObjectNotFoundException")
