"""Functions: Lambda functions of the stack, whose code is a module of `services/`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.containers import DATA_GROUPS, Reachable
from config.messaging import QueueName
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward
from config.table import TableName
from config.task import SecretOf, ShortName, TaskRole, VariableName, places

Handler = Annotated[str, Field(pattern=r"^services(\.[a-z][a-z0-9_]*){2,6}$", max_length=128)]
"""Python path below `services`: packages, module, function."""
Distribution = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""Name of a package of the Python index, as `services/requirements.lock` spells it."""
Concurrency = Annotated[int, Field(ge=1, le=1_000_000)]
Traffic = Literal[
    "Canary10Percent5Minutes",
    "Canary10Percent10Minutes",
    "Canary10Percent15Minutes",
    "Canary10Percent30Minutes",
    "Linear10PercentEvery1Minute",
    "Linear10PercentEvery2Minutes",
    "Linear10PercentEvery3Minutes",
    "Linear10PercentEvery10Minutes",
]
"""Deployment configurations of CodeDeploy for Lambda, without `CodeDeployDefault.Lambda` before them."""


class QueueSource(Section):
    """A queue that the function works on. What it reports as failed is tried again, and nothing else of the batch."""

    name: QueueName
    """Queue of `messaging.queues`; its messages are hidden for six time-outs of the function at least."""
    batch_size: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Messages at a time at most; more than 10 need a window."""
    window_seconds: Annotated[int, Field(ge=0, le=300)] = 0
    """Seconds that Lambda waits for a batch to fill; 0 = none."""
    max_concurrency: Annotated[int, Field(ge=2, le=1000)] | None = None
    """Executions that work on the queue at a time at most; none = as many as the function gets."""


class StreamSource(Section):
    """A stream of changes that the function works on.

    A batch that fails is halved until the change that fails is found; which it was goes to the queue of failures.
    """

    table: TableName
    """Table of `data.tables` with a `stream`."""
    batch_size: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Changes at a time at most."""
    window_seconds: Annotated[int, Field(ge=0, le=300)] = 0
    """Seconds that Lambda waits for a batch to fill; 0 = none."""
    starting_position: Literal["LATEST", "TRIM_HORIZON"] = "TRIM_HORIZON"
    """Where it begins when the mapping is made: with what is in the stream, or with what comes some minutes later."""
    retries: Annotated[int, Field(ge=0, le=10_000)] = 3
    """Times that a batch is tried again; later changes of the same item wait meanwhile."""
    max_age_seconds: Annotated[int, Field(ge=60, le=86_400)] = 3600
    """Seconds after which a change is given up, an hour by default; a stream keeps it for a day."""
    parallelization: Annotated[int, Field(ge=1, le=10)] = 1
    """Batches of a shard at a time; changes of one item stay in order."""


class Pollers(Section):
    """Who reads the topic for the function: pollers of Lambda, each of which takes 5 MB a second at most."""

    least: Annotated[int, Field(ge=1, le=200)] = 1
    """Pollers that are there at any time; billed by the hour, in event poller units."""
    most: Annotated[int, Field(ge=1, le=2000)]
    """Most pollers; no more work than the topic has partitions."""


class TopicSource(Section):
    """A topic of Kafka that the function works on, by pollers of its own (docs/adr/0070-topic-consumers.md).

    A batch that fails is halved until the message that fails is found; where it stands goes to the queue of failures.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{1,248}$")]
    """Topic of `streaming`; a client makes it, no message does."""
    group: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")]
    """Consumer group, which no other function joins. Kafka keeps by it how far the function is."""
    starting_position: Literal["LATEST", "TRIM_HORIZON"] = "TRIM_HORIZON"
    """Where a group begins that Kafka knows nothing of yet: with what the topic holds, or with what comes then."""
    batch_size: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Messages at a time at most."""
    window_seconds: Annotated[int, Field(ge=1, le=300)] | None = None
    """Seconds that Lambda waits for a batch to fill; none = half a second, to which a mapping that has had another
    never returns."""
    retries: Annotated[int, Field(ge=0, le=10_000)] = 3
    """Times that a batch is tried again; later messages of the partition wait meanwhile."""
    max_age_seconds: Annotated[int, Field(ge=60, le=604_800)] = 86_400
    """Seconds after which a message is given up, a day by default and a week at most."""
    pollers: Pollers
    """How many pollers read it."""
    filters: Annotated[tuple[Annotated[str, Field(min_length=2, max_length=4096)], ...], Field(max_length=5)] = ()
    """Patterns in JSON on `value`, such as `{"value": {"kind": ["sold"]}}`: what fits one of them is handed on, the
    rest is passed over. None = every message."""


class Planned(Section):
    """A time at which the function is called."""

    recurrence: Annotated[str, Field(min_length=11, max_length=100)]
    """Six fields as EventBridge has them: minute, hour, day of month, month, day of week, year; `0 8 ? * MON-FRI *`."""
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$")] = "Etc/UTC"
    """IANA time zone of the expression."""


class Failures(Section):
    """What becomes of calls that nobody waits for, those of schedules and of other services, when they fail."""

    retries: Annotated[int, Field(ge=0, le=2)] = 2
    """Times that Lambda tries again."""
    max_age_seconds: Annotated[int, Field(ge=60, le=21_600)] = 21_600
    """Seconds after which a call is given up, 6 hours by default and at most."""
    retention_seconds: Annotated[int, Field(ge=60, le=1_209_600)] = 1_209_600
    """Seconds that a call that was given up is kept in the function's queue of failures, 14 days by default."""


