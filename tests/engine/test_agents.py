"""Stack `agents` deploys from nothing, changes nothing a second time, does what it is for, and goes whole.

Plain clients ask it by its names. Agents run as processes on its queue.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from sandbox.demo.sockets import Refused
from services.agents import settings
from tests.engine.agents_world import BURST_SECONDS, STACK, TASKS, WAITS_SECONDS, deployed
from tests.services.agents.place import FORBIDDEN
from tests.services.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.agents_world import Agents

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def agents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agents]:
    """The deployed stack."""
    with deployed(tmp_path_factory.mktemp(STACK)) as made:
        yield made


@pytest.fixture(scope="module")
def asked(agents: Agents) -> Agents:
    """The deployed stack with an issuer of tokens."""
    agents.system.issuer.show(agents.system.client("s3"), agents.system.site)
    return agents


def test_a_second_run_changes_nothing(agents: Agents) -> None:
    again = agents.world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-4000:]
    (planned,) = again.document()["stacks"]
    assert (planned["changes"], planned["policy"]["refused"]) == ({}, 0)


def test_each_service_of_the_document_is_there(agents: Agents) -> None:
    api, dynamodb = agents.system.client("apigatewayv2"), agents.system.client("dynamodb")
    kinds = {one["ProtocolType"]: one["DisableExecuteApiEndpoint"] for one in api.get_apis()["Items"]}
    assert kinds == {"HTTP": True, "WEBSOCKET": True}, "both answer by their own names alone"
    said = agents.system.client("lambda").list_functions()["Functions"]
    functions = {one["Handler"].split(".")[2]: one for one in said if one["Handler"].startswith("services.agents.")}
    assert functions.keys() == {"archive", "authorizer", "changes", "http", "sockets"}
    assert [name for name, one in functions.items() if one.get("VpcConfig", {}).get("SubnetIds")] == ["archive"]
    tables = {
        short: dynamodb.describe_table(TableName=name)["Table"]
        for short, name in agents.system.outputs["table_names"].items()
    }
    assert {short: [key["AttributeName"] for key in one["KeySchema"]] for short, one in tables.items()} == {
        "tasks": ["tenant", "id"],
        "connections": ["tenant", "connection"],
    }
    assert tables["tasks"]["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert agents.system.desired() == 0, "nothing runs while nobody asks"
    (database,) = agents.system.client("rds").describe_db_instances()["DBInstances"]
    assert (database["Engine"], database["MultiAZ"]) == ("postgres", True)
    (cache,) = agents.system.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert cache["AutomaticFailover"] == "enabled"


def test_without_a_token_nobody_is_heard(asked: Agents) -> None:
    assert asked.system.ask("POST", "/tasks", body={"prompt": "why?"}, key="one")[0] == 401
    elsewhere = asked.system.issuer.token("acme", iss="https://elsewhere.example")
    assert asked.system.ask("POST", "/tasks", elsewhere, {"prompt": "why?"}, key="one")[0] == 401
    for bad in ("", elsewhere):
        with pytest.raises(Refused, match="401"):
            asked.listen(bad)
    assert asked.system.ask("GET", "/openapi.json")[1]["openapi"].startswith("3.1")


def test_a_task_is_submitted_once_answered_and_heard_of_by_its_tenant_alone(asked: Agents) -> None:
    acme, other = asked.system.issuer.token("acme"), asked.system.issuer.token("other")
    ann, bob = asked.listen(acme), asked.listen(other)
    status, task = asked.system.ask("POST", "/tasks", acme, {"prompt": "why?"}, key="one")
    assert (status, task["state"]) == (202, "queued")
    assert asked.system.ask("POST", "/tasks", acme, {"prompt": "why?"}, key="one") == (202, task), (
        "the same request: one task"
    )
    agent = asked.work()
    assert ann.until("done") == ["queued", "running", "done"]
    assert asked.system.ask("GET", f"/tasks/{task['id']}", acme)[1]["state"] == "done"
    assert asked.system.ask("GET", f"/tasks/{task['id']}", other)[0] == 404
    assert asked.artifacts()[f"tasks/acme/{task['id']}.json"]["state"] == "done"

    refused = asked.system.ask("POST", "/tasks", other, {"prompt": f"How is {FORBIDDEN} made?"}, key="one")[1]
    assert bob.until("refused") == ["queued", "running", "refused"], "it has heard nothing of another tenant's"
    assert {one["id"] for one in bob.heard} == {refused["id"]}
    assert bob.heard[-1]["reason"] == "The guardrail refuses this prompt."
    assert agent.says("refused by the guardrail")["found"] == [["wordPolicy", "BLOCKED"]]
    assert {one["id"] for one in ann.heard} == {task["id"]}
    for client in (ann, bob):
        client.close()
    until(lambda: asked.system.connections() == 0, WAITS_SECONDS)
    assert agent.ends(signal.SIGTERM) == 0


def test_a_task_whose_agent_is_killed_is_finished_by_another_once(asked: Agents) -> None:
    acme = asked.system.issuer.token("acme")
    task = asked.system.ask("POST", "/tasks", acme, {"prompt": "who?"}, key="killed")[1]
    killed = asked.work(AWS_ENDPOINT_URL_BEDROCK_RUNTIME="http://192.0.2.1:1")
    killed.says("taken")
    killed.ends(signal.SIGKILL)
    assert asked.system.ask("GET", f"/tasks/{task['id']}", acme)[1]["state"] == "running"
    another = asked.work()
    until(lambda: asked.system.ask("GET", f"/tasks/{task['id']}", acme)[1]["state"] == "done", WAITS_SECONDS)
    assert asked.artifacts()[f"tasks/acme/{task['id']}.json"]["state"] == "done"
    assert another.ends(signal.SIGTERM) == 0


def test_a_poisoned_task_ends_among_the_dead_letters_and_alarms(asked: Agents) -> None:
    acme = asked.system.issuer.token("acme")
    task = asked.system.ask("POST", "/tasks", acme, {"prompt": "which?"}, key="poisoned")[1]
    agent = asked.work(**{settings.GUARDRAIL: "none"})
    until(lambda: asked.system.left(asked.system.dead) == 1, WAITS_SECONDS)
    assert asked.system.ask("GET", f"/tasks/{task['id']}", acme)[1]["state"] == "failed"
    assert asked.system.left(asked.system.queue) == 0
    asked.system.emulator.advance(600)
    alarms = asked.system.client("cloudwatch").describe_alarms(StateValue="ALARM")["MetricAlarms"]
    assert [one["AlarmName"] for one in alarms if "dead-letters" in one["AlarmName"]]
    assert agent.ends(signal.SIGTERM) == 0


def test_a_burst_is_answered_by_more_agents_then_by_none_each_task_once(asked: Agents) -> None:
    acme, before = asked.system.issuer.token("acme"), len(asked.artifacts())
    asked.system.control("POST", "tasks?processes=12&speed=20")
    asked.system.emulator.advance(240)
    assert asked.system.desired() == 0, "nothing runs while nobody asks"
    tasks = [
        asked.system.ask("POST", "/tasks", acme, {"prompt": f"why {at}?"}, key=f"burst-{at}")[1] for at in range(TASKS)
    ]
    assert len({one["id"] for one in tasks}) == TASKS
    asked.system.emulator.advance(240)
    assert asked.system.desired() > 1, "a burst takes more than one agent"
    queue = asked.system.queue
    until(lambda: asked.system.left(queue) == 0, BURST_SECONDS, lambda: asked.system.left(queue))
    states = {one["id"]: asked.system.ask("GET", f"/tasks/{one['id']}", acme)[1]["state"] for one in tasks}
    assert set(states.values()) == {"done"}, "none is lost"
    assert len(asked.artifacts()) == before + TASKS, "and none is answered twice"
    asked.system.emulator.advance(1800)
    until(lambda: asked.system.desired() == 0, WAITS_SECONDS, asked.system.desired)


def test_the_demo_shows_it_from_end_to_end_and_says_what_it_asked(asked: Agents) -> None:
    before = len(asked.artifacts())
    ended = asked.world.sandbox("demo", STACK, "--keep", "--json")
    assert ended.status == 0, ended.text[-8000:]
    said = ended.document()
    assert (said["ok"], said["emulator"]) == (True, asked.system.endpoint), "the same world stands"
    assert all(step["held"] and step["asked"] and step["checks"] for step in said["steps"])
    shown = {check["name"]: check["found"] for step in said["steps"] for check in step["checks"]}
    assert shown["states"] == "['queued', 'running', 'done']"
    assert shown["reason"] == "The guardrail refuses this prompt."
    assert len(asked.artifacts()) == before + 2, "of the task, and of the refusal"


def test_down_leaves_nothing(asked: Agents) -> None:
    asked.system.control("POST", "tasks?processes=0&speed=1")
    asked.clear()
    ended = asked.world.sandbox("down", "--destroy", STACK, "--json")
    assert ended.status == 0, ended.text[-4000:]
    notes = ended.document()["notes"]
    assert any("asked the embedded AWS with boto3: none of" in note for note in notes), notes
    assert notes[-1] == "nothing runs"
