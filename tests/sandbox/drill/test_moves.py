"""The moves of a failover and a failback leave valid stack files behind, and so do the runbooks' own commands."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from config.files import load_file, stack_files
from sandbox.drill import moves
from sandbox.drill.settings import changed, setting
from tests.sandbox.drill import runbook

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack import StackConfig

ARN = "arn:aws:rds:us-west-2:100000000004:db:phoenix-prod"


SECOND = {"data.postgres.generation": 2, "data.postgres.previous_generations": [1]}


def _text(stack: str) -> str:
    return stack_files()[stack].read_text(encoding="utf-8")


def _loaded(place: Path, stack: str, *steps: dict[str, object]) -> StackConfig:
    text = _text(stack)
    for step in steps:
        text = changed(text, step)
    file = place / f"Pulumi.{stack}.yaml"
    file.write_text(text, encoding="utf-8")
    return load_file(file)


def test_a_standby_fails_over_by_one_setting(tmp_path: Path) -> None:
    before, after = load_file(stack_files()["dr"]), _loaded(tmp_path, "dr", moves.FAIL_OVER)
    assert after.recovery is not None
    assert after.recovery.standby is not None
    assert after.recovery.standby.active
    assert after.model_dump(exclude={"recovery"}) == before.model_dump(exclude={"recovery"}), "nothing else"


def test_a_primary_follows_and_is_cut_over(tmp_path: Path) -> None:
    follow = moves.follow(_text("prod"), ARN)
    following = _loaded(tmp_path, "prod", follow).data.postgres
    assert (following.generation, following.previous_generations, following.source_arn) == (2, (1,), ARN)
    assert _loaded(tmp_path, "prod", follow, moves.CUT_OVER).data.postgres.source_arn is None


def test_a_standby_falls_back_to_a_generation_of_its_own(tmp_path: Path) -> None:
    after = _loaded(tmp_path, "dr", moves.FAIL_OVER, moves.fall_back(_text("prod")))
    assert (after.data.postgres.generation, after.data.postgres.previous_generations) == (2, (1,))


def test_the_next_failback_counts_on() -> None:
    second = changed(_text("prod"), moves.generation(_text("prod")))
    assert moves.generation(second) == {"data.postgres.generation": 3, "data.postgres.previous_generations": [1, 2]}


@pytest.mark.parametrize(
    ("name", "stack", "wanted"),
    [
        ("failover", "dr", {moves.ACTIVE: True}),
        ("failback", "prod", SECOND | moves.CUT_OVER),
        ("failback", "dr", SECOND | {moves.ACTIVE: False}),
    ],
)  # fmt: skip
def test_what_a_runbook_types_is_what_the_drill_does(
    tmp_path: Path, name: str, stack: str, wanted: dict[str, object]
) -> None:
    file = tmp_path / f"Pulumi.{stack}.yaml"
    file.write_text(_text(stack), encoding="utf-8")
    typed = [line for block in runbook.blocks(name) for line in block.splitlines() if line.endswith(file.name)]
    for line in typed:
        assert f".new && mv {stack}.new " in line, "no flag that only one system's tools have"
        command = re.sub(r"\$\(pulumi stack output postgres_arn -s dr\)", ARN, line)
        subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=True)  # noqa: S603 a command of ours
    load_file(file)
    text = file.read_text(encoding="utf-8")
    assert {path: setting(text, path) for path in wanted} == wanted
