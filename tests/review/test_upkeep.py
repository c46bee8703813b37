"""What ends is said in time, in the order in which it is mended, with its line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from config.examine import examine
from config.facts.versions import EKS
from config.files import read_file, stack_file
from config.stack import StackConfig
from review import upkeep
from tests.components.recording import settings_of
from tests.config.leaves import changed

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = date(2026, 12, 1)
FAR = 20_000


def of(stack: str, changes: dict[str, Any] | None = None) -> Sequence[upkeep.Due]:
    """Return what ends of a stack, with other values in its file."""
    file = read_file(stack_file(stack))
    paths: dict[tuple[str | int, ...], Any] = {tuple(path.split(".")): one for path, one in (changes or {}).items()}
    document = settings_of(stack).model_dump(mode="json", by_alias=True, exclude_none=True)
    settings = examine(changed(document, paths), None, file.path.name, stack=stack) if changes else file.settings
    assert isinstance(settings, StackConfig)
    return list(upkeep.of_stack(stack, replace(file, settings=settings)))


def test_a_standby_is_upgraded_before_its_primary() -> None:
    found = [one.stack for one in upkeep.ahead(["prod", "dr"], TODAY, FAR) if one.setting == "cluster.version"]
    assert found == ["dr", "prod"]


def test_a_cluster_goes_up_one_minor_at_a_time_with_what_must_be_there_before() -> None:
    (plain,) = (one for one in of("prod") if one.setting == "cluster.version")
    (pooled,) = (one for one in of("records") if one.setting == "cluster.version")
    assert plain.day == EKS[settings_of("prod").cluster.version].standard  # type: ignore[union-attr]
    assert plain.then == "EKS upgrades the cluster by itself"
    assert "one at a time: control plane, add-ons, node groups" in plain.do
    assert "Karpenter" not in plain.do
    assert "Karpenter" in pooled.do
    assert plain.line > 1
    assert plain.file.startswith("bases/")


def test_who_pays_for_extended_support_has_two_days() -> None:
    found = [one for one in of("prod", {"cluster.support": "EXTENDED"}) if one.setting == "cluster.version"]
    assert [one.then for one in found] == [
        "EKS bills extended support, six times the price", "EKS upgrades the cluster by itself",
    ]  # fmt: skip
    assert found[0].day < found[1].day


@pytest.mark.parametrize(
    ("stack", "setting"),
    [
        ("prod", "data.postgres.engine_version"),
        ("agents", "functions.submit.runtime"),
        ("realestate", "residency.exceptions.cdn.until"),
    ],
)
def test_whatever_has_a_last_day_is_found(stack: str, setting: str) -> None:
    found = {one.setting: one for one in of(stack)}
    kind = setting.rpartition(".")[2]
    assert any(path.endswith(kind) and path.partition(".")[0] == setting.partition(".")[0] for path in found)


def test_waivers_and_facts_end_for_all_stacks() -> None:
    found = list(upkeep.of_all(TODAY))
    assert {one.stack for one in found} == {""}
    waivers = [one for one in found if one.file == "policy/waivers.yaml"]
    assert len(waivers) > 1
    assert len({one.line for one in waivers}) == len(waivers)
    assert any("make facts" in one.do for one in found)


def test_only_what_ends_soon_is_said_the_earliest_first() -> None:
    soon, all_ = (upkeep.ahead(["prod", "records"], TODAY, days) for days in (180, FAR))
    assert [one.day for one in all_] == sorted(one.day for one in all_)
    assert soon == [one for one in all_ if one.day <= TODAY + timedelta(days=180)]


def test_days_are_said_as_a_person_counts_them() -> None:
    (one,) = (each for each in of("prod") if each.setting == "cluster.version")
    assert "(today)" in one.text(one.day)
    assert "(in 3 days)" in one.text(one.day - timedelta(days=3))
    assert "(2 days ago)" in one.text(one.day + timedelta(days=2))


def test_the_command_says_it_to_people_and_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert upkeep.main(["small", "--days", "0"]) == 0
    assert "nothing ends within 0 days" in capsys.readouterr().out
    assert upkeep.main(["prod", "--days", str(FAR), "--json"]) in (0, 1)
    said = json.loads(capsys.readouterr().out)["due"]
    assert {"day", "stack", "what", "then", "do", "file", "line", "setting", "rank"} == set(said[0])
    assert upkeep.main(["nobody"]) == 2
