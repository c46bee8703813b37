from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from standins.awsproxy import held, values
from standins.paths import RUN_VARIABLE
from standins.tests.awsproxy.driver import NONE, SOME, Engine
from standins.tests.awsproxy.test_calls import aws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

TOPIC = "aws:sns/topic:Topic"
REASON = "the embedded AWS cannot do it"


@pytest.fixture
def holding(environ: dict[str, str], tmp_path: Path) -> Iterator[Engine]:
    """A plugin that holds topics, which the embedded AWS could serve: so its absence there is the plugin's doing."""
    held_list = tmp_path / "held.yaml"
    held_list.write_text(f"- {{type: '{TOPIC}', reason: '{REASON}'}}")
    with Engine({**environ, RUN_VARIABLE: str(tmp_path)}, held_list) as running:
        yield running.configure()


def names(environ: dict[str, str]) -> list[str]:
    return [topic["TopicArn"].rpartition(":")[2] for topic in aws(environ, "sns").list_topics()["Topics"]]


def test_a_held_resource_is_checked_and_planned_but_never_made(
    holding: Engine, environ: dict[str, str], tmp_path: Path
) -> None:
    inputs = holding.inputs(TOPIC, "held", {"displayName": "one"})
    assert inputs["tagsAll"] == {"Project": "trial"}, "checked like any other"
    identity, state = holding.create(TOPIC, "held", inputs)
    assert identity.startswith("held-")
    assert state[held.MARK] == REASON
    assert state["displayName"] == "one"
    assert not values.contains_unknown(state), "a state is what is known"
    assert inputs["name"] not in names(environ), "it was not made"
    assert holding.diff(TOPIC, "held", identity, (state, inputs, inputs)).changes == NONE
    changed = {**inputs, "displayName": "two"}
    assert holding.diff(TOPIC, "held", identity, (state, inputs, changed)).changes == SOME
    updated = holding.update(TOPIC, "held", identity, (state, inputs, changed))
    assert (updated["displayName"], updated[held.MARK]) == ("two", REASON)
    read = holding.read(TOPIC, "held", identity, updated, changed)
    assert values.from_struct(read.properties) == updated, "there is nothing to read but what was recorded"
    holding.delete(TOPIC, "held", identity, updated)
    lines = (tmp_path / "held" / "trial.jsonl").read_text().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["create", "update", "delete"]
    assert {json.loads(line)["reason"] for line in lines} == {REASON}


def test_what_the_provider_refuses_is_refused_when_held(holding: Engine) -> None:
    response = holding.check(TOPIC, "held", {"deliveryPolicy": "no json"})
    assert [failure.reason for failure in response.failures], "holding is no way around the provider's validation"
