"""Schedules: what the two grammars take, what they do not, and what never runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cron import AWS, CRONTAB, Field, flaws
from config.facts.names import time_zones
from tests.config.stackfile import SETTINGS, judged

YEAR = 2026
EVENING = "cluster.node_groups.general.policies.scheduled.evening"
BACKUP_PLACES = ("backup.rules.daily.schedule", "backup.rules.monthly.schedule", "backup.restore_testing.schedule")


def found(text: str, fields: tuple[Field, ...]) -> list[str]:
    return [flaw.what for flaw in flaws(text, fields, YEAR)]


@pytest.mark.parametrize(
    "text",
    [
        "0 7 * * ? *", "30 8 ? * SUN *", "0 10 1 * ? *", "0/15 9-17 ? * MON-FRI *", "0 9 ? * 6L *", "0 9 ? * 3#2 *",
        "0 9 L * ? *", "0 9 LW * ? *", "0 9 3W * ? *", "0,30 */2 1,15 JAN,JUL ? 2026-2030", "0 0 29 FEB ? *",
        "0 0 L FEB ? *", "0 0 1-31/2 2 ? *", "59 23 ? 12 7 2199", "0 0 ? * TUE#5 *",
    ],
)  # fmt: skip
def test_schedules_of_aws_are_taken(text: str) -> None:
    assert found(text, AWS) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("0 7 * * * *", "names both"),
        ("0 7 1 * MON *", "names both"),
        ("0 7 ? * ? *", "names no day"),
        ("60 7 * * ? *", "its minute is 60"),
        ("0 24 * * ? *", "its hour is 24"),
        ("0 7 0 * ? *", "its day of month is 0"),
        ("0 7 32 * ? *", "its day of month is 32"),
        ("0 7 * 13 ? *", "its month is 13"),
        ("0 7 * FOO ? *", "its month is FOO"),
        ("0 7 ? * 0 *", "its day of week is 0"),
        ("0 7 ? * 8 *", "its day of week is 8"),
        ("0 7 ? * MON#6 *", "its day of week is MON#6"),
        ("0 7 ? * FRI-MON *", "its day of week is FRI-MON"),
        ("0 7 * * ? 1969", "its year is 1969"),
        ("0 7 * * ? 2025", "is over"),
        ("0 7 * * ? 2020-2025", "is over"),
        ("0/0 7 * * ? *", "its minute is 0/0"),
        ("*/99 7 * * ? *", "its minute is */99"),
        ("0 7 1,,2 * ? *", "its day of month is 1,,2"),
        ("0 7 32W * ? *", "its day of month is 32W"),
        ("0 7 31 4,6 ? *", "names a day that no such month has"),
        ("0 7 30 FEB ? *", "names a day that no such month has"),
        ("0 7 * * ?", "has 5 fields"),
    ],
)
def test_schedules_that_aws_refuses_or_never_runs_are_reported(text: str, what: str) -> None:
    reported = found(text, AWS)
    assert len(reported) == 1
    assert reported[0].startswith(what)


@pytest.mark.parametrize("text", ["0 7 * * MON-FRI", "30 0 1 1,6,12 *", "*/5 * * * *", "0 0 * * 7", "0 0 31 4 SUN"])
def test_recurrences_of_crontab_are_taken(text: str) -> None:
    assert found(text, CRONTAB) == []


@pytest.mark.parametrize(
    "text", ["75 7 * * *", "0 25 * * *", "0 0 0 * *", "0 0 31 4 *", "0 0 * * 8", "0 0 * 0 *", "0 0 ? * *"]
)
def test_recurrences_that_are_none_are_reported(text: str) -> None:
    assert len(found(text, CRONTAB)) == 1


@given(st.sampled_from(AWS), st.integers(0, 3000))
def test_a_number_is_taken_within_its_fields_range_only(field: Field, number: int) -> None:
    assert (field.values(str(number)) == {number}) == (field.low <= number <= field.high)


@given(st.text(alphabet="0123456789*/,-?LW#SUNMOJA ", max_size=24))
def test_no_text_breaks_the_parser(text: str) -> None:
    for fields in (AWS, CRONTAB):
        assert all(flaw.what and flaw.allowed for flaw in flaws(text, fields, YEAR))


@pytest.mark.parametrize("place", BACKUP_PLACES)
def test_every_schedule_of_a_stack_file_is_judged(place: str) -> None:
    assert judged({place: "cron(0 10 1 * * *)"}) == {place}


def test_recurrence_and_time_zone_are_judged() -> None:
    assert judged({f"{EVENING}.recurrence": "75 25 * * MON-FRI", f"{EVENING}.time_zone": "Amerika/New_York"}) == {
        f"{EVENING}.recurrence",
        f"{EVENING}.time_zone",
    }


def test_time_zones_are_iana_s_canonical_names() -> None:
    assert {"America/New_York", "Europe/Berlin", "Etc/UTC", "Etc/GMT+9", "Pacific/Tahiti"} <= time_zones()
    assert not {"US/Eastern", "EST", "UTC", "Amerika/New_York", "Etc/GMT+15"} & time_zones()
    used = {one["time_zone"] for one in SETTINGS["cluster"]["node_groups"]["general"]["policies"]["scheduled"].values()}
    assert used <= time_zones()
