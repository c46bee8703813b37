"""The HTTP API: `POST /tasks`, `GET /tasks/{id}`, and what describes it and the sockets.

API Gateway verifies the token and hands its claims over (payload 2.0). A request whose claims name no tenant is 401,
whatever route led it here. What is another tenant's is not found.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer
from aws_lambda_powertools.event_handler.openapi.params import Header, Path
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from botocore.exceptions import BotoCoreError, ClientError

from services.agents import settings, sockets_description
from services.agents.identity import Identity, Unidentified, identify
from services.agents.messages import KEY, Shown, Submission, Wrong
from services.agents.refusals import JSON, REFUSALS, REFUSED, refusal
from services.agents.results import Bucket
from services.agents.submission import Conflict, Queue, submit
from services.agents.table import Table
from services.agents.task import State, submitted
from services.worker.queue import client

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_TOKEN: Final[list[dict[str, list[str]]]] = [{"token": []}]

logger = Logger(service="agents-http")
tracer = Tracer(service="agents-http")
app = APIGatewayHttpResolver(enable_validation=True)


@dataclass(frozen=True)
class Places:
    """Where things are."""

    tasks: Table
    results: Bucket
    queue: Queue


@cache
def places() -> Places:
    """Return where things are."""
    queue, table, bucket = settings.need(os.environ, settings.QUEUE, settings.TASKS, settings.ARTIFACTS)
    return Places(Table(client("dynamodb"), table), Bucket(client("s3"), bucket), Queue(client("sqs"), queue))


@app.post(
    "/tasks",
    summary="Submit a task",
    operation_id="submitTask",
    security=_TOKEN,
    responses={
        HTTPStatus.ACCEPTED: {"description": "It is queued, or was before", "content": {JSON: {"model": Shown}}},
        HTTPStatus.BAD_REQUEST: {"description": "The request has no key, or two", "content": REFUSED},
        **REFUSALS,
        HTTPStatus.UNPROCESSABLE_ENTITY: {
            "description": "Not a submission, or the key is another one's",
            "content": REFUSED,
        },
    },
)
def submit_task(
    submission: Submission,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", pattern=KEY)] = None,
) -> Response[Shown]:
    """Queue a task. `Idempotency-Key` or `client_token` names the request: made again it names the same task."""
    who = _who()
    keys = {key for key in (idempotency_key, submission.client_token) if key}
    if len(keys) != 1:
        raise ServiceError(HTTPStatus.BAD_REQUEST, "one of Idempotency-Key and client_token is needed")
    asked = submitted(who.tenant, keys.pop(), submission.prompt, int(time.time()))
    task, new = submit(places().tasks, places().queue, asked)
    logger.info("submitted" if new else "submitted before", extra={"tenant": who.tenant, "task": task.id})
    if new:
        with single_metric(name="TasksSubmitted", unit=MetricUnit.Count, value=1, namespace="Agents"):
            pass
    return Response(HTTPStatus.ACCEPTED, JSON, Shown.of(task), headers={"Location": f"/tasks/{task.id}"})


@app.get(
    "/tasks/<name>",
    summary="Read a task",
    operation_id="readTask",
    security=_TOKEN,
    responses={
        HTTPStatus.OK: {"description": "The task by now", "content": {JSON: {"model": Shown}}},
        HTTPStatus.NOT_FOUND: {"description": "The tenant has no such task", "content": REFUSED},
        **REFUSALS,
    },
)
def read_task(name: Annotated[str, Path(description="Its id.")]) -> Shown:
    """Return a task of the tenant."""
    who = _who()
    task = places().tasks.find(who.tenant, name)
    if task is None:
        raise NotFoundError("no such task")
    return Shown.of(task, places().results.link(task) if task.state is State.DONE else None)


@app.get("/openapi.json", include_in_schema=False)
def openapi() -> Response[str]:
    """Describe the HTTP API."""
    return Response(HTTPStatus.OK, JSON, description())


@app.get("/asyncapi.json", include_in_schema=False)
def asyncapi() -> Response[str]:
    """Describe the WebSocket API."""
    return Response(HTTPStatus.OK, JSON, sockets_description.description())


def unidentified(error: Unidentified) -> Response[str]:
    """Answer whom nobody knows."""
    logger.warning("unidentified", extra={"why": str(error)})
    return refusal(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"})


def invalid(error: RequestValidationError) -> Response[str]:
    """Say what is wrong with a request, to those who may ask at all."""
    try:
        _who()
    except Unidentified as nobody:
        return unidentified(nobody)
    wrong = [Wrong(where=[str(part) for part in one["loc"]], what=str(one["msg"])) for one in error.errors()]
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, wrong=wrong)


def refused(error: ServiceError) -> Response[str]:
    """Refuse a request."""
    return refusal(HTTPStatus(error.status_code), message=str(error.msg))


def conflict(_: Conflict) -> Response[str]:
    """Say that a key was used for another request."""
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, message="the key was used for another request")


def unavailable(error: Exception) -> Response[str]:
    """Say that it is worth asking again."""
    logger.error("AWS refused", exc_info=error)
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"})


app.exception_handler(Unidentified)(unidentified)
app.exception_handler(RequestValidationError)(invalid)
app.exception_handler(ServiceError)(refused)
app.exception_handler(Conflict)(conflict)
app.exception_handler([ClientError, BotoCoreError])(unavailable)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return app.resolve(event, context)


@cache
def description() -> str:
    """Return what describes the API: OpenAPI 3.1, as JSON."""
    said = json.loads(
        app.get_openapi_json_schema(
            title="Tasks of an agent",
            version="1.0.0",
            openapi_version="3.1.0",
            security_schemes={"token": HTTPBearer(type="http", bearerFormat="JWT")},
        )
    )
    said.pop("servers", None)
    return json.dumps(said, indent=2, sort_keys=True) + "\n"


def _who() -> Identity:
    authorizer = app.current_event.raw_event.get("requestContext", {}).get("authorizer") or {}
    return identify((authorizer.get("jwt") or {}).get("claims") or {}, settings.tenant_claim(os.environ))
