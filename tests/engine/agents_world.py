"""Stack `agents`, deployed in a checkout of its own, and plain clients of its names.

The issuer of its tokens is the site itself: its keys are an object of the bucket behind CloudFront.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from sandbox.emulator import client
from services.agents import settings
from tests.engine.world import World
from tests.services.agents import test_tokens as tokens
from tests.services.agents.place import FORBIDDEN, NUMBERS
from tests.services.agents.system import Socket
from tests.services.running import Programs, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engine.world import Ended
    from tests.services.running import Program

STACK: Final = "agents"
ACCOUNT: Final = "100000000002"
REGION: Final = "us-east-1"
DOMAIN: Final = "errands.example"
AUDIENCE: Final = "errands"
UP_SECONDS: Final = 900
BURST_SECONDS: Final = 180
WAITS_SECONDS: Final = 90
"""Longest wait for what processes do on a machine that is busy with other things."""
TASKS: Final = 200
"""Tasks of one burst."""
_KEYS: Final = ".well-known/jwks.json"
_ASKED_FOR: Final = "masked_personal: [EMAIL, PHONE]"
_HURRIED: Final = 'command: [--longest-seconds, "400"'
_GUARDED: Final = {
    _ASKED_FOR: f"{_ASKED_FOR}, words: [{FORBIDDEN}]",
    _HURRIED: ", ".join([_HURRIED, *json.dumps(NUMBERS)[1:-1].split(", "), '--stop-seconds, "2"']),
}
"""What the deployed stack has beside its stack file: a word that no prompt may have; agents that wait for nothing."""


@dataclass(frozen=True)
class Agents:
    """The deployed stack.

    Attributes:
        world: Its checkout.
        up: How `up` ended.
        endpoint: Address of its embedded AWS.
        programs: Agents that are started beside it.
    """

    world: World
    up: Ended
    endpoint: str
    programs: Programs

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 builds its methods at run time
        """Return a boto3 client for the stack's account."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="sandbox",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, proxies={}),
        )

    @property
    def emulator(self) -> client.Emulator:
        """Its embedded AWS."""
        return client.Emulator(int(urlsplit(self.endpoint).port or 0), pid=0)

    def control(self, method: str, path: str) -> Any:  # noqa: ANN401 - a document
        """Ask one of the emulator's own paths."""
        return client.control(self.emulator.port, method, path)

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """Outputs of the stack, as its state has them."""
        resources = self.world.state(STACK)["deployment"]["resources"]
        found: dict[str, Any] = next(one for one in resources if one["type"] == "pulumi:pulumi:Stack")["outputs"]
        return found

    @cached_property
    def guarded(self) -> dict[str, str]:
        """Model and guardrail, as the task definition gives them to an agent."""
        ecs = self.client("ecs")
        found = ecs.describe_services(cluster=self.cluster, services=[self.service])["services"][0]["taskDefinition"]
        (container,) = ecs.describe_task_definition(taskDefinition=found)["taskDefinition"]["containerDefinitions"]
        given = {one["name"]: one["value"] for one in container["environment"]}
        return {name: given[name] for name in (settings.MODEL, settings.GUARDRAIL, settings.GUARDRAIL_VERSION)}

    @property
    def cluster(self) -> str:
        """Name of the cluster."""
        return str(self.outputs["ecs_cluster_name"])

    @property
    def service(self) -> str:
        """ARN of the service of agents."""
        (arn,) = self.client("ecs").list_services(cluster=self.cluster)["serviceArns"]
        return str(arn)

    def desired(self) -> int:
        """How many agents are wanted."""
        found = self.client("ecs").describe_services(cluster=self.cluster, services=[self.service])
        return int(found["services"][0]["desiredCount"])

    def issue(self) -> None:
        """Show the keys of the issuer."""
        body = json.dumps(tokens.public("rsa")).encode()
        self.client("s3").put_object(Bucket=f"errands-site-{ACCOUNT}", Key=_KEYS, Body=body)

    @staticmethod
    def token(tenant: str, **claims: Any) -> str:  # noqa: ANN401 - of any claim
        """Return a token of a tenant."""
        return tokens.token(**{"iss": f"https://{DOMAIN}", "aud": AUDIENCE, "tenant": tenant, **claims})

    def ask(self, method: str, path: str, token: str = "", body: object = None, key: str = "") -> tuple[int, Any]:
        """Ask the HTTP API by its name; returns status and body."""
        at = urlsplit(self.endpoint)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=WAITS_SECONDS)
        sent = {"Host": f"api.{DOMAIN}", "Content-Type": "application/json", "Idempotency-Key": key}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text)

    def listen(self, token: str) -> Socket:
        """Connect to the WebSocket API by its name; it listens once its row stands."""
        before = self.connections()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        made = Socket(self.endpoint.replace("http://", "ws://"), headers, host=f"live.{DOMAIN}")
        until(lambda: self.connections() > before, WAITS_SECONDS)
        return made

    def connections(self) -> int:
        """How many are known to listen."""
        return len(self.client("dynamodb").scan(TableName=self.outputs["table_names"]["connections"])["Items"])

    def work(self, **environment: str) -> Program:
        """Start an agent on the stack's queue."""
        of_stack = {
            settings.QUEUE: self.outputs["queue_urls"]["tasks"],
            settings.TASKS: self.outputs["table_names"]["tasks"],
            settings.ARTIFACTS: f"errands-artifacts-{ACCOUNT}",
        }
        return self.programs.start("services.agents.worker", *NUMBERS, **{**of_stack, **self.guarded, **environment})

    def left(self, queue: str) -> int:
        """Messages in a queue, those that are being worked on included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        said = self.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return sum(int(said[name]) for name in names)

    @cached_property
    def dead(self) -> str:
        """URL of the queue of dead letters."""
        urls = self.client("sqs").list_queues()["QueueUrls"]
        return next(str(url) for url in urls if "tasks-dead-letters" in url)

    def artifacts(self) -> dict[str, Any]:
        """Key -> what it says, of every version of every artifact."""
        s3, bucket = self.client("s3"), f"errands-artifacts-{ACCOUNT}"
        found = s3.list_object_versions(Bucket=bucket).get("Versions", [])
        assert len({one["Key"] for one in found}) == len(found), "each is written once"
        return {one["Key"]: json.loads(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()) for one in found}

    def clear(self) -> None:
        """Take away what was put into the stack, which destroys no bucket with objects in it."""
        self.programs.end()
        s3 = self.client("s3")
        for short in ("site", "artifacts"):
            bucket = f"errands-{short}-{ACCOUNT}"
            for one in s3.list_object_versions(Bucket=bucket).get("Versions", []):
                s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])


@contextlib.contextmanager
def deployed(directory: Path) -> Iterator[Agents]:
    """Deploy the stack from nothing in a copy of the working tree; nothing of it outlives the block."""
    world = World.copied(directory / "checkout")
    file = world.directory / f"Pulumi.{STACK}.yaml"
    text = file.read_text()
    for known, wanted in _GUARDED.items():
        assert text.count(known) == 1, f"{file.name} says {known} once"
        text = text.replace(known, wanted)
    file.write_text(text)
    programs = Programs(directory, {})
    try:
        up = world.sandbox("up", STACK, "--json", limit_seconds=UP_SECONDS)
        assert up.status == 0, f"`up` ended with status {up.status}:\n{up.text[-8000:]}"
        endpoint = world.sandbox("status", "--json").document()["emulator"]
        programs.environment |= {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
        }
        yield Agents(world, up, endpoint, programs)
    finally:
        programs.end()
        world.sandbox("down")
