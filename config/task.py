"""What one task of a service is: image, size, health, what it reads, what it may do."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from config.base import REPEATS, Section
from config.controller import Image
from config.facts.fargate import STOP_SECONDS
from config.messaging import QueueName
from config.table import TableName

CpuUnits = Literal[256, 512, 1024, 2048, 4096, 8192, 16384]
"""Sizes that Fargate has; 1024 units are a vCPU."""
ShortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=30)]
"""Name that a stack file chooses; a part of logical names."""
ServiceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=16)]
"""Name of a service. A target group's has 32 characters, of which the program needs the other half."""
FunctionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=24)]
"""Name of a function. IAM takes 64 characters of a role's, of which the program needs the others."""
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)]
ContainerPath = Annotated[str, Field(pattern=r"^(/[A-Za-z0-9._-]+)+$", max_length=200)]
Argument = Annotated[str, Field(min_length=1, max_length=300)]
Reason = Annotated[str, Field(min_length=10, max_length=200)]
SecretArn = Annotated[
    str, Field(pattern=r"^arn:aws:secretsmanager:[a-z]{2}(-[a-z]+)+-\d:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}$")
]
Provider = Literal["anthropic", "vertex"]
"""Providers of models beside Bedrock: Anthropic, and Vertex AI of Google."""
BucketAction = Literal[
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:ListBucket",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
]
"""Actions on a bucket (`s3:ListBucket`) and on its objects; none on versions, so that what is lost comes back."""
QueueAction = Literal[
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
]
"""Actions on a queue."""
TableAction = Literal[
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
]
"""Actions on a table and its indexes; a transaction is allowed by those on its items."""
TopicName = Annotated[str, Field(pattern=r"^([A-Za-z0-9._-]{1,248}\*?|\*)$")]
"""Name of a topic or a consumer group, or the beginning of one before `*`."""
SocketCall = Literal["DELETE", "GET", "POST"]
"""Calls of `@connections`."""


class Size(Section):
    """CPU and memory of a task, as Fargate pairs them."""

    cpu_units: CpuUnits
    """CPU; 1024 units are a vCPU."""
    memory_mib: Annotated[int, Field(ge=512, le=122880)]
    """Memory in MiB; which amounts go with the CPU, `config/facts/fargate.py` says."""
    architecture: Literal["X86_64", "ARM64"] = "X86_64"
    """Architecture that the image is built for; ARM64 (Graviton) costs a fifth less."""
    storage_gib: Annotated[int, Field(ge=21, le=200)] | None = None
    """Ephemeral storage in GiB, image and volumes included; none = the 20 GiB that every task has."""


class ContainerHealth(Section):
    """How ECS asks the container itself; a task whose container is unhealthy is replaced."""

    command: Annotated[tuple[Argument, ...], Field(min_length=1, max_length=20, json_schema_extra=REPEATS)]
    """Command with its arguments, run inside the container without a shell; 0 = healthy."""
    interval_seconds: Annotated[int, Field(ge=5, le=300)] = 30
    """Seconds between two runs."""
    timeout_seconds: Annotated[int, Field(ge=2, le=60)] = 5
    """Seconds after which a run has failed."""
    retries: Annotated[int, Field(ge=1, le=10)] = 3
    """Failures in a row that make the container unhealthy."""
    start_seconds: Annotated[int, Field(ge=0, le=300)] = 0
    """Seconds after the start in which failures do not count."""


class SecretOf(Section):
    """A secret, by what it is known by; its value never is a setting."""

    of: Literal["postgres", "redis", "anthropic", "vertex"] | None = None
    """The stack's own secret of a data service, or the key of a provider in `inference.provider_keys`."""
    arn: SecretArn | None = None
    """Another secret of this account and region, put there by hand, under the `secrets` key; in place of `of`."""


class SecretReference(SecretOf):
    """A secret that a container gets as an environment variable when it starts; its value never is a setting."""

    json_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")] | None = None
    """Key of the secret's JSON whose value is given; none = the whole text."""


