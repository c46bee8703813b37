"""The queue of a worker, asked with bounded time-outs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from services.worker.settings import Settings

_CONNECT_S: Final = 3
_READ_S: Final = 5
_ATTEMPTS: Final = 2
"""Of a call, with these time-outs: a worker that waits for minutes on one call loses its message meanwhile."""


@dataclass(frozen=True)
class Message:
    """A message that was received.

    Attributes:
        id: Its id.
        body: What it says.
        receipt: What SQS knows this receive by.
        receives: How often it was received, this time included.
    """

    id: str
    body: str
    receipt: str
    receives: int


def client(service: str, *, waits_s: int = 0) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    """Return a client with bounded time-outs, in the task's region.

    Args:
        service: The service.
        waits_s: Seconds that an answer may take by itself.
    """
    config = Config(
        connect_timeout=_CONNECT_S,
        read_timeout=waits_s + _READ_S,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
    )
    return boto3.client(service, region_name=os.environ.get("AWS_REGION"), config=config)


class Queue:
    """A queue.

    Args:
        settings: Numbers of its worker.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._polling = client("sqs", waits_s=settings.poll_seconds)
        self._client = client("sqs")

    def receive(self) -> Message | None:
        """Wait for a message; None where none came.

        Raises:
            botocore.exceptions.BotoCoreError: SQS was not reached.
            botocore.exceptions.ClientError: SQS refused.
        """
        answer = self._polling.receive_message(
            QueueUrl=self._settings.queue_url,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=self._settings.poll_seconds,
            VisibilityTimeout=self._settings.visibility_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        for one in answer.get("Messages", []):
            receives = int(one.get("Attributes", {}).get("ApproximateReceiveCount", 1))
            return Message(one["MessageId"], one["Body"], one["ReceiptHandle"], receives)
        return None

    def hide(self, message: Message, seconds: int) -> None:
        """Hide a message for so long from now on; 0 = it is visible at once.

        Raises:
            botocore.exceptions.BotoCoreError: SQS was not reached.
            botocore.exceptions.ClientError: SQS refused, such as where the message is hidden no more.
        """
        self._client.change_message_visibility(
            QueueUrl=self._settings.queue_url, ReceiptHandle=message.receipt, VisibilityTimeout=seconds
        )

    def delete(self, message: Message) -> None:
        """Delete a message that is done.

        Raises:
            botocore.exceptions.BotoCoreError: SQS was not reached.
            botocore.exceptions.ClientError: SQS refused.
        """
        self._client.delete_message(QueueUrl=self._settings.queue_url, ReceiptHandle=message.receipt)
