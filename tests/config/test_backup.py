"""Backup: what AWS would refuse, skip, ignore or leave out is refused."""

from __future__ import annotations

import pytest

from tests.config.stackfile import accepted, judged, refused

DAILY = '"cron(0 7 * * ? *)", retention_days: 30'
LOCK = "{mode: governance, least_days: 7, most_days: 400}"
MONTHLY = "cold_after_days: 30, retention_days: 366"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (DAILY, '"cron(0 7 * * ? *)", retention_days: 6', "rules.daily.retention_days"),
        (DAILY, '"cron(0 7 * * ? *)", retention_days: 401', "rules.daily.retention_days"),
        (MONTHLY, "cold_after_days: 300, retention_days: 366", "rules.monthly.retention_days"),
        (LOCK, "{mode: compliance, least_days: 7, most_days: 400}", "lock.cooling_off_days"),
        (LOCK, "{mode: governance, least_days: 7, most_days: 400, cooling_off_days: 5}", "lock.cooling_off_days"),
        (DAILY, '"cron(30 2 * * ? *)", retention_days: 30', "rules.daily.schedule"),
        (DAILY, '"cron(0 3 * * ? *)", retention_days: 30', "rules.daily.schedule"),
        (DAILY, '"cron(0 4 * * ? *)", retention_days: 30', "rules.daily.schedule"),
        (DAILY, '"cron(0 24 * * ? *)", retention_days: 30', "rules.daily.schedule"),
    ],
    ids=[
        "below the lock", "above the lock", "cold too late", "compliance for ever", "governance with a date",
        "meets RDS's backup", "in RDS's backup", "in the hour before maintenance", "no hour of a day",
    ],
)  # fmt: skip
def test_a_backup_that_aws_would_refuse_or_skip_is_refused(old: str, new: str, path: str) -> None:
    assert set(refused((old, new))) == {f"backup.{path}"}


def test_a_lock_without_room_is_refused_with_every_tier_it_shuts_out() -> None:
    found = refused((LOCK, "{mode: governance, least_days: 400, most_days: 399}"))
    tiers = {f"backup.rules.{name}.retention_days" for name in ("daily", "weekly", "monthly")}
    assert set(found) == tiers | {"backup.lock.most_days"}


def test_a_compliance_lock_with_its_days_is_accepted() -> None:
    final = "{mode: compliance, least_days: 7, most_days: 400, cooling_off_days: 14}"
    backup = accepted((LOCK, final)).backup
    assert backup is not None
    assert backup.lock.cooling_off_days == 14


def test_a_primary_copies_from_nobody() -> None:
    copies = '{schedule: "cron(0 9 * * ? *)", retention_days: 30, source_retention_days: 7}'
    found = refused((f"lock: {LOCK}", f"copy_from_primary: {copies}\n      lock: {LOCK}"))
    assert set(found) == {"backup.copy_from_primary"}


def test_backups_that_leave_the_database_out_may_begin_whenever_they_like() -> None:
    alone = {"backup.resources": ["volumes"], "backup.restore_testing.buckets": []}
    assert judged(alone | {"backup.rules.daily.schedule": "cron(0 3 * * ? *)"}) == set()


MONTHLY_COLD = "backup.rules.monthly.cold_after_days"


@pytest.mark.parametrize("backed", [["postgres"], ["buckets"], ["postgres", "buckets"]])
def test_cold_storage_is_refused_where_nothing_that_is_backed_up_has_it(backed: list[str]) -> None:
    found = judged({"backup.resources": backed, "backup.restore_testing": None})
    assert found == {MONTHLY_COLD}, "AWS Backup ignores it for databases and buckets"


@pytest.mark.parametrize("backed", [["volumes"], ["postgres", "volumes"]])
def test_volumes_have_cold_storage(backed: list[str]) -> None:
    assert judged({"backup.resources": backed, "backup.restore_testing": None}) == set()


