"""What was done with a target is told, the newest first; what was not done, to who asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.patches.scaled import Scaled

pytestmark = pytest.mark.emulator


def test_a_change_is_told_with_its_reason(scaled: Scaled) -> None:
    alarms = {alarm["AlarmName"] for alarm in scaled.hold_cpu(50)["Alarms"]}
    scaled.load(90, minutes=3)
    (activity,) = scaled.activities()
    assert activity["Description"] == "Setting desired count to 4."
    assert activity["StatusCode"] == "Successful"
    assert activity["Cause"] in {f"monitor alarm {name} in state ALARM triggered policy cpu" for name in alarms}


def test_a_target_at_its_bound_is_told_to_who_asks(scaled: Scaled) -> None:
    scaled.register(1, 2)
    scaled.hold_cpu(50)
    scaled.load(90, minutes=3)
    assert scaled.activities() == []
    reasons = [one["NotScaledReasons"] for one in scaled.activities(IncludeNotScaledActivities=True)]
    assert reasons == [[{"Code": "AlreadyAtMaxCapacity", "MaxCapacity": 2, "CurrentCapacity": 2}]]
