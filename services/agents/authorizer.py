"""The REQUEST authorizer of the WebSocket API's `$connect`: a token becomes tenant and subject, or a 401.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html (2026-11)
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer

from services.agents import settings
from services.agents.handshake import token
from services.agents.identity import Unidentified, identify
from services.agents.tokens import Verifier

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="agents-authorizer")
tracer = Tracer(service="agents-authorizer")


@cache
def verifier() -> Verifier:
    """Return what verifies tokens: one for as long as the function stays loaded, so that it keeps the keys."""
    return Verifier.of(os.environ)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Let a connection in, with its tenant and subject as its context.

    Raises:
        Exception: It is not let in. The text `Unauthorized` is what API Gateway answers with 401.
    """
    try:
        who = identify(verifier().claims(token(event.get("headers") or {})), settings.tenant_claim(os.environ))
    except Unidentified as error:
        logger.warning("not let in", extra={"why": str(error)})
        raise Exception("Unauthorized") from None  # noqa: TRY002 - API Gateway reads the text, whatever the type
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    return {
        "principalId": who.subject,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"tenant": who.tenant, "subject": who.subject},
    }
