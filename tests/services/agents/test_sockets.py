"""A handshake is answered as it was offered, and a message by what is read here."""

from __future__ import annotations

import pytest

from services.agents import handshake, sockets
from tests.services.agents.place import CONTEXT


@pytest.mark.parametrize(
    ("headers", "spoken"),
    [
        ({}, {}),
        ({"Authorization": "Bearer x"}, {}),
        ({"Sec-WebSocket-Protocol": "other"}, {}),
        ({"sec-websocket-protocol": "agents.v1"}, {"Sec-WebSocket-Protocol": "agents.v1"}),
        ({"Sec-WebSocket-Protocol": "bearer.x, agents.v1"}, {"Sec-WebSocket-Protocol": "agents.v1"}),
    ],
)
def test_a_browser_hears_which_protocol_is_spoken(headers: dict[str, str], spoken: dict[str, str]) -> None:
    assert handshake.answer(headers) == spoken


def test_a_socket_without_a_tenant_is_refused_and_one_that_says_anything_else_is_told() -> None:
    said = {"eventType": "CONNECT", "connectionId": "c"}
    for authorizer in (None, {}, {"tenant": ""}):
        event = {"requestContext": {**said, "authorizer": authorizer}}
        assert sockets.handler(event, CONTEXT) == {"statusCode": 401}
    message = {**said, "eventType": "MESSAGE", "authorizer": {"tenant": "acme"}}
    for body in (None, "", "[]", "{}", '{"action": "pong"}', "no json"):
        answer = sockets.handler({"requestContext": message, "body": body}, CONTEXT)
        assert "is read here" in answer["body"]
    assert (
        sockets.handler({"requestContext": message, "body": '{"action": "ping"}'}, CONTEXT)["body"]
        == '{"type": "pong"}'
    )
