"""A scalable target has tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.patches.scaled import refusal

if TYPE_CHECKING:
    from tests.sandbox.emulator.patches.scaled import Scaled

pytestmark = pytest.mark.emulator


def test_tags_are_put_read_and_taken_away(scaled: Scaled) -> None:
    arn = scaled.register(Tags={"Owner": "shop", "Stage": "prod"})
    scaled.scaling.tag_resource(ResourceARN=arn, Tags={"Stage": "test"})
    assert scaled.scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Owner": "shop", "Stage": "test"}
    scaled.scaling.untag_resource(ResourceARN=arn, TagKeys=["Owner"])
    assert scaled.scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Stage": "test"}


def test_what_is_no_target_and_what_is_too_much_is_refused(scaled: Scaled) -> None:
    arn = scaled.register()
    many = {f"k{number}": "v" for number in range(51)}
    assert refusal(scaled.scaling.list_tags_for_resource, ResourceARN=f"{arn}0").startswith("ResourceNotFoundException")
    assert refusal(scaled.scaling.tag_resource, ResourceARN=arn, Tags=many) != ""
    assert scaled.scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {}
