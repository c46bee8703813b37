"""`drill` refuses what is no standby, before anything is started."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from config import stack_file
from config.files import ROOT
from sandbox.run import cli
from sandbox.run.commands import drill
from sandbox.run.failure import RefusedError
from sandbox.run.session import SHELL_MARK
from tests.config.optional import without

if TYPE_CHECKING:
    from pathlib import Path


def test_a_primary_is_no_standby(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["drill", "prod"]) == 1
    said = capsys.readouterr().out
    assert "Pulumi.prod.yaml: no `recovery.standby` in its settings" in said
    assert "python -m sandbox drill dr" in said, "what to do is reported"


def test_what_is_not_the_primary_of_the_standby_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["drill", "records", "dr"]) == 1
    assert "a drill takes prod away and fails over to dr; records is neither" in capsys.readouterr().out


@pytest.mark.parametrize("names", [["records", "records-dr"], ["records-dr", "records"], ["records-dr"]])
def test_a_pair_is_named_in_any_order_or_by_its_standby(names: list[str]) -> None:
    session: Any = SimpleNamespace(project=ROOT)
    assert [file.name for file in drill.pair_of(session, names)] == ["records", "records-dr"]


def test_a_standby_without_what_a_drill_moves_is_refused_by_name(tmp_path: Path) -> None:
    """Its file alone says it: nothing is started."""
    file = tmp_path / "Pulumi.dr.yaml"
    settings = without("dr", ("data", "redis"), ("recovery", "standby", "redis"), ("recovery", "objectives", "redis"))
    alarms = settings["observability"]["alarms"].items()
    settings["observability"]["alarms"] = {
        name: one for name, one in alarms if not one.get("source", "").startswith("redis")
    }
    file.write_text(yaml.safe_dump({"config": {"platform:settings": settings}}), encoding="utf-8")
    assert drill.lacking(file) == ["recovery.standby.redis"]
    assert drill.lacking(stack_file("dr")) == []


def test_a_stack_without_a_file_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["drill", "nowhere", "--json"]) == 1
    assert '"ok": false' in capsys.readouterr().out


def test_the_sandboxs_own_shell_is_no_place_for_a_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHELL_MARK, "1")
    with pytest.raises(RefusedError, match="leave it first"):
        drill.run(None, [], keep=False, copy=None)  # type: ignore[arg-type] # refused before anything is looked at
