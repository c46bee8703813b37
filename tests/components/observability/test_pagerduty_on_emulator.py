"""From a topic of the embedded AWS through the function, as Lambda runs it, to a listening PagerDuty."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import TYPE_CHECKING

import boto3
import pytest

from components.function import RUNTIME
from components.observability.pagerduty.forwarder import SOURCE
from sandbox.emulator import client
from tests.components.observability.test_pagerduty_handler import ALARM, ALARM_ARN, listening

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.emulator
PATIENCE_SECONDS = 60


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An emulator that boto3 finds through the environment."""
    running = client.start(None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "100000000004")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sandbox")
    yield
    running.stop()


def packed() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("handler.py", SOURCE.read_text(encoding="utf-8"))
    return archive.getvalue()


@pytest.mark.usefixtures("aws")
def test_what_a_topic_tells_reaches_pagerduty_with_the_key_from_the_secret() -> None:
    boto3.client("secretsmanager").create_secret(
        Name="phoenix/prod/pagerduty", SecretString=json.dumps({"routing_key": "R0UT1NG"})
    )
    topic = boto3.client("sns").create_topic(Name="critical")["TopicArn"]
    with listening(202) as there:
        function = boto3.client("lambda").create_function(
            FunctionName="forwarder",
            Runtime=RUNTIME,
            Role="arn:aws:iam::100000000004:role/forwarder",
            Handler="handler.handler",
            Code={"ZipFile": packed()},
            Timeout=30,
            Environment={
                "Variables": {
                    "ENDPOINT": there.url,
                    "SECRET_NAME": "phoenix/prod/pagerduty",
                    "SEVERITIES": json.dumps({topic: "critical"}),
                }
            },
        )["FunctionArn"]
        boto3.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
        boto3.client("sns").publish(TopicArn=topic, Message=json.dumps(ALARM))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not there.events and time.monotonic() < deadline:
            time.sleep(0.1)
    assert [(event["routing_key"], event["dedup_key"]) for event in there.events] == [("R0UT1NG", ALARM_ARN)]
