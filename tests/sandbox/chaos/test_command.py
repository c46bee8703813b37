"""`chaos` refuses what has no experiments before anything is started."""

from __future__ import annotations

import json

import pytest

from sandbox.run import cli
from sandbox.run.commands import chaos
from sandbox.run.failure import RefusedError
from sandbox.run.session import SHELL_MARK


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prod"], "no section `experiments`"),
        ([], "one at a time; got: none"),
        (["prod", "dr"], "one at a time; got: prod, dr"),
        (["nowhere"], "nowhere"),
    ],
)
def test_what_has_no_experiments_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["chaos", *words]) == 1
    assert said in capsys.readouterr().out
    assert cli.main(["chaos", *words, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_the_sandboxs_own_shell_is_no_place_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHELL_MARK, "1")
    with pytest.raises(RefusedError, match="leave it first"):
        chaos.run(None, ["auctions"], None)  # type: ignore[arg-type] # refused before anything is looked at