class BucketAccess(Section):
    """What tasks may do with a bucket of the stack."""

    actions: Annotated[tuple[BucketAction, ...], Field(min_length=1)]
    """What they may do; the `storage` key is opened for it, by way of S3 only."""
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9!_.()/-]{1,200}$")] | None = None
    """Beginning of the keys that they reach; none = all."""
    reason: Reason
    """Why tasks need it."""


class QueueAccess(Section):
    """What tasks may do with a queue of the stack."""

    actions: Annotated[tuple[QueueAction, ...], Field(min_length=1)]
    """What they may do."""
    reason: Reason
    """Why tasks need it."""


class TableAccess(Section):
    """What tasks may do with a table of the stack, and with its indexes."""

    actions: Annotated[tuple[TableAction, ...], Field(min_length=1)]
    """What they may do; the `data` key is opened for it, by way of DynamoDB only."""
    reason: Reason
    """Why tasks need it."""


class DatabaseLogin(Section):
    """Log-in to the stack's PostgreSQL by IAM authentication, without a password, on each of its instances."""

    user: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    """User of the database, which a migration makes with `GRANT rds_iam`."""
    reason: Reason
    """Why tasks need it."""


class SocketsAccess(Section):
    """What tasks may do with the connections of the stack's WebSocket API."""

    calls: Annotated[tuple[SocketCall, ...], Field(min_length=1)]
    """What they may do with any connection: POST sends a message, GET tells its state, DELETE ends it."""
    reason: Reason
    """Why tasks need it."""


class InferenceAccess(Section):
    """Models that tasks may call, through the stack's guardrail by its number and not past it."""

    models: Annotated[tuple[ShortName, ...], Field(min_length=1, max_length=10)]
    """Models of `inference.models`. `MODEL_ID` is the first one, `MODEL_<NAME>_ID` each one."""
    reason: Reason
    """Why tasks need them."""


class StreamingAccess(Section):
    """What clients may do with topics of the stack's Kafka, as IAM names it."""

    reads: Annotated[tuple[TopicName, ...], Field(max_length=20)] = ()
    """Topics that they read; a `*` at the end stands for any ending."""
    groups: Annotated[tuple[TopicName, ...], Field(max_length=20)] = ()
    """Consumer groups that they are members of; needed by who reads."""
    writes: Annotated[tuple[TopicName, ...], Field(max_length=20)] = ()
    """Topics that they write to, with idempotence, which producers have by default."""
    manages: Annotated[tuple[TopicName, ...], Field(max_length=20)] = ()
    """Topics that they make and alter; none is made by a message."""
    reason: Reason
    """Why they need it."""


class TaskRole(Section):
    """What tasks may do in AWS, each with its reason; what stands nowhere here is refused to them."""

    buckets: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], BucketAccess] = Field(default_factory=dict)
    """Buckets of `data.buckets` by their short name."""
    queues: dict[QueueName, QueueAccess] = Field(default_factory=dict)
    """Queues of `messaging.queues`."""
    tables: dict[TableName, TableAccess] = Field(default_factory=dict)
    """Tables of `data.tables`."""
    database: DatabaseLogin | None = None
    """Log-in to `data.postgres`; none = tasks have no other way in than a password."""
    sockets: SocketsAccess | None = None
    """Connections of `sockets`; none = tasks tell clients nothing by them."""
    inference: InferenceAccess | None = None
    """Models of `inference`; none = tasks call no model of Bedrock."""
    streaming: StreamingAccess | None = None
    """Topics of `streaming`; none = tasks have no way into Kafka."""


