"""What waits in a queue, what is worked on and how old the oldest is, is told each minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.conftest import account_of, session

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator


def test_a_queue_is_measured_each_minute(timed: Emulator, request: pytest.FixtureRequest) -> None:
    aws = session(timed, account_of(request))
    sqs, watch = aws("sqs"), aws("cloudwatch")
    queue = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    for number in range(5):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number), DelaySeconds=900 if number == 4 else 0)
    sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=3)
    timed.advance(120)

    def latest(metric: str) -> float:
        points = watch.get_metric_statistics(
            Namespace="AWS/SQS",
            MetricName=metric,
            Dimensions=[{"Name": "QueueName", "Value": "q"}],
            StartTime=datetime.now(UTC) - timedelta(days=1),
            EndTime=datetime.now(UTC) + timedelta(days=30),
            Period=60,
            Statistics=["Maximum"],
        )["Datapoints"]
        assert points, f"{metric} is measured"
        return float(max(points, key=lambda point: point["Timestamp"])["Maximum"])

    assert latest("ApproximateNumberOfMessagesVisible") == 1
    assert latest("ApproximateNumberOfMessagesNotVisible") == 3
    assert latest("ApproximateNumberOfMessagesDelayed") == 1
    assert latest("ApproximateAgeOfOldestMessage") >= 60
