"""The routes of the WebSocket API: `$connect`, `$disconnect`, `$default`."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger, Tracer

from services.agents import handshake, settings
from services.agents.connections import Connections
from services.worker.queue import client

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

PONG: Final = {"type": "pong"}
UNREAD: Final = {"type": "error", "reason": 'only {"action": "ping"} is read here'}

logger = Logger(service="agents-sockets")
tracer = Tracer(service="agents-sockets")


@cache
def connections() -> Connections:
    """Return who listens."""
    (table,) = settings.need(os.environ, settings.CONNECTIONS)
    return Connections(client("dynamodb"), table)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer one event of a connection; without the authorizer's context with 401."""
    said = event["requestContext"]
    tenant = (said.get("authorizer") or {}).get("tenant")
    if not tenant:
        return {"statusCode": 401}
    logger.append_keys(tenant=tenant, connection=said["connectionId"])
    if said["eventType"] == "CONNECT":
        connections().add(tenant, said["connectionId"], int(time.time()))
        logger.info("connected")
        return {"statusCode": 200, "headers": handshake.answer(event.get("headers") or {})}
    if said["eventType"] == "DISCONNECT":
        connections().forget(tenant, said["connectionId"])
        logger.info("disconnected")
        return {"statusCode": 200}
    return {"statusCode": 200, "body": json.dumps(PONG if _ping(event.get("body") or "") else UNREAD)}


def _ping(body: str) -> bool:
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("action") == "ping"