class Task(Section):
    """One task: a container on Fargate, with a root filesystem that is read-only, and without capabilities of Linux."""

    image: Image
    """Image with its registry, by exact tag, digest, or both."""
    command: Annotated[tuple[Argument, ...], Field(max_length=50, json_schema_extra=REPEATS)] = ()
    """Command with its arguments; empty = that of the image."""
    size: Size
    """CPU, memory, architecture."""
    user: Annotated[str, Field(pattern=r"^[1-9]\d{0,9}(:[1-9]\d{0,9})?$")]
    """User that the container runs as, by number, and its group; never root."""
    health: ContainerHealth | None = None
    """Health check of the container; none = it is healthy while it runs."""
    environment: Annotated[dict[VariableName, Annotated[str, Field(max_length=1000)]], Field(max_length=100)] = Field(
        default_factory=dict
    )
    """Environment variables; nothing secret, which anybody reads who may describe the task. The program adds where the
    things are that the service names: `POSTGRES_HOST`, `REDIS_HOST`, `BUCKET_<NAME>_NAME`, `QUEUE_<NAME>_URL`,
    `TABLE_<NAME>_NAME`, `SOCKETS_ENDPOINT`, `MODEL_ID`, `MODEL_<NAME>_ID`, `GUARDRAIL_ID`, `GUARDRAIL_VERSION`,
    `STREAMING_BROKERS`."""
    secrets: Annotated[dict[VariableName, SecretReference], Field(max_length=50)] = Field(default_factory=dict)
    """Environment variables with the value of a secret, as it is when the task starts."""
    volumes: Annotated[dict[ShortName, ContainerPath], Field(max_length=10)] = Field(default_factory=dict)
    """Writable directories by name, empty at the start and gone with the task. A directory that the image declares as
    a volume keeps its owner; any other one is root's."""
    role: TaskRole = TaskRole()
    """What the task may do in AWS; nothing by default."""
    stop_timeout_seconds: Annotated[int, Field(ge=2, le=STOP_SECONDS)] = 30
    """Seconds from SIGTERM to SIGKILL; 120 is the most that Fargate has."""
    ecs_exec: bool = False
    """True = whoever IAM lets may open a shell in the container (ECS Exec), recorded as `containers.sessions` says. The
    shell runs as root, whatever `user` is."""


_PLACES: Final = {"streaming": "BROKERS"}
"""Thing that is reached -> what its variable ends with, where that is no host."""


def places(reaches: tuple[str, ...], role: TaskRole) -> dict[str, str]:
    """Return the environment variables that say where things are, each with the name of its thing.

    `POSTGRES_HOST`, `REDIS_HOST` and `STREAMING_BROKERS` for what is reached, `BUCKET_<NAME>_NAME`, `QUEUE_<NAME>_URL`,
    `TABLE_<NAME>_NAME`, `SOCKETS_ENDPOINT`, `MODEL_ID`, `MODEL_<NAME>_ID`, `GUARDRAIL_ID` and `GUARDRAIL_VERSION` for
    what the role has rights on: `postgres`, `redis`, `streaming`, `bucket-<short name>`, `queue-<short name>`,
    `table-<short name>`, `sockets`, `model-<short name>`, `guardrail`, `guardrail-version`.
    """
    return {
        **{f"{name.upper()}_{_PLACES.get(name, 'HOST')}": name for name in reaches},
        **{f"BUCKET_{_upper(short)}_NAME": f"bucket-{short}" for short in role.buckets},
        **{f"QUEUE_{_upper(short)}_URL": f"queue-{short}" for short in role.queues},
        **{f"TABLE_{_upper(short)}_NAME": f"table-{short}" for short in role.tables},
        **({"SOCKETS_ENDPOINT": "sockets"} if role.sockets is not None else {}),
        **(_of_models(role.inference.models) if role.inference is not None else {}),
    }


def _of_models(models: tuple[str, ...]) -> dict[str, str]:
    return {
        "MODEL_ID": f"model-{models[0]}",
        **{f"MODEL_{_upper(short)}_ID": f"model-{short}" for short in models},
        "GUARDRAIL_ID": "guardrail",
        "GUARDRAIL_VERSION": "guardrail-version",
    }


def _upper(short: str) -> str:
    return short.upper().replace("-", "_")
