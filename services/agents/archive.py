"""The table's stream: each task that has ended is kept in PostgreSQL, where it outlives its row (30 days).

The function reaches RDS Proxy from inside the VPC, and logs in by IAM: there is no password. It connects once for a
batch; the proxy keeps the connections. A task that comes again is kept once. `archive.sql` makes what it writes to.
"""

from __future__ import annotations

import os
import ssl
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pg8000.native
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from services.agents import settings
from services.agents.table import task_of
from services.agents.task import FINAL
from services.worker.queue import client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from services.agents.task import Task

_TIMEOUT_S: Final = 5
_INSERT: Final = """
INSERT INTO ended_tasks (tenant, id, created, ended, state, prompt, reason, attempts)
VALUES (:tenant, :id, to_timestamp(:created), to_timestamp(:ended), :state, :prompt, :reason, :attempts)
ON CONFLICT (tenant, id, created) DO NOTHING
"""

logger = Logger(service="agents-archive")
tracer = Tracer(service="agents-archive")
processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)


@dataclass(frozen=True)
class Archive:
    """The archive.

    Attributes:
        connection: A connection to its database.
    """

    connection: Any

    def keep(self, task: Task) -> None:
        """Keep a task that has ended, once.

        Raises:
            pg8000.native.DatabaseError: PostgreSQL refused.
            pg8000.native.InterfaceError: It was not reached.
        """
        self.connection.run(
            _INSERT,
            tenant=task.tenant,
            id=task.id,
            created=task.created,
            ended=task.updated,
            state=str(task.state),
            prompt=task.prompt.replace("\0", ""),  # which a text of PostgreSQL cannot have
            reason=task.reason.replace("\0", ""),
            attempts=task.attempts,
        )

    def record(self, record: DynamoDBRecord) -> None:
        """Keep the task of a record, if the record is its end."""
        said = record.raw_event["dynamodb"]
        new, old = said.get("NewImage"), said.get("OldImage")
        if not new or (old and old.get("state") == new.get("state")):
            return
        task = task_of(new)
        if task.state in FINAL:
            self.keep(task)
            logger.info("kept", extra={"tenant": task.tenant, "task": task.id, "state": task.state})


def connect(environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - pg8000 has no types
    """Log in by IAM, over TLS with a certificate that is verified.

    Raises:
        settings.Unset: A variable is missing.
        pg8000.native.DatabaseError: PostgreSQL refused.
        pg8000.native.InterfaceError: It was not reached.
    """
    host, name, user = settings.need(environment, settings.DATABASE_HOST, settings.DATABASE, settings.DATABASE_USER)
    port = int(environment.get(settings.DATABASE_PORT) or 5432)
    token = client("rds").generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)
    context = ssl.create_default_context()
    return pg8000.native.Connection(
        user, host=host, database=name, port=port, password=token, ssl_context=context, timeout=_TIMEOUT_S
    )


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Keep the tasks of a batch that have ended; returns the records that have failed."""
    with closing(connect(os.environ)) as connection:
        keep = partial(Archive.record, Archive(connection))
        answer = process_partial_response(event=event, record_handler=keep, processor=processor, context=context)
    return {"batchItemFailures": list(answer["batchItemFailures"])}
