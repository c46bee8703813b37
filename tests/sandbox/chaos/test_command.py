"""`chaos` refuses what has no experiments before anything is started."""

from __future__ import annotations

import json

import pytest

from sandbox.chaos.subject import Place, subjects
from sandbox.run import cli
from sandbox.run.commands import chaos
from sandbox.run.failure import RefusedError
from sandbox.run.session import SHELL_MARK
from tests.config.containersfile import accepted


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


def test_experiments_are_those_of_the_file_with_what_their_objectives_allow() -> None:
    settings = accepted()
    names = list(settings.experiments.templates) if settings.experiments else []
    ids = {name: f"EXT{name}" for name in names}
    outputs = {"experiments": ids, "experiment_alarms": {"lost-task": {"failing-targets-web": "alarm-web"}}}
    found = {one.name: one for one in subjects(settings, outputs)}
    assert list(found) == names
    assert (found["failover"].allowed_seconds, found["lost-task"].alarms) == (120, ("alarm-web",))
    assert [one.template_id for one in subjects(settings, outputs, "lost-nat")] == ["EXTlost-nat"]
    with pytest.raises(LookupError, match="lost-task"):
        subjects(settings, {"experiments": {name: "x" for name in names if name != "lost-task"}})
    place = Place.of(settings, outputs, "http://127.0.0.1:1")
    assert (place.services["web"], place.services["worker"]) == (2, 0), "what is promised of each"
