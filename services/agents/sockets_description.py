"""What describes the WebSocket API: AsyncAPI 3.0, made from what is said over it.

https://www.asyncapi.com/docs/reference/specification/v3.0.0 (2026-11)
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from services.agents.messages import Change, Ping, Pong

if TYPE_CHECKING:
    from pydantic import BaseModel

_SENT: dict[str, type[BaseModel]] = {"change": Change, "pong": Pong}
_RECEIVED: dict[str, type[BaseModel]] = {"ping": Ping}


@cache
def description() -> str:
    """Return the description, as JSON."""
    messages = _SENT | _RECEIVED
    said = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "States of tasks",
            "version": "1.0.0",
            "description": "A socket hears each change of a task of its tenant. The token is sent as "
            "`Authorization: Bearer <token>`, or as the subprotocols `agents.v1` and `bearer.<token>`.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "socket": {
                "address": "/",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"method": "GET"}},
            }
        },
        "operations": {
            "tell": _operation("send", "A task's state has changed.", ["change"]),
            "keep": {
                **_operation("receive", "The client keeps its socket open.", ["ping"]),
                "reply": {
                    "channel": {"$ref": "#/channels/socket"},
                    "messages": [{"$ref": "#/channels/socket/messages/pong"}],
                },
            },
        },
        "components": {"messages": {name: _message(model) for name, model in messages.items()}},
    }
    return json.dumps(said, indent=2, sort_keys=True) + "\n"


def _operation(action: str, summary: str, messages: list[str]) -> dict[str, Any]:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": "#/channels/socket"},
        "messages": [{"$ref": f"#/channels/socket/messages/{name}"} for name in messages],
    }


def _message(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    for name, part in schema.pop("$defs", {}).items():  # a schema inside a message has no place of its own for them
        schema = _with(schema, f"#/$defs/{name}", part)
    return {"name": schema["title"], "title": schema["title"], "payload": schema}


def _with(schema: Any, place: str, part: dict[str, Any]) -> Any:  # noqa: ANN401 - any part of a JSON Schema
    if isinstance(schema, dict):
        return (
            part if schema.get("$ref") == place else {key: _with(value, place, part) for key, value in schema.items()}
        )
    return [_with(value, place, part) for value in schema] if isinstance(schema, list) else schema