@pytest.mark.parametrize(
    ("schedule", "fits"),
    [
        ("cron(0 10 1 * ? *)", True),
        ("cron(0 10 L * ? *)", True),
        ("cron(0 10 ? * SUN#1 *)", True),
        ("cron(0 10 ? * 6L *)", True),
        ("cron(0 10 28 1,4,7,10 ? *)", True),
        ("cron(0 10 * * ? *)", False),
        ("cron(0 10 ? * SUN *)", False),
        ("cron(0 10 1,15 * ? *)", False),
        ("cron(0 10 1-7 * ? *)", False),
        ("cron(0 10 1/14 * ? *)", False),
        ("cron(0 10 15W * ? *)", False),
    ],
)
def test_volumes_are_archived_from_tiers_that_run_once_a_month_at_most(schedule: str, *, fits: bool) -> None:
    assert judged({"backup.rules.monthly.schedule": schedule}) == (set() if fits else {MONTHLY_COLD})


def test_a_copy_has_no_cold_storage() -> None:
    copies = '{schedule: "cron(0 9 * * ? *)", retention_days: 130, cold_after_days: 30, source_retention_days: 7}'
    found = refused((f"lock: {LOCK}", f"copy_from_primary: {copies}\n      lock: {LOCK}"))
    assert "backup.copy_from_primary.cold_after_days" in found


UNREADABLE = ("glacier_days", "deep_archive_days")


@pytest.mark.parametrize("steps", [(step,) for step in UNREADABLE] + [UNREADABLE])
@pytest.mark.parametrize("bucket", ["app-data", "blockchain-backups", "ai-models", "logs"])
def test_objects_that_backups_cannot_read_are_refused_unless_the_file_says_what_protects_them(
    bucket: str, steps: tuple[str, ...]
) -> None:
    days = {"infrequent_access_days": 30} | {step: 200 + 100 * at for at, step in enumerate(steps)}
    path = f"data.buckets.{bucket}"
    aged = {f"{path}.lifecycle": days}
    assert judged(aged | {f"{path}.archive_without_backup": None}) == {f"{path}.lifecycle.{steps[0]}"}
    assert judged(aged | {f"{path}.archive_without_backup": "kept on tape, by contract"}) == set()
    unread = aged | {f"{path}.archive_without_backup": None, "backup.resources": ["postgres", "volumes"]}
    assert judged(unread | {"backup.restore_testing.buckets": []}) == set(), "nobody backs them up, and nobody says so"


def test_objects_in_instant_retrieval_are_backed_up() -> None:
    days = {"infrequent_access_days": 30, "glacier_instant_days": 90}
    path = "data.buckets.logs"
    assert judged({f"{path}.lifecycle": days, f"{path}.archive_without_backup": None}) == set()


TRIAL = "backup.restore_testing"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({f"{TRIAL}.buckets": [], f"{TRIAL}.volume": None}, TRIAL),
        ({f"{TRIAL}.buckets": ["nobody"]}, f"{TRIAL}.buckets[0]"),
        ({f"{TRIAL}.buckets": ["logs", "logs"]}, f"{TRIAL}.buckets[1]"),
        ({"backup.resources": ["postgres", "volumes"]}, f"{TRIAL}.buckets"),
        (
            {"backup.resources": ["postgres", "buckets"], "backup.rules.monthly.cold_after_days": None},
            f"{TRIAL}.volume",
        ),
        ({f"{TRIAL}.resources": ["buckets"]}, f"{TRIAL}.resources"),
    ],
    ids=["nothing", "no such bucket", "twice", "no points of buckets", "no points of volumes", "all of a kind"],
)
def test_a_restore_on_trial_names_what_it_restores(changes: dict[str, object], path: str) -> None:
    assert judged(changes) == {path}


@pytest.mark.parametrize("changes", [{f"{TRIAL}.volume": None}, {f"{TRIAL}.buckets": []}])
def test_a_restore_on_trial_may_be_of_one_kind(changes: dict[str, object]) -> None:
    assert judged(changes) == set()
