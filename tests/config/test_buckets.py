"""Names and lifecycles of buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.data.plan import transitions
from tests.config.pairfiles import problems, write
from tests.config.stackfile import accepted, refused
from tests.config.standbyfile import refusals

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize(
    "steps",
    [
        "intelligent_tiering_days: 0",
        "intelligent_tiering_days: 0, glacier_days: 1",
        "infrequent_access_days: 30, intelligent_tiering_days: 60, glacier_instant_days: 61",
    ],
)
def test_intelligent_tiering_takes_its_place_among_the_classes(steps: str) -> None:
    moves = transitions(accepted((LIFECYCLE, f"{PURPOSE}lifecycle: {{{steps}}}")).buckets["ai-models"])
    days = [move.days for move in moves]
    assert days == sorted(days), "S3 takes moves from warm to cold only"
    assert "INTELLIGENT_TIERING" in {move.storage_class for move in moves}


@pytest.mark.parametrize(
    ("steps", "step", "what"),
    [
        (
            "infrequent_access_days: 30, intelligent_tiering_days: 59",
            "intelligent_tiering_days",
            "less than 30 days after infrequent_access_days",
        ),
        (
            "intelligent_tiering_days: 30, glacier_instant_days: 30",
            "glacier_instant_days",
            "less than 1 day after intelligent_tiering_days",
        ),
        ("intelligent_tiering_days: -1", "intelligent_tiering_days", "below the minimum"),
        (
            "intelligent_tiering_days: 9, expire_days: 9",
            "expire_days",
            "deletes objects before intelligent_tiering_days",
        ),
    ],
)
def test_intelligent_tiering_out_of_its_place_is_refused(steps: str, step: str, what: str) -> None:
    found = refused((LIFECYCLE, f"{PURPOSE}lifecycle: {{{steps}}}"))
    (problem,) = found.values()
    assert found.keys() == {f"data.buckets.ai-models.lifecycle.{step}"}
    assert problem.what.startswith(what)


@pytest.mark.parametrize(
    ("steps", "tiers", "path"),
    [
        ("intelligent_tiering_days: 0", "{}", "intelligent_tiering"),
        ("expire_days: 900", "{archive_days: 90}", "lifecycle.intelligent_tiering_days"),
        (
            "intelligent_tiering_days: 0",
            "{archive_days: 180, deep_archive_days: 180}",
            "intelligent_tiering.deep_archive_days",
        ),
        ("intelligent_tiering_days: 0", "{archive_days: 89}", "intelligent_tiering.archive_days"),
        ("intelligent_tiering_days: 0", "{deep_archive_days: 179}", "intelligent_tiering.deep_archive_days"),
        ("intelligent_tiering_days: 0", "{deep_archive_days: 731}", "intelligent_tiering.deep_archive_days"),
    ],
)
def test_archive_tiers_that_s3_refuses_or_that_nothing_comes_to_are_refused(steps: str, tiers: str, path: str) -> None:
    found = refused((LIFECYCLE, f"{PURPOSE}intelligent_tiering: {tiers}\n          lifecycle: {{{steps}}}"))
    assert f"data.buckets.ai-models.{path}" in found


def test_archive_tiers_are_not_backed_up_without_a_word() -> None:
    tiers = "intelligent_tiering: {deep_archive_days: 180}"
    tiered = (LIFECYCLE, f"{PURPOSE}{tiers}\n          lifecycle: {{intelligent_tiering_days: 0}}")
    accepted(tiered)
    words = "versions for 90 days, and a copy in the other region from the first minutes on"
    why = f"\n          archive_without_backup: {words}"
    silent = refused((LIFECYCLE + why, tiered[1]))
    problem = silent["data.buckets.ai-models.intelligent_tiering.deep_archive_days"]
    assert "AWS Backup cannot read" in problem.what


@pytest.mark.parametrize(
    ("replica", "path", "what"),
    [
        ("{region: us-east-1}", "replica.region", "lost together with the bucket"),
        ("{region: us-west-9}", "replica.region", ""),
        ("{region: us-west-2, name: phoenix-app-data-prod}", "replica.name", "name of data.buckets.app-data too"),
        (f"{{region: us-west-2, name: {'x' * 51}}}", "replica.name", "too long with the account id behind it"),
        ("{region: us-west-2, name: xn--copy}", "replica.name", "prefix that S3 keeps for itself"),
    ],
)
def test_a_replica_that_cannot_be_made_is_refused(replica: str, path: str, what: str) -> None:
    found = refused((PURPOSE, f"{PURPOSE}replica: {replica}\n          "))
    assert found.keys() == {f"data.buckets.ai-models.{path}"}
    assert what in found[f"data.buckets.ai-models.{path}"].what


def test_a_replica_in_another_region_is_accepted_and_named_by_it() -> None:
    bucket = accepted((PURPOSE, f"{PURPOSE}replica: {{region: us-west-2}}\n          ")).buckets["ai-models"]
    assert bucket.replica_name == f"{bucket.name}-us-west-2"


def test_a_replica_beside_a_standby_that_replicates_the_bucket_is_refused_in_either_file(tmp_path: Path) -> None:
    swap = (PURPOSE, f"{PURPOSE}replica: {{region: eu-west-1}}\n          ")
    (own,) = refusals(tmp_path, swap)
    assert "recovery.standby.buckets replicates the bucket already" in own
    write(tmp_path, prod=(swap,))
    (problem,) = problems(tmp_path)
    assert problem.path == ("data", "buckets", "ai-models")
    assert "one replication of a bucket" in problem.what
