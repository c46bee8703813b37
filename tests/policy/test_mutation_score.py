"""The mutation score (mutation.py): whole for every recorded stack, and for every rule that stops a deployment.

A small stack is flipped in every run, whole ones in those that take time.
"""

from __future__ import annotations

import json
import sys

import pytest

from tests.policy import mutation
from tests.policy.mutation import STACKS, Flips, deaths, flips, main


@pytest.mark.parametrize(
    "stack", [pytest.param(name, marks=() if name == "small" else pytest.mark.slow) for name in STACKS]
)
def test_every_row_flipped_breaks_exactly_itself(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    score = flips(stack)
    with capsys.disabled():
        sys.stdout.write(f"\n{mutation.described(score)}\n")
    assert score.flips > (10 if stack == "small" else 50)
    assert (score.exact, score.wrong) == (score.flips, {})


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_binding_rule_that_judges_a_stack_dies_by_a_mutation(capsys: pytest.CaptureFixture[str]) -> None:
    score = deaths(STACKS)
    with capsys.disabled():
        sys.stdout.write(f"\n{mutation.dead_described(score)}\n")
    assert score.by_additions < score.judging // 8, "a change of what stands is worth more than something beside it"
    assert (score.left, score.dead) == ([], score.judging)


def test_the_command_prints_the_score_and_fails_where_it_is_not_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, part = Flips("small", 2, 2, {}), Flips("small", 2, 1, {"a-rule aws:s3/bucket:Bucket acl": ["another-rule"]})
    monkeypatch.setattr(mutation, "deaths", lambda _: mutation.Deaths(9, 3, 1, 1, 1, []))
    for score, status in ((whole, 0), (part, 1)):
        monkeypatch.setattr(mutation, "flips", lambda _, score=score: score)
        assert main(["small"]) == status
        assert f"small: {score.exact} of 2 flips break exactly their rule" in capsys.readouterr().out
        assert main(["small", "--json"]) == status
        assert json.loads(capsys.readouterr().out)["stacks"][0]["wrong"] == score.wrong
    monkeypatch.setattr(mutation, "deaths", lambda _: mutation.Deaths(9, 3, 1, 1, 0, ["a-rule"]))
    monkeypatch.setattr(mutation, "flips", lambda _: whole)
    assert main(["small"]) == 1
    assert "a-rule: survives" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["smal"])