class Release(Section):
    """How a new version of the function gets its traffic: CodeDeploy moves it, and takes it back on an alarm."""

    traffic: Traffic
    """Share and pace of what goes to the new version."""
    alarms: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")], ...], Field(min_length=1, max_length=10)
    ]
    """Rows of `observability.alarms`, each of a source that is measured on functions: going off on this one meanwhile,
    it brings the version before back."""


class Function(Section):
    """A Lambda function. It is called by its alias `live`; each change makes a version."""

    purpose: Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9 ._-]+$")]
    """What it does, in a few words; a tag of the function."""
    handler: Handler
    """What Lambda calls, such as `services.agents.http.handler`. Its archive holds the modules of `services` that this
    one imports, and what those import."""
    distributions: Annotated[tuple[Distribution, ...], Field(max_length=30)] = ()
    """Packages of `services/requirements.lock` that the archive holds, with what they need; none by default: the
    runtime has boto3 of its own."""
    runtime: Annotated[str, Field(pattern=r"^python3\.\d{1,2}$")]
    """Runtime, such as `python3.13`, in support on the day of `as_of`."""
    architecture: Literal["arm64", "x86_64"] = "arm64"
    """What it runs on; arm64 (Graviton) costs a fifth less."""
    memory_mib: Annotated[int, Field(ge=128, le=10_240)]
    """Memory in MiB; processor time goes by it, a vCPU to 1,769 MiB."""
    timeout_seconds: Annotated[int, Field(ge=1, le=900)]
    """Seconds after which Lambda ends a run."""
    storage_mib: Annotated[int, Field(ge=512, le=10_240)] = 512
    """Size of `/tmp` in MiB; 512 are included in the price."""
    reserved_concurrency: Concurrency | None = None
    """Executions at a time that are kept for it, and the most that it has; none = it shares what the account has."""
    provisioned_concurrency: Concurrency | None = None
    """Executions that are ready at any time, billed by the hour; none = the first calls wait for a start."""
    tracing: bool = True
    """Whether X-Ray traces its calls."""
    environment: Annotated[dict[VariableName, Annotated[str, Field(max_length=1000)]], Field(max_length=50)] = Field(
        default_factory=dict
    )
    """Environment variables; nothing secret, which anybody reads who may describe the function. The program adds where
    the things are that the function names: `POSTGRES_HOST`, `REDIS_HOST`, `BUCKET_<NAME>_NAME`, `QUEUE_<NAME>_URL`,
    `TABLE_<NAME>_NAME`, `SOCKETS_ENDPOINT`, `MODEL_ID`, `MODEL_<NAME>_ID`, `GUARDRAIL_ID`, `GUARDRAIL_VERSION`,
    `STREAMING_BROKERS`."""
    secrets: Annotated[dict[VariableName, SecretOf], Field(max_length=20)] = Field(default_factory=dict)
    """Environment variables with the ARN of a secret, which the function reads by itself; never its value."""
    role: TaskRole = TaskRole()
    """What it may do in AWS; nothing by default but its log, its traces, its secrets and its sources."""
    reaches: tuple[Reachable, ...] = ()
    """Data services of the stack that it connects to. Empty = it has no way into the VPC, and needs none."""
    tier: TierName | None = None
    """Private tier of the interfaces of a function that reaches something; none = the only one."""
    queue: QueueSource | None = None
    """Queue that it works on; none = no queue."""
    stream: StreamSource | None = None
    """Stream of a table that it works on; none = no stream. For a primary: a standby's copy of a table is made by its
    primary, and its stream is not known."""
    topic: TopicSource | None = None
    """Topic of Kafka that it works on, beside `streaming.functions`; none = no topic. A standby's function waits until
    its stack serves. It needs no way into the VPC for it: Lambda's pollers have one."""
    schedules: Annotated[dict[ShortName, Planned], Field(max_length=10)] = Field(default_factory=dict)
    """Times at which it is called, by a name that the stack file chooses."""
    failures: Failures | None = None
    """What becomes of calls that nobody waits for; none = nobody makes any. Needed beside `schedules`, `stream` and
    `topic`."""
    release: Release | None = None
    """How a new version gets its traffic; none = all of it, at once."""
    code_signing_arn: (
        Annotated[
            str,
            Field(pattern=r"^arn:aws:lambda:[a-z]{2}(-[a-z]+)+-\d:\d{12}:code-signing-config:csc-[a-z0-9]{17}$"),
        ]
        | None
    ) = None
    """Code signing configuration; none = the archive needs no signature."""
    log_retention_days: LogRetentionDays
    """Days that its log is kept, encrypted by the `logs` key."""

    def places(self) -> dict[str, str]:
        """Return the environment variables that say where things are (`config.task.places`)."""
        return places(self.reaches, self.role)

    def member(self, name: str) -> Member | None:
        """Return who it is inside the VPC; None = it is not there."""
        if not self.reaches:
            return None
        return Member(
            group=group_of(name),
            purpose=f"Function {name}",
            called=f"function {name}",
            kind="private",
            ports=(),
            clients="private",
            served_groups=(),
            calls=tuple(DATA_GROUPS[one] for one in self.reaches),
            outward=Outward(to="world", why="Calls AWS and data services"),
        )


def group_of(function: str) -> str:
    """Return the short name of the security group of a function."""
    return f"function-{function}"
