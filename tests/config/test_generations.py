"""Generations of the database, and whom database and cache follow."""

from __future__ import annotations

import pytest

from config import load_file, stack_file
from tests.config.stackfile import accepted, judged, refused
from tests.config.standbyfile import STANDBY

ROTATION = "        secret: {rotation_days: 30} # RDS cannot manage"
ABROAD = "arn:aws:rds:us-west-2:100000000004:db:phoenix-prod"
POSTGRES = "data.postgres"


def _with(lines: str) -> tuple[str, str]:
    added = "".join(f"        {line}\n" for line in lines.split("\n"))
    return (ROTATION, f"{added}{ROTATION}")


@pytest.mark.parametrize(
    ("lines", "path", "what"),
    [
        ("previous_generations: [1]", "previous_generations[0]", "not earlier than generation 1"),
        ("generation: 2\nprevious_generations: [2]", "previous_generations[0]", "not earlier than generation 2"),
        ("generation: 3\nprevious_generations: [1, 1]", "previous_generations[1]", "stands in the list already"),
        (f"source_arn: {ABROAD}", "generation", "can follow nobody any more"),
        (
            f"generation: 2\nprevious_generations: [1]\nsource_arn: {ABROAD.replace('us-west-2', 'us-east-1')}",
            "source_arn",
            "own region",
        ),
        (
            f"generation: 2\nsource_arn: {ABROAD.replace('100000000004', '100000000005')}",
            "source_arn",
            "another account",
        ),
        ("generation: 2\nsource_arn: phoenix-prod", "source_arn", "not of the required form"),
        ("generation: 0", "generation", "below the minimum"),
    ],
)
def test_a_generation_that_cannot_be_is_refused(lines: str, path: str, what: str) -> None:
    found = refused(_with(lines))
    (at,) = [one for one in found if one.startswith(f"{POSTGRES}.{path.split('[', maxsplit=1)[0]}")]
    assert what in found[at].what, str(found[at])


def test_a_failback_is_accepted() -> None:
    postgres = accepted(_with(f"generation: 2\nprevious_generations: [1]\nsource_arn: {ABROAD}")).data.postgres
    assert (postgres.generation, postgres.previous_generations, postgres.source_arn) == (2, (1,), ABROAD)


def test_a_standby_names_no_source_of_its_own() -> None:
    changes = {
        "identity.role": "standby",
        f"{POSTGRES}.generation": 2,
        f"{POSTGRES}.source_arn": ABROAD,
    }
    assert f"{POSTGRES}.source_arn" in judged(changes), "it follows the primary that recovery.standby names"


def test_a_standby_does_not_say_that_its_cache_is_followed() -> None:
    found = judged({"identity.role": "standby", "data.redis.in_global_datastore": True})
    assert "data.redis.in_global_datastore" in found, "it is a member by recovery.standby.redis"
    assert "data.redis.in_global_datastore" not in judged({"data.redis.in_global_datastore": True}), (
        "its primary's is followed"
    )


def test_the_primary_knows_that_its_cache_is_followed() -> None:
    """The file of the standby cannot change the primary's; what it makes of its cache must stand there."""
    assert STANDBY.recovery is not None
    assert STANDBY.recovery.standby is not None
    assert STANDBY.recovery.standby.redis is not None
    assert load_file(stack_file(STANDBY.recovery.standby.primary)).data.redis.in_global_datastore


def test_a_reader_is_not_called_like_a_generation() -> None:
    found = refused(("reader-b: {instance_class: db.r5.xlarge", "g2: {instance_class: db.r5.xlarge"))
    assert [one.what for one in found.values()] == ["names of this form are those of generations"]


@pytest.mark.parametrize("value", ["301", "0"])
def test_a_proxy_that_rds_does_not_give_is_refused(value: str) -> None:
    swap = ("borrow_timeout_seconds: 30", f"borrow_timeout_seconds: {value}")
    assert list(refused(swap)) == [f"{POSTGRES}.proxy.borrow_timeout_seconds"]
