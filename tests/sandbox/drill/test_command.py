"""`drill` refuses what is no standby, before anything is started."""

from __future__ import annotations

import pytest

from sandbox.run import cli
from sandbox.run.commands import drill
from sandbox.run.failure import RefusedError
from sandbox.run.session import SHELL_MARK


def test_a_primary_is_no_standby(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["drill", "prod"]) == 1
    said = capsys.readouterr().out
    assert "Pulumi.prod.yaml: no `recovery.standby` in its settings" in said
    assert "python -m sandbox drill dr" in said, "what to do is reported"


def test_a_stack_without_a_file_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["drill", "nowhere", "--json"]) == 1
    assert '"ok": false' in capsys.readouterr().out


def test_the_sandboxs_own_shell_is_no_place_for_a_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHELL_MARK, "1")
    with pytest.raises(RefusedError, match="leave it first"):
        drill.run(None, [], keep=False, copy=None)  # type: ignore[arg-type] # refused before anything is looked at
