"""The recovery section of a review: what is promised, what is possible, and what it hangs on."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from config import load_file, stack_file
from review import recovery

if TYPE_CHECKING:
    from config import StackConfig

DR = load_file(stack_file("dr"))
PROD = load_file(stack_file("prod"))


def shown(config: StackConfig) -> str:
    """Return what a person reads."""
    console = Console(width=160, record=True, file=io.StringIO())
    for part in recovery.as_text(config):
        console.print(part, soft_wrap=True)
    return console.export_text()


def uncopied() -> StackConfig:
    """Return dr's settings with nothing that follows prod."""
    assert DR.recovery is not None
    assert DR.recovery.standby is not None
    standby = DR.recovery.standby.model_copy(update={"postgres": None, "redis": None, "buckets": None})
    return DR.model_copy(update={"backup": None, "recovery": DR.recovery.model_copy(update={"standby": standby})})


def test_each_service_has_a_row_with_promise_bound_and_evidence() -> None:
    rows = {row.split()[0]: " ".join(row.split()[1:]) for row in shown(DR).splitlines() if " region " in row}
    assert rows["postgres"] == "region cross-region replica 10 / 7 min 9.5 min / 6.5 min assumed"
    assert rows["buckets"] == "region replication with time control 5 / 15 min 1.5 min / 15 min documented"
    assert set(rows) == {"cluster", "postgres", "redis", "buckets", "secrets", "images", "system"}


def test_the_service_that_binds_is_named_with_its_arithmetic() -> None:
    text = shown(DR)
    assert "recovery time: cluster binds: 30 s detection (3 x 10 s) + 3 min decision" in text
    assert "recovery point: images binds: 30 min replication = 30 min" in text


def test_control_planes_that_may_be_lost_are_counted() -> None:
    assert "none of them is lost as well" in shown(DR)
    text = shown(uncopied())
    assert "rds:RestoreDBInstanceFromDBSnapshot (lost)" in text
    assert "3 of them may be lost as well" in text


def test_each_control_plane_is_named_with_the_setting_that_makes_it_needed() -> None:
    lines = {line.strip() for line in shown(DR).splitlines()}
    assert {
        "rds:PromoteReadReplica: recovery.standby.postgres",
        "rds:RegisterDBProxyTargets: data.postgres.proxy",
        "elasticloadbalancing:ModifyRule: edge",
    } <= lines


def test_the_availability_is_shown_as_promise_and_product() -> None:
    (line,) = (line for line in shown(PROD).splitlines() if line.startswith("availability:"))
    assert line.startswith("availability: 98.7 % promised; possible: 99.9 CloudFront x ")
    assert line.endswith(" %")


@pytest.mark.parametrize(
    ("config", "tier"), [(PROD, None), (DR, "warm_standby"), (uncopied(), None)], ids=["prod", "dr", "uncopied"]
)
def test_the_tier_of_a_standby_is_what_stands(config: StackConfig, tier: str | None) -> None:
    lines = [line for line in shown(config).splitlines() if line.startswith("recovery tier:")]
    assert lines == ([f"recovery tier: {tier.replace('_', ' ')}, by what stands"] if tier else [])
    assert recovery.as_json(config)["tier"] == tier


@pytest.mark.parametrize("config", [PROD, DR, uncopied()], ids=["prod", "dr", "uncopied"])
def test_the_document_is_json_with_a_source_for_every_step(config: StackConfig) -> None:
    document = json.loads(json.dumps(recovery.as_json(config), allow_nan=False))
    steps = [step for one in document["services"] for side in one["steps"].values() for step in side]
    assert steps
    assert all(step["source"] and step["evidence"] for step in steps)
    assert document["availability"]["parts"]
