"""An account enrols in Compute Optimizer, and leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_enrolment_is_of_the_account(aws: Aws) -> None:
    optimizer, elsewhere = aws("compute-optimizer"), aws("compute-optimizer", "us-west-2")
    seen = [optimizer.get_enrollment_status()["status"]]
    for wanted in ("Active", "Inactive"):
        optimizer.update_enrollment_status(status=wanted)
        seen.append(elsewhere.get_enrollment_status()["status"])
    assert seen == ["Inactive", "Active", "Inactive"], "every region tells the same"
