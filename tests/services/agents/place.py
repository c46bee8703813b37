"""What the agents need of AWS, and events as API Gateway sends them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.agents import settings
from services.agents.table import Table
from services.agents.task import FINAL, Task, submitted
from tests.services.running import until

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws
    from tests.services.running import Program, Programs

FORBIDDEN = "dynamite"
NUMBERS = ("--poll-seconds", "1", "--retry-seconds", "0", "--visibility-seconds", "3")


class Context:
    """The context of an invocation."""

    function_name = "agents"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:us-east-1:111122223333:function:agents"
    aws_request_id = "1"


CONTEXT: Any = Context()


def table(aws: Aws, name: str, sort: str) -> str:
    """Make a table of tenants; returns the ARN of its stream."""
    made = aws("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "tenant", "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in ("tenant", sort)],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return str(made["TableDescription"]["LatestStreamArn"])


def request(
    method: str, path: str, body: object = None, *, tenant: str | None = "acme", **headers: str
) -> dict[str, Any]:
    """A request of the HTTP API, payload 2.0."""
    claims = {"sub": "ann", **({"tenant": tenant} if tenant else {})}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            **{key.replace("_", "-"): text for key, text in headers.items()},
        },
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
        },
        "body": None if body is None else body if isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


@dataclass
class Place:
    """The agents' part of an account."""

    aws: Aws
    programs: Programs
    bucket: str
    environment: dict[str, str] = field(default_factory=dict)

    def open(self) -> Place:
        """Make it."""
        sqs = self.aws("sqs")
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
        queue = sqs.create_queue(QueueName="tasks", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
        self.aws("s3").create_bucket(Bucket=self.bucket)
        self.stream = table(self.aws, "tasks", "id")
        table(self.aws, "connections", "connection")
        bedrock = self.aws("bedrock")
        guardrail = bedrock.create_guardrail(
            name="agents",
            blockedInputMessaging="That is not answered here.",
            blockedOutputsMessaging="That is not said here.",
            wordPolicyConfig={"wordsConfig": [{"text": FORBIDDEN}]},
        )["guardrailId"]
        version = bedrock.create_guardrail_version(guardrailIdentifier=guardrail)["version"]
        self.environment = {
            settings.QUEUE: queue,
            settings.TASKS: "tasks",
            settings.CONNECTIONS: "connections",
            settings.ARTIFACTS: self.bucket,
            settings.MODEL: "amazon.nova-lite-v1:0",
            settings.GUARDRAIL: guardrail,
            settings.GUARDRAIL_VERSION: version,
        }
        self.dead, self.queue = dead, queue
        return self

    @property
    def tasks(self) -> Table:
        return Table(self.aws("dynamodb"), "tasks")

    def submit(self, prompt: str, key: str = "one", tenant: str = "acme") -> Task:
        """Keep and queue a task."""
        task = submitted(tenant, key, prompt, 1_800_000_000)
        assert self.tasks.add(task)
        self.send(task)
        return task

    def send(self, task: Task) -> None:
        self.aws("sqs").send_message(
            QueueUrl=self.queue, MessageBody=json.dumps({"tenant": task.tenant, "id": task.id})
        )

    def start(self, *more: str, **environment: str) -> Program:
        return self.programs.start("services.agents.worker", *NUMBERS, *more, **{**self.environment, **environment})

    def ended(self, task: Task) -> Task:
        """Wait until a task has ended."""

        def found() -> Task | None:
            now = self.tasks.find(task.tenant, task.id)
            return now if now and now.state in FINAL else None

        return until(found, standing=lambda: self.tasks.find(task.tenant, task.id))

    def waiting(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        said = self.aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return sum(int(said[name]) for name in names)

    def artifacts(self) -> dict[str, Any]:
        """Key -> what it says, of every artifact; each has one version, as it is never written again."""
        s3 = self.aws("s3")
        found = s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return {
            one["Key"]: json.loads(s3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read()) for one in found
        }
