"""From a request over HTTP to a message on a socket, by plain clients of the embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.demo.sockets import Refused
from tests.services.agents import test_tokens as tokens
from tests.services.agents.place import FORBIDDEN
from tests.services.agents.system import TENANT, System, issuing
from tests.services.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator.client import Emulator
    from tests.services.agents.place import Place

pytestmark = [pytest.mark.emulator, pytest.mark.slow]


@pytest.fixture
def issuer() -> Iterator[str]:
    yield from issuing(tokens.public("rsa", "curve"))


@pytest.fixture
def system(place: Place, emulator: Emulator, issuer: str) -> System:
    return System(place, emulator.url, issuer).open()


def _token(system: System, tenant: str | None) -> str:
    return tokens.token(iss=system.issuer, tenant=None, **{TENANT: tenant})


def test_from_a_request_to_a_message_on_a_socket(system: System) -> None:
    acme, other = _token(system, "acme"), _token(system, "other")
    for path in ("/openapi.json", "/asyncapi.json"):
        assert system.ask("GET", path)[0] == 200
    assert system.ask("POST", "/tasks", body={"prompt": "why?"})[0] == 401
    assert system.ask("POST", "/tasks", _token(system, None), {"prompt": "why?"}, Idempotency_Key="1")[0] == 401
    for bad in ("", "no.token.at-all", tokens.token(iss="https://elsewhere.example")):
        with pytest.raises(Refused, match="401"):
            system.listen(bad)
    assert system.connections() == 0

    ann, bob = system.listen(acme), system.listen(other)
    status, task = system.ask("POST", "/tasks", acme, {"prompt": "why?"}, Idempotency_Key="one")
    assert (status, task["state"]) == (202, "queued")
    assert system.ask("POST", "/tasks", acme, {"prompt": "why?"}, Idempotency_Key="one") == (202, task)
    system.place.start()
    assert ann.until("done") == ["queued", "running", "done"]
    assert [one["version"] for one in ann.heard] == [1, 2, 3]
    assert system.ask("GET", f"/tasks/{task['id']}", acme)[1]["state"] == "done"
    assert system.ask("GET", f"/tasks/{task['id']}", other)[0] == 404

    refused = system.ask("POST", "/tasks", other, {"prompt": f"How is {FORBIDDEN} made?"}, Idempotency_Key="one")[1]
    assert bob.until("refused") == ["queued", "running", "refused"], "it has heard nothing of another tenant's"
    assert {one["id"] for one in bob.heard} == {refused["id"]}
    assert bob.heard[-1]["reason"] == "That is not answered here."
    assert {one["id"] for one in ann.heard} == {task["id"]}
    assert bob.say(action="ping") == {"type": "pong"}

    bob.close()
    until(lambda: system.connections() == 1)
    gone = {"tenant": {"S": "acme"}, "connection": {"S": "gone"}}
    system.place.aws("dynamodb").put_item(TableName="connections", Item=gone)
    system.ask("POST", "/tasks", acme, {"prompt": "how?"}, Idempotency_Key="two")
    ann.next()
    ann.until("done")
    until(lambda: system.connections() == 1, standing=system.connections)
    ann.close()
