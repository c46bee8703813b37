"""The pack says what public checkers say, or somebody has said why it does not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policy.agreement.__main__ import main
from policy.agreement.fixtures import FixtureError, catalogue
from policy.agreement.judged import claims, judged, scores
from policy.deciding import inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.agreement.judged import Judged

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"
LEAST_OF_EACH = 2
FAULTY = {
    "CKV_X: {type: rds.Instance, passes: [{}]}": "passes; allowed: ",
    "CKV_X: {pass: [{}]}": "no type",
    'CKV_X: {type: rds.Instance, pass: [{kmsKeyId: "$key"}]}': "$key: no such resource; there are: it",
    "CKV_X: {type: a.B}\nCKV_X: {type: a.C}": "stands twice: CKV_X",
}


tables = cache(catalogue)


@cache
def verdicts() -> Sequence[Judged]:
    """Every fixture, judged once for all tests."""
    return judged(tables().fixtures)


def test_every_disagreement_has_a_reason_and_every_reason_a_disagreement() -> None:
    wrong = [each for each in verdicts() if each.unexplained or each.stale]
    assert [("explained, and agrees" if each.stale else "unexplained", each.fixture.place) for each in wrong] == []


def test_every_control_of_checkov_that_is_claimed_is_tried_both_ways() -> None:
    fixtures = tables().fixtures
    tried = {(each.control, each.label) for each in fixtures}
    claimed = {control for control in claims() if control.startswith("CKV")}
    assert {one for one in claimed if (one, "fail") not in tried} == NEVER_WRONG, "claimed, and nothing shows it"
    assert {one for one in claimed if (one, "pass") not in tried} <= ALWAYS_WRONG
    assert {each.control for each in fixtures} <= claims().keys() | tables().open.keys(), "tried, and not claimed"


ALWAYS_WRONG = {"CKV_AWS_148", "CKV_AWS_205"}
"""Controls against a type as such, or of one that the pack refuses."""
NEVER_WRONG = {"CKV_AWS_19"}
"""Controls that checkov finds held whatever is said: S3 encrypts every object."""


def test_a_control_is_held_or_open_and_not_both() -> None:
    assert claims().keys() & tables().open.keys() == set()


def test_fixtures_set_what_the_provider_knows() -> None:
    """A name that is none would be left out by the rule, and agree with `fail` for no reason."""
    set_by = {
        (made.type, name): each.place
        for each in tables().fixtures
        for made in each.stack
        if made.type.startswith("aws:")
        for name in made.inputs
    }
    known = inputs({type_ for type_, _ in set_by})
    assert {type_ for type_, _ in set_by} - known.keys() == set()
    assert {place: name for (type_, name), place in set_by.items() if name not in known[type_]} == {}


def test_a_rule_that_is_gone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    fixtures = [each for each in tables().fixtures if each.control == "CKV_AWS_16"]
    monkeypatch.setattr("policy.agreement.judged.claims", dict)
    [score] = scores(judged(fixtures))
    assert score.unexplained == sum(each.label == "fail" for each in fixtures) >= LEAST_OF_EACH


def test_an_explained_disagreement_that_agrees_is_noticed() -> None:
    [fixture, *_] = [each for each in tables().fixtures if each.why]
    [other] = judged([replace(fixture, label="pass" if fixture.label == "fail" else "fail")])
    assert other.stale


@pytest.mark.parametrize("text", FAULTY)
def test_a_faulty_table_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FixtureError, match=re.escape(FAULTY[text])):
        catalogue(tmp_path)


def test_the_page_and_the_counts_are_those_of_the_fixtures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy.agreement.__main__.judged", lambda _: verdicts())
    assert main(["--page"]) == 0
    assert PAGE.read_text(encoding="utf-8") == capsys.readouterr().out, "write it anew: see its head"
    assert main(["--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert sum(each["fixtures"] for each in said["controls"]) == len(verdicts())
    assert said["unexplained"] == said["stale"] == []
    monkeypatch.setattr("policy.agreement.__main__.judged", lambda _: [replace(verdicts()[0], agrees=False)])
    assert main([]) == 1
    assert f"unexplained: {verdicts()[0].fixture.place}" in capsys.readouterr().out
