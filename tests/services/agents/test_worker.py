"""The agent's program: done once, whoever is lost; refused by the guardrail; failed among the dead letters."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from services.agents import settings, worker
from services.agents.model import Bedrock
from services.agents.task import State
from tests.services.agents.place import FORBIDDEN
from tests.services.running import until

if TYPE_CHECKING:
    from tests.services.agents.place import Place

pytestmark = pytest.mark.emulator


def test_tasks_are_done_and_refused_once_with_a_doubled_message_and_a_guardrail(place: Place) -> None:
    done, refused = place.submit("why?"), place.submit(f"How is {FORBIDDEN} made?", "two", "other")
    place.send(done)
    program = place.start()
    assert place.ended(done).state is State.DONE
    ended = place.ended(refused)
    assert (ended.state, ended.reason) == (State.REFUSED, "That is not answered here.")
    until(lambda: place.waiting(place.queue) == 0)
    said = place.artifacts()
    assert said.keys() == {f"tasks/acme/{done.id}.json", f"tasks/other/{refused.id}.json"}
    assert said[f"tasks/acme/{done.id}.json"]["text"]
    assert said[f"tasks/other/{refused.id}.json"]["text"] == ""
    line = program.says("refused by the guardrail")
    assert line["found"] == [["wordPolicy", "BLOCKED"]]
    assert FORBIDDEN not in program.output.read_text(encoding="utf-8"), "no prompt is logged"
    assert program.ends(signal.SIGTERM) == 0
    assert place.waiting(place.dead) == 0


def test_a_task_whose_worker_is_killed_is_finished_by_another_once(place: Place, slow: str) -> None:
    task = place.submit("why?")
    killed = place.start(AWS_ENDPOINT_URL_BEDROCK_RUNTIME=slow)
    killed.says("taken")
    killed.ends(signal.SIGKILL)
    assert place.tasks.find("acme", task.id).state is State.RUNNING  # type: ignore[union-attr] # it is there
    place.start()
    ended = place.ended(task)
    assert (ended.state, ended.attempts, len(place.artifacts())) == (State.DONE, 2, 1)


def test_a_poisoned_task_ends_among_the_dead_letters_and_says_that_it_failed(place: Place) -> None:
    task = place.submit("why?")
    place.start(**{settings.GUARDRAIL: "none"})
    ended = place.ended(task)
    assert (ended.state, ended.attempts) == (State.FAILED, 3)
    assert [said["state"] for said in place.artifacts().values()] == ["failed"]
    until(lambda: place.waiting(place.dead) == 1 and place.waiting(place.queue) == 0)


def test_a_place_that_cannot_be_is_said_in_one_line(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value, problem in (
        (settings.TASKS, "", "not set: TABLE_TASKS_NAME"),
        (settings.GUARDRAIL_VERSION, "DRAFT", "'DRAFT' is not the number of a version"),
        (settings.QUEUE, place.dead, "maxReceiveCount is 0"),
    ):
        monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit):
            worker.main([])
        assert problem in capsys.readouterr().err
        monkeypatch.setenv(name, place.environment[name])


class _Said:
    """Bedrock, with an answer made before."""

    def __init__(self, stop: str, text: str, *actions: str) -> None:
        found = [{"match": "x", "action": action} for action in actions]
        self.trace = {"guardrail": {"outputAssessments": {"g": [{"sensitiveInformationPolicy": {"regexes": found}}]}}}
        self.said = {"stopReason": stop, "output": {"message": {"content": [{"text": text}]}}, "trace": self.trace}

    def converse(self, **_: object) -> dict[str, object]:
        return self.said


def test_an_answer_that_is_only_masked_is_one_and_what_cannot_be_told_is_refused() -> None:
    guarded = settings.Guarded("m", "g", "1")
    said = [
        Bedrock(_Said(*given), guarded).answer("why?").state
        for given in (
            ("end_turn", "a"),
            ("max_tokens", "a"),
            ("guardrail_intervened", "{NAME}", "ANONYMIZED", "NONE"),
            ("guardrail_intervened", "no", "ANONYMIZED", "BLOCKED"),
            ("guardrail_intervened", "no"),
            ("content_filtered", ""),
        )
    ]
    assert said == [State.DONE] * 3 + [State.REFUSED] * 3
    with pytest.raises(ValueError, match="no answer: it stopped by 'tool_use'"):
        Bedrock(_Said("tool_use", ""), guarded).answer("why?")
