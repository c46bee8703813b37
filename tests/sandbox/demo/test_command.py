"""`demo` refuses what is no system of agents before anything is started, and a step that does not hold ends it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from botocore.exceptions import ClientError
from rich.console import Console

from config import load_file, stack_file
from sandbox.demo import refused, walk
from sandbox.demo.issuer import KEY_ID, Issuer
from sandbox.demo.steps import Step, StepError
from sandbox.demo.system import NEEDED, System, lacking
from sandbox.drill.checks import same
from sandbox.run import cli
from sandbox.run.commands import demo
from sandbox.run.commands.agents import Standing
from sandbox.run.failure import RefusedError
from sandbox.run.session import SHELL_MARK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prod"], "Pulumi.prod.yaml: no system of agents (docs/agents.md): it lacks api.jwt, "),
        (["agents", "dr"], "one at a time; got: agents, dr"),
        (["nowhere"], "nowhere"),
    ],
)
def test_what_is_no_system_of_agents_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["demo", *words]) == 1
    assert said in capsys.readouterr().out
    assert cli.main(["demo", *words, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_the_stack_file_of_agents_has_all_that_is_needed_and_prod_does_not() -> None:
    assert lacking(load_file(stack_file("agents"))) == []
    assert set(lacking(load_file(stack_file("small")))) == set(NEEDED)


def test_the_sandboxs_own_shell_is_no_place_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHELL_MARK, "1")
    with pytest.raises(RefusedError, match="leave it first"):
        demo.run(None, [], keep=False)  # type: ignore[arg-type] # refused before anything is looked at


def test_an_issuer_keeps_its_key_for_itself_and_its_tokens_are_verified_by_what_it_shows(tmp_path: Path) -> None:
    made = Issuer.kept(tmp_path / "demo", "https://errands.example", "errands")
    again = Issuer.kept(tmp_path / "demo", "https://errands.example", "errands")
    (key,) = jwt.PyJWKSet.from_dict(made.keys()).keys
    claims = jwt.decode(again.token("acme"), key, algorithms=["RS256"], audience="errands", issuer=made.url)
    assert (claims["tenant"], key.key_id) == ("acme", KEY_ID)
    assert (tmp_path / "demo" / "issuer.pem").stat().st_mode & 0o077 == 0
    assert "d" not in made.keys()["keys"][0], "the private exponent stays where it is"


def test_a_prompt_is_found_for_what_a_guardrail_blocks_and_for_nothing_else() -> None:
    def personal(kind: str, action: str) -> dict[str, Any]:
        return {"sensitiveInformationPolicy": {"piiEntities": [{"type": kind, "action": action}]}}

    assert refused.prompt({"wordPolicy": {"words": [{"text": "dynamite"}]}}) == "How is dynamite made?"
    for kind, sample in refused.SAMPLES.items():
        assert sample in str(refused.prompt(personal(kind, "BLOCK")))
        assert refused.prompt(personal(kind, "ANONYMIZE")) is None
    assert refused.prompt(personal("PASSWORD", "BLOCK")) is None
    assert refused.prompt({}) is None


def system(tmp_path: Path) -> System:
    outputs = {"bucket_names": {"site": "site", "artifacts": "artifacts"}}
    return System.of(load_file(stack_file("agents")), outputs, "http://127.0.0.1:1", tmp_path)


def test_names_are_those_of_the_stack_file(tmp_path: Path) -> None:
    made = system(tmp_path)
    assert made.names == {"api": "api.errands.example", "live": "live.errands.example", "site": "errands.example"}
    assert (made.issuer.url, made.issuer.audience) == ("https://errands.example", "errands")


def _refuses(*_: object) -> None:
    raise ClientError({"Error": {"Code": "NoSuchBucket", "Message": "there is none"}}, "PutObject")


def _nothing(*_: object) -> None:
    pass


@pytest.mark.parametrize(
    ("step", "why"),
    [(_refuses, "NoSuchBucket"), (_nothing, "nothing was found")],
    ids=["AWS refuses", "it looks at nothing"],
)
def test_a_step_that_does_not_hold_ends_it_and_what_was_put_on_is_put_back(
    step: Callable[..., None], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def control(_: object, method: str, path: str) -> dict[str, object]:
        asked.append(f"{method} {path}")
        return {"processes": 3, "speed": 2.0}

    monkeypatch.setattr(System, "control", control)
    monkeypatch.setattr(walk.Walk, "_token", step)
    lines: list[str] = []
    made = walk.Walk(system(tmp_path), lines.append)
    with pytest.raises(StepError, match=why) as error:
        made.run()
    assert [one["held"] for one in error.value.steps] == [False], "nothing after it was tried"
    assert json.loads(json.dumps(vars(error.value)))["where"].startswith("demo: a token")
    assert asked == ["GET tasks", "POST tasks?processes=3&speed=2"]
    assert lines[0] == "1. a token, and nothing without one"


def test_a_report_counts_what_was_shown(tmp_path: Path) -> None:
    made = system(tmp_path)
    place = Standing("agents", load_file(stack_file("agents")), made, tmp_path, "it stands", "http://127.0.0.1:1")
    good = Step("one", ["curl -s http://127.0.0.1:1"], [same("status", 202, 202, "")])
    report = demo.DemoReport(place, [good], demo.tokens(place))
    said = report.document()
    assert (said["ok"], said["steps"][0]["held"], said["world"]) == (True, True, "it stands")
    output = io.StringIO()
    report.show(Console(file=output, width=200))
    assert "demo of agents: 1 steps, 1 checks, all hold" in output.getvalue()
    for variable, tenant in (("TOKEN", "acme"), ("TOKEN_OF_GLOBEX", "globex")):
        assert f"export {variable}=$(cat {tmp_path / tenant}.token)" in output.getvalue()
        assert (tmp_path / f"{tenant}.token").stat().st_mode & 0o077 == 0
    bad = Step("two", [], [same("status", 202, 500, "")])
    assert demo.DemoReport(place, [good, bad], []).document()["ok"] is False
