"""The table's stream: each change of a task's state is posted to the sockets of its tenant.

A record that fails is given back by its number, so that the stream comes again from there; sockets may hear a state
twice, and see by `version` which is newer.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from botocore.config import Config
from botocore.exceptions import ClientError

from services.agents import settings
from services.agents.connections import Connections
from services.agents.messages import Change
from services.agents.table import task_of
from services.worker.queue import client

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from services.agents.task import Task

logger = Logger(service="agents-changes")
tracer = Tracer(service="agents-changes")
processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)


@dataclass(frozen=True)
class Sockets:
    """The sockets of the tenants.

    Attributes:
        gateway: A client of `apigatewaymanagementapi`.
        connections: Who listens.
    """

    gateway: Any
    connections: Connections

    def tell(self, task: Task) -> None:
        """Post a task's state to every connection of its tenant; those that are gone are forgotten.

        Raises:
            ExceptionGroup: Some could not be told; all the others were.
        """
        said = Change.of(task).model_dump_json().encode()
        failures: list[ClientError] = []
        for connection in self.connections.of(task.tenant):
            try:
                self.gateway.post_to_connection(ConnectionId=connection, Data=said)
            except self.gateway.exceptions.GoneException:
                self.connections.forget(task.tenant, connection)
                logger.info("gone", extra={"connection": connection})
            except ClientError as error:
                failures.append(error)
        if failures:
            raise ExceptionGroup(f"{len(failures)} connections of {task.tenant} were not told", failures)


@cache
def sockets() -> Sockets:
    """Return the sockets."""
    endpoint, table = settings.need(os.environ, settings.SOCKETS, settings.CONNECTIONS)
    config = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2, "mode": "standard"})
    gateway = boto3.client(
        "apigatewaymanagementapi", endpoint_url=endpoint, region_name=os.environ.get("AWS_REGION"), config=config
    )
    return Sockets(gateway, Connections(client("dynamodb"), table))


@tracer.capture_method(capture_response=False)
def record_handler(record: DynamoDBRecord) -> None:
    """Tell of one record, unless it changes no state."""
    said = record.raw_event["dynamodb"]
    new, old = said.get("NewImage"), said.get("OldImage")
    if not new or (old and old.get("state") == new.get("state")):
        return
    task = task_of(new)
    sockets().tell(task)
    logger.info("told", extra={"tenant": task.tenant, "task": task.id, "state": task.state})
    with single_metric(name="ChangesTold", unit=MetricUnit.Count, value=1, namespace="Agents") as metric:
        metric.add_dimension(name="state", value=task.state)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Tell of each record; returns which have failed."""
    answer = process_partial_response(event=event, record_handler=record_handler, processor=processor, context=context)
    return {"batchItemFailures": list(answer["batchItemFailures"])}
