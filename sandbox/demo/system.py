"""A deployed system of agents: where its parts are, and plain clients of its names."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from sandbox.demo.issuer import Issuer
from sandbox.demo.sockets import Socket
from sandbox.emulator.client import Emulator, control

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.stack import StackConfig

NEEDED: Final = (
    "api.jwt",
    "api.routes.submit",
    "api.routes.read",
    "sockets.authorizer",
    "edge.domain",
    "inference.guardrail",
    "data.tables.tasks",
    "data.tables.connections",
    "data.buckets.site",
    "data.buckets.artifacts",
    "messaging.queues.tasks",
    "containers.services.agent.scaling.backlog",
)
"""Parts of a stack file without which a stack is no system of agents (docs/agents.md)."""
WAIT_SECONDS: Final = 90.0
"""Longest wait for an answer, on a machine that is busy with other things."""


def lacking(settings: StackConfig) -> list[str]:
    """Return what a stack file lacks of a system of agents, as dotted paths."""
    from config.rules.needs import there  # noqa: PLC0415 not needed to refuse a command

    return [part for part in NEEDED if not there(settings, tuple(part.split(".")))]


@dataclass(frozen=True)
class System:
    """One system.

    Attributes:
        endpoint: Address of the embedded AWS.
        account: Its account.
        region: Its region.
        names: Hosts of HTTP API, WebSocket API and site.
        outputs: Outputs of its stack.
        issuer: Who issues tokens for it.
    """

    endpoint: str
    account: str
    region: str
    names: Mapping[str, str]
    outputs: Mapping[str, Any]
    issuer: Issuer

    @classmethod
    def of(cls, settings: StackConfig, outputs: Mapping[str, Any], endpoint: str, directory: Path) -> System:
        """Return the system of a stack.

        Args:
            settings: Its stack file; it lacks nothing of `NEEDED`.
            outputs: What it publishes.
            endpoint: Address of the embedded AWS.
            directory: Where the issuer keeps its key.

        Raises:
            ValueError: The stack file lacks something.
        """
        api, sockets, edge = settings.api, settings.sockets, settings.edge
        if api is None or api.jwt is None or sockets is None or edge is None:
            raise ValueError(f"lacks {', '.join(lacking(settings))}")
        names = {"api": f"{api.host}.{edge.domain}", "live": f"{sockets.host}.{edge.domain}", "site": edge.domain}
        issuer = Issuer.kept(directory, api.jwt.issuer, api.jwt.audience[0])
        return cls(endpoint, settings.identity.account_id, settings.identity.region, names, outputs, issuer)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 builds its methods at run time
        """Return a boto3 client for the stack's account."""
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.account,
            aws_secret_access_key="sandbox",  # noqa: S106 - the embedded AWS reads no secret
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, proxies={}),
        )

    @property
    def emulator(self) -> Emulator:
        """The embedded AWS."""
        return Emulator(int(urlsplit(self.endpoint).port or 0), pid=0)

    def control(self, method: str, path: str) -> Any:  # noqa: ANN401 - a document
        """Ask one of the embedded AWS's own paths."""
        return control(self.emulator.port, method, path)

    @property
    def queue(self) -> str:
        """URL of the queue of tasks."""
        return str(self.outputs["queue_urls"]["tasks"])

    @property
    def tasks(self) -> str:
        """Name of the table of tasks."""
        return str(self.outputs["table_names"]["tasks"])

    @property
    def artifacts(self) -> str:
        """Name of the bucket of artifacts."""
        return str(self.outputs["bucket_names"]["artifacts"])

    @property
    def site(self) -> str:
        """Name of the site's bucket."""
        return str(self.outputs["bucket_names"]["site"])

    @property
    def cluster(self) -> str:
        """Name of the ECS cluster."""
        return str(self.outputs["ecs_cluster_name"])

    @cached_property
    def service(self) -> str:
        """ARN of the service of agents."""
        (arn,) = self.client("ecs").list_services(cluster=self.cluster)["serviceArns"]
        return str(arn)

    def desired(self) -> int:
        """How many agents are wanted."""
        found = self.client("ecs").describe_services(cluster=self.cluster, services=[self.service])
        return int(found["services"][0]["desiredCount"])

    def connections(self) -> int:
        """How many are known to listen."""
        return len(self.client("dynamodb").scan(TableName=self.outputs["table_names"]["connections"])["Items"])

    def left(self, queue: str) -> int:
        """Messages in a queue, those that are being worked on included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        said = self.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return sum(int(said[name]) for name in names)

    @cached_property
    def dead(self) -> str:
        """URL of the queue of dead letters."""
        asked = self.client("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=["RedrivePolicy"])
        arn = json.loads(asked["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"]
        return str(self.client("sqs").get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"])

    def ask(
        self, method: str, path: str, token: str = "", body: object = None, key: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Ask the HTTP API by its name; returns status and body.

        Raises:
            OSError: Nothing answers.
            ValueError: The answer is no JSON.
        """
        at = urlsplit(self.endpoint)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=WAIT_SECONDS)
        sent = {"Host": self.names["api"], "Content-Type": "application/json", "Idempotency-Key": key}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def socket(self, token: str, wait_seconds: float = WAIT_SECONDS) -> Socket:
        """Connect to the WebSocket API by its name.

        Raises:
            sandbox.demo.sockets.Refused: The handshake is refused.
            OSError: Nothing answers.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.endpoint.replace("http://", "ws://")
        return Socket(url, headers, host=self.names["live"], wait_seconds=wait_seconds)
