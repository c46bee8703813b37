"""Names of the API, and what its access logs say. Pure: no resource."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from components.naming import physical

if TYPE_CHECKING:
    from config.identity import Identity

SERVICE_HEADER: Final = "x-api-service"
"""Header that API Gateway writes, whatever the caller sent, and by which the load balancer knows the service."""
IDLE_SECONDS: Final = 60
"""Seconds that a connection of the link may be silent: twice the longest time-out of a route."""
TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3 and 1.2: API Gateway speaks 1.2 to what it leads to (API Gateway Developer Guide, "Supported SSL/TLS
protocols and cipher suites", 2026-11-30)."""
AUTHORIZATION: Final = {"jwt": "JWT", "iam": "AWS_IAM", None: "NONE"}
"""What a stack file says of a route -> what API Gateway calls it."""
LOGGED: Final = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "address": "$context.identity.sourceIp",
    "caller": "$context.identity.userArn",
    "subject": "$context.authorizer.claims.sub",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "route": "$context.routeKey",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "serviceMilliseconds": "$context.integrationLatency",
    "serviceStatus": "$context.integrationStatus",
    "serviceError": "$context.integrationErrorMessage",
    "error": "$context.error.message",
    "authorizerError": "$context.authorizer.error",
}
"""Field -> variable of API Gateway (API Gateway Developer Guide, "Customize HTTP API access logs", 2026-11-30). No
token, no query and no header is among them."""

SOCKETS_LOGGED: Final = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "address": "$context.identity.sourceIp",
    "caller": "$context.identity.userArn",
    "subject": "$context.authorizer.principalId",
    "connection": "$context.connectionId",
    "event": "$context.eventType",
    "route": "$context.routeKey",
    "status": "$context.status",
    "functionMilliseconds": "$context.integrationLatency",
    "functionStatus": "$context.integrationStatus",
    "functionError": "$context.integrationErrorMessage",
    "error": "$context.error.message",
    "authorizerError": "$context.authorizer.error",
}
"""The same of the WebSocket API (API Gateway Developer Guide, "Configure logging for WebSocket APIs", 2026-11-30)."""

THROTTLED: Final = '{ $.status = "429" }'
"""Lines of the access logs on requests that were too many: HTTP APIs have no metric of them."""


STAGE: Final = "$default"
"""The one stage of the API, whose name is in no path."""


def called_by(route_key: str) -> str:
    """Return the end of the ARN by which Lambda knows a route that calls a function: stage, method, path.

    Such as `$default/POST/tasks`, `$default/*/files/{proxy+}` or `$default/$default` (Lambda Developer Guide, "Invoking
    a Lambda function using an Amazon API Gateway endpoint", 2026-11-30).
    """
    method, _, path = route_key.partition(" ")
    return f"{STAGE}/{'*' if method == 'ANY' else method}{path}"


def access_log_group(identity: Identity) -> str:
    """Return the name of the log group of access logs."""
    return physical("log-group", identity.system, identity.environment, "api")


def log_format() -> str:
    """Return one line of the access logs: JSON, on one line."""
    return json.dumps(LOGGED, separators=(",", ":"))


def sockets_log_group(identity: Identity) -> str:
    """Return the name of the log group of the WebSocket API's access logs."""
    return physical("log-group", identity.system, identity.environment, "sockets")


def socket_log_format() -> str:
    """Return one line of the WebSocket API's access logs."""
    return json.dumps(SOCKETS_LOGGED, separators=(",", ":"))
