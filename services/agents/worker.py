"""`python -m services.agents.worker`: the agent, one task at a time, off a queue.

QUEUE_TASKS_URL, TABLE_TASKS_NAME, BUCKET_ARTIFACTS_NAME, MODEL_ID, GUARDRAIL_ID and GUARDRAIL_VERSION say where things
are. The queue needs dead letters: how often a task is tried follows from its redrive policy.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from services.agents import settings
from services.agents.agent import Agent
from services.agents.model import Bedrock
from services.agents.results import Bucket
from services.agents.table import Table
from services.worker import Settings, Worker, log
from services.worker.queue import client

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEWEST_RECEIVES: Final = 2
"""One to try, and the last one to say that it has failed."""
_NUMBERS: Final = ("longest_seconds", "stop_seconds", "visibility_seconds", "poll_seconds", "retry_seconds")


def max_receives(sqs: Any, queue_url: str) -> int:  # noqa: ANN401 - a client of boto3
    """Return after how many receives a message of a queue goes among the dead letters.

    Raises:
        settings.Unset: The queue has no dead letters, or a message gets one receive.
        botocore.exceptions.ClientError: SQS refused.
    """
    said = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["RedrivePolicy"]).get("Attributes", {})
    times = int(json.loads(said.get("RedrivePolicy", "{}")).get("maxReceiveCount", 0))
    if times < _FEWEST_RECEIVES:
        raise settings.Unset(f"{settings.QUEUE}: maxReceiveCount is {times} in its redrive policy, 2 or more is needed")
    return times


def main(given: Sequence[str] | None = None) -> int:
    """Run the worker; returns its exit status."""
    parser = argparse.ArgumentParser(prog="services.agents.worker", description="answers tasks")
    parser.add_argument("--longest-seconds", type=int, default=600, help="longest work on a task")
    parser.add_argument("--stop-seconds", type=int, default=110, help="the stop time-out, less a margin of 10")
    parser.add_argument("--visibility-seconds", type=int, default=120, help="how soon a lost worker's task is redone")
    parser.add_argument("--poll-seconds", type=int, default=10, help="how long to wait for a message at a time")
    parser.add_argument("--retry-seconds", type=int, default=30, help="when a task that failed is tried again")
    options = parser.parse_args(given)
    log.configure(os.environ.get("LOG_LEVEL", "INFO"))
    try:
        queue, table, bucket = settings.need(os.environ, settings.QUEUE, settings.TASKS, settings.ARTIFACTS)
        guarded = settings.Guarded.of(os.environ)
        numbers = Settings(queue_url=queue, **{name: getattr(options, name) for name in _NUMBERS})
        receives = max_receives(client("sqs"), queue)
    except ValueError as error:
        parser.error(str(error))
    agent = Agent(
        tasks=Table(client("dynamodb"), table),
        results=Bucket(client("s3"), bucket),
        model=Bedrock(client("bedrock-runtime", waits_s=max(1, options.longest_seconds // 3)), guarded),
        max_receives=receives,
        longest_seconds=options.longest_seconds,
    )
    return Worker(numbers, agent.work).run()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # a work that was given back may still run in its thread, and must write nothing more
