"""Names and lifecycles of buckets."""

from __future__ import annotations

import pytest

from tests.config.stackfile import accepted, refused

NAME = "name: phoenix-ai-models"
PURPOSE = "purpose: machine-learning models\n          "
LIFECYCLE = f"{PURPOSE}lifecycle: {{infrequent_access_days: 30, glacier_instant_days: 90, deep_archive_days: 365}}"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("phoenix-app-data-prod", "name of data.buckets.app-data too"),
        ("x" * 51, "too long with the account id behind it: 64 characters"),
        ("xn--models", "prefix that S3 keeps for itself"),
        ("Phoenix-models", "not of the required form"),
        ("phoenix_models", "not of the required form"),
        ("-models", "not of the required form"),
        ("ab", "not of the required form"),
    ],
)
def test_a_bucket_name_is_refused(name: str, what: str) -> None:
    found = refused((NAME, f"name: {name}"))
    assert {path: problem.what for path, problem in found.items()} == {"data.buckets.ai-models.name": what}


def test_the_longest_name_has_room_for_the_account_id() -> None:
    accepted((NAME, f"name: {'x' * 50}"))


@pytest.mark.parametrize(
    ("steps", "step", "what"),
    [
        ("infrequent_access_days: 29", "infrequent_access_days", "below the minimum"),
        (
            "infrequent_access_days: 30, glacier_days: 59",
            "glacier_days",
            "less than 30 days after infrequent_access_days",
        ),
        ("glacier_days: 90, deep_archive_days: 179", "deep_archive_days", "less than 90 days after glacier_days"),
        (
            "infrequent_access_days: 60, deep_archive_days: 59",
            "deep_archive_days",
            "less than 30 days after infrequent",
        ),
        ("infrequent_access_days: 30, glacier_instant_days: 59", "glacier_instant_days", "less than 30 days after"),
        ("glacier_instant_days: 30, glacier_days: 119", "glacier_days", "less than 90 days after glacier_instant_days"),
        ("glacier_instant_days: 30, deep_archive_days: 119", "deep_archive_days", "less than 90 days after glacier_in"),
        ("glacier_days: 90, expire_days: 90", "expire_days", "deletes objects before glacier_days at day 90"),
        ("glacier_days: -1", "glacier_days", "below the minimum"),
    ],
)
def test_a_lifecycle_out_of_order_is_refused(steps: str, step: str, what: str) -> None:
    found = refused((LIFECYCLE, f"{PURPOSE}lifecycle: {{{steps}}}"))
    path = f"data.buckets.ai-models.lifecycle.{step}"
    assert found.keys() == {path}
    assert found[path].what.startswith(what)


@pytest.mark.parametrize(
    "steps",
    [
        "",
        "glacier_days: 1",
        "expire_days: 1",
        "infrequent_access_days: 30, glacier_days: 60",
        "infrequent_access_days: 30, glacier_instant_days: 60, glacier_days: 150, deep_archive_days: 240",
    ],
)
def test_a_lifecycle_in_order_is_accepted(steps: str) -> None:
    accepted((LIFECYCLE, f"{PURPOSE}lifecycle: {{{steps}}}"))


def test_a_bucket_in_standard_ia_moves_objects_at_day_thirty_and_no_later() -> None:
    infrequent = f"{PURPOSE}storage_class: STANDARD_IA\n          lifecycle: "
    accepted((LIFECYCLE, f"{infrequent}{{}}"))
    found = refused((LIFECYCLE, f"{infrequent}{{infrequent_access_days: 31}}"))
    assert found.keys() == {"data.buckets.ai-models.lifecycle.infrequent_access_days"}
    found = refused((LIFECYCLE, f"{infrequent}{{glacier_days: 59}}"))
    assert found.keys() == {"data.buckets.ai-models.lifecycle.glacier_days"}, "the step at day 30 is implied"
