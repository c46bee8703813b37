"""Changed settings are a copy of a stack file that differs in nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from config.files import ROOT, load_file, stack_files
from sandbox.drill import settings
from sandbox.drill.settings import changed, setting

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
config:
  pulumi:disable-default-providers: ["*"]
  platform:settings:
    as_of: "2026-11-21" # quoted
    recovery: {standby: {primary: prod, active: false}}
    data: {postgres: {backup_window_utc: 03:00-04:00, generation: 1}}
"""


def test_only_what_is_named_changes() -> None:
    after = yaml.safe_load(changed(TEXT, {"recovery.standby.active": True, "data.postgres.previous_generations": [1]}))
    before = yaml.safe_load(TEXT)
    before["config"]["platform:settings"]["recovery"]["standby"]["active"] = True
    before["config"]["platform:settings"]["data"]["postgres"]["previous_generations"] = [1]
    assert after == before, "dates, times and everything else are what they were"


def test_none_takes_a_setting_out() -> None:
    after = changed(TEXT, {"data.postgres.generation": None, "data.postgres.absent": None})
    assert setting(after, "data.postgres.generation") is None
    assert setting(after, "data.postgres.backup_window_utc") == "03:00-04:00"


def test_a_section_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match=r"recovery\.primary: no such section"):
        changed(TEXT, {"recovery.primary.active": True})


@pytest.fixture
def layered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a stack file that extends a base."""
    monkeypatch.setattr(settings, "CHECKOUT", tmp_path)
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases" / "trial.yaml").write_text("registry: {scan: BASIC}\ndata: {redis: {shards: 3}}\n")
    return TEXT.replace("settings:\n", "settings:\n    extends: [bases/trial.yaml]\n")


def test_a_setting_of_a_base_is_read_and_changed_in_the_stack_file(layered: str) -> None:
    assert setting(layered, "data.redis.shards") == 3
    after = yaml.safe_load(changed(layered, {"data.redis.shards": 4, "registry": None, "as_of": None}))
    said = after["config"]["platform:settings"]
    assert said["data"]["redis"] == {"shards": 4}
    assert said["registry"] is None, "takes away what the base has"
    assert "as_of" not in said


def test_a_setting_of_an_absent_section_is_none() -> None:
    assert setting(TEXT, "edge.domain") is None


@pytest.mark.parametrize("stack", stack_files(ROOT))
def test_a_copy_without_changes_means_the_same_to_the_program(stack: str, tmp_path: object) -> None:
    path = stack_files(ROOT)[stack]
    copy = type(path)(str(tmp_path)) / path.name
    copy.write_text(changed(path.read_text(encoding="utf-8"), {}), encoding="utf-8")
    assert load_file(copy) == load_file(path)
