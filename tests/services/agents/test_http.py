"""A task is submitted once, read by its tenant, and described."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.agents import describe, http
from services.agents.task import Outcome, State, claimed, ended
from tests.services.agents.place import CONTEXT, request

if TYPE_CHECKING:
    from tests.services.agents.place import Place

DOCS = Path(__file__).resolve().parents[3] / "docs" / "agents"


def ask(*given: Any, **more: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - what `request` takes
    answer = http.handler(request(*given, **more), CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.emulator
def test_the_same_request_twice_is_one_task_and_another_one_under_its_key_is_refused(place: Place) -> None:
    status, first = ask("POST", "/tasks", {"prompt": "why?"}, idempotency_key="one")
    assert (status, first["state"], first["artifact"]) == (202, "queued", None)
    assert ask("POST", "/tasks", {"prompt": "why?"}, idempotency_key="one") == (202, first)
    assert ask("POST", "/tasks", {"prompt": "why?", "client_token": "one"}) == (202, first)
    status, refused = ask("POST", "/tasks", {"prompt": "how?"}, idempotency_key="one")
    assert (status, refused["message"]) == (422, "the key was used for another request")
    assert ask("POST", "/tasks", {"prompt": "why?"}, idempotency_key="two")[1]["id"] != first["id"]
    assert ask("POST", "/tasks", {"prompt": "how?"}, idempotency_key="one", tenant="other")[0] == 202
    assert len(place.aws("dynamodb").scan(TableName="tasks")["Items"]) == 3


@pytest.mark.emulator
def test_a_task_is_read_by_its_tenant_only_and_done_with_a_link_to_its_artifact(place: Place) -> None:
    name = ask("POST", "/tasks", {"prompt": "why?"}, idempotency_key="one")[1]["id"]
    assert ask("GET", f"/tasks/{name}")[1]["state"] == "queued"
    assert ask("GET", f"/tasks/{name}", tenant="other")[0] == 404
    assert ask("GET", "/tasks/none")[0] == 404
    task = place.tasks.find("acme", name)
    assert task is not None
    taken = claimed(task, message="m", now=2, longest_seconds=60)
    assert taken is not None
    assert place.tasks.change(taken)
    done = ended(taken, outcome=Outcome(State.DONE), now=3)
    assert done is not None
    assert place.tasks.change(done)
    assert not place.tasks.change(done), "a version that others came before"
    http.places().results.keep(task, Outcome(State.DONE, text="because"))
    status, shown = ask("GET", f"/tasks/{name}")
    assert (status, shown["state"], shown["version"]) == (200, "done", 3)
    with urllib.request.urlopen(shown["artifact"], timeout=10) as answer:  # noqa: S310 - the embedded S3
        assert json.loads(answer.read())["text"] == "because"


WRONG: list[tuple[tuple[Any, ...], dict[str, Any], int]] = [
    (("POST", "/tasks", {"prompt": "why?"}), {}, 400),
    (("POST", "/tasks", {"prompt": "why?", "client_token": "a"}), {"idempotency_key": "b"}, 400),
    (("POST", "/tasks", {"prompt": ""}), {"idempotency_key": "b"}, 422),
    (("POST", "/tasks", {"prompt": "x" * 16_001}), {"idempotency_key": "b"}, 422),
    (("POST", "/tasks", {"prompt": "why?", "more": 1}), {"idempotency_key": "b"}, 422),
    (("POST", "/tasks", {"prompt": "why?"}), {"idempotency_key": "ü b"}, 422),
    (("POST", "/tasks", "no json"), {"idempotency_key": "b"}, 422),
    (("POST", "/tasks", []), {"idempotency_key": "b"}, 422),
    (("POST", "/tasks", {"prompt": ""}), {"tenant": None}, 401),
    (("POST", "/tasks", {"prompt": "why?"}), {"tenant": None, "idempotency_key": "b"}, 401),
    (("POST", "/tasks", {"prompt": "why?"}), {"tenant": "a/b", "idempotency_key": "b"}, 401),
    (("GET", "/tasks/x"), {"tenant": None}, 401),
    (("GET", "/elsewhere"), {}, 404),
    (("POST", "/tasks", {"prompt": "why?"}), {"idempotency_key": "b"}, 503),
]


def test_what_is_refused_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"QUEUE_TASKS_URL": "http://127.0.0.1:9/q", "TABLE_TASKS_NAME": "t", "BUCKET_ARTIFACTS_NAME": "b"}
    reach = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "1"}
    for name, value in {**environment, **reach, "AWS_SECRET_ACCESS_KEY": "x", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    http.places.cache_clear()
    found = [(given, more, ask(*given, **more)) for given, more, _ in WRONG]
    http.places.cache_clear()
    statuses = [status for _, _, (status, _) in found]
    assert statuses == [status for _, _, status in WRONG], found
    assert all(said["message"] for _, _, (_, said) in found)


def test_without_claims_a_request_is_nobodys() -> None:
    event = request("GET", "/tasks/x")
    for authorizer in (None, {}, {"jwt": None}, {"jwt": {"claims": None}}, {"lambda": {"tenant": "acme"}}):
        event["requestContext"]["authorizer"] = authorizer
        answer = http.handler(event, CONTEXT)
        assert answer["statusCode"] == 401
        assert answer["headers"]["WWW-Authenticate"] == "Bearer"


def test_the_descriptions_are_served_to_everybody_and_the_copies_are_the_newest() -> None:
    for name, said in describe.descriptions().items():
        assert ask("GET", f"/{name}", tenant=None) == (200, json.loads(said))
        assert (DOCS / name).read_text(encoding="utf-8") == said, "python -m services.agents.describe docs/agents"


def test_the_descriptions_name_what_they_point_to() -> None:
    for said in map(json.loads, describe.descriptions().values()):
        pointers = list(_pointers(said))
        assert pointers
        for pointer in pointers:
            at: Any = said
            for part in pointer.removeprefix("#/").split("/"):
                at = at[part]
    http_api = json.loads(describe.descriptions()["openapi.json"])
    statuses = {
        path: set(operation["responses"])
        for path, methods in http_api["paths"].items()
        for operation in methods.values()
    }
    assert statuses == {
        "/tasks": {"202", "400", "401", "422", "503"},
        "/tasks/{name}": {"200", "401", "404", "422", "503"},
    }


def _pointers(said: Any) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(said, dict):
        if "$ref" in said:
            yield said["$ref"]
        for value in said.values():
            yield from _pointers(value)
    elif isinstance(said, list):
        for value in said:
            yield from _pointers(value)
