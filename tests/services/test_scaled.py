"""The video worker as a service on Spot: scaled out by its backlog, interrupted, scaled in; nothing is lost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from review.recording import record_stack
from sandbox.emulator import client
from services.auctions import video
from tests.config.containersfile import STACK, accepted
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.tasks.fleet import Fleet, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = [pytest.mark.emulator, pytest.mark.slow]

IMAGE = "registry.example/auctions/prod/video:1.0.0"
VIDEOS, THUMBNAILS, GROUP, NAME = "scaled-videos", "scaled-thumbnails", "/shop/worker", "worker"
SHORT = [f"uploads/lot-{number}.mp4" for number in range(24)]
LONG = "uploads/long.mp4"
COMMAND = (
    *("--queue", "videos", "--uploads", "videos", "--thumbnails", "thumbnails"),
    *("--poll-seconds", "1", "--stop-seconds", "2", "--seconds-per-segment", "2"),
)


def scaling() -> tuple[dict[str, Any], dict[str, Any]]:
    """The bounds and the policy that the program makes of a stack file, as parameters of the API."""
    graph = record_stack(STACK, accepted())
    (bounds,) = (one.inputs for one in graph.of_type("aws:appautoscaling/target:Target") if NAME in one.name)
    (policy,) = (one.inputs for one in graph.of_type("aws:appautoscaling/policy:Policy") if NAME in one.name)
    names = ("resourceId", "scalableDimension", "serviceNamespace", "policyType")
    target = {name: bounds[name] for name in ("minCapacity", "maxCapacity", *names[:3])}
    tracked = policy["targetTrackingScalingPolicyConfiguration"]
    put = {name: policy[name] for name in names} | {"targetTrackingScalingPolicyConfiguration": tracked}
    return _asked(target), _asked(put) | {"PolicyName": "backlog"}


def _asked(value: Any) -> Any:  # noqa: ANN401 - any input of a resource
    """Spell what the program says as the API does, and name the cluster of the test."""
    if isinstance(value, dict):
        return {key[0].upper() + key[1:]: _asked(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_asked(one) for one in value]
    return value.replace("phoenix-prod", "shop") if isinstance(value, str) else value


@dataclass
class Work:
    """The service, its queue and its buckets."""

    emulator: Emulator
    aws: Aws
    fleet: Fleet
    queue: str = ""

    @property
    def s3(self) -> Client:
        return self.aws("s3")

    def open(self) -> None:
        """Make what the stack file of the shop makes for its worker."""
        target, policy = scaling()
        sqs = self.aws("sqs")
        metrics = policy["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]["Metrics"]
        (name,) = {one["Value"] for one in metrics[0]["MetricStat"]["Metric"]["Dimensions"]}
        self.queue = sqs.create_queue(QueueName=name)["QueueUrl"]
        self._buckets(f"arn:aws:sqs:us-east-1:{self.aws('sts').get_caller_identity()['Account']}:{name}")
        sqs.purge_queue(QueueUrl=self.queue)  # of the test event
        self._service()
        scaler = self.aws("application-autoscaling")
        scaler.register_scalable_target(**target)
        scaler.put_scaling_policy(**policy)

    def _buckets(self, queue_arn: str) -> None:
        for bucket in (VIDEOS, THUMBNAILS):
            self.s3.create_bucket(Bucket=bucket)
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        rule = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "uploads/"}]}}
        told = {"QueueArn": queue_arn, "Events": ["s3:ObjectCreated:*"], "Filter": rule}
        self.s3.put_bucket_notification_configuration(
            Bucket=VIDEOS, NotificationConfiguration={"QueueConfigurations": [told]}
        )

    def _service(self) -> None:
        self.aws("logs").create_log_group(logGroupName=GROUP)
        allowed = {"Effect": "Allow", "Action": "ecs:UpdateTaskProtection", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self.aws("iam").put_role_policy(RoleName="tasks", PolicyName="protect", PolicyDocument=document)
        places = {"QUEUE_VIDEOS_URL": self.queue, "BUCKET_VIDEOS_NAME": VIDEOS, "BUCKET_THUMBNAILS_NAME": THUMBNAILS}
        options = {"awslogs-group": GROUP, "awslogs-region": "us-east-1", "awslogs-stream-prefix": NAME}
        container = {
            "image": IMAGE,
            "command": list(COMMAND),
            "stopTimeout": 120,
            "environment": [{"name": key, "value": value} for key, value in places.items()],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }
        self.fleet.serve(
            self.fleet.define(NAME, container=container),
            NAME,
            0,
            capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        )

    def desired(self) -> int:
        return int(self.fleet.service(NAME)["desiredCount"])

    def lines(self, message: str) -> list[dict[str, Any]]:
        """What workers have logged, with the task of each."""
        events = self.aws("logs").filter_log_events(logGroupName=GROUP)["events"]
        said = [json.loads(event["message"]) | {"task": event["logStreamName"][-32:]} for event in events]
        return [line for line in said if line["message"] == message]

    def reads(self, key: str) -> list[str]:
        """The tasks that have begun to read a video."""
        return [line["task"] for line in self.lines("reading") if line["video"].startswith(key)]

    def manifests(self) -> list[str]:
        """The video of every version of every manifest."""
        found = self.s3.list_object_versions(Bucket=VIDEOS, Prefix=video.RENDITIONS).get("Versions", [])
        return sorted(one["Key"].removeprefix(video.RENDITIONS).rpartition("/")[0] for one in found)

    def left(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        said = self.aws("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return sum(int(said[name]) for name in names)


@pytest.fixture
def work(request: pytest.FixtureRequest) -> Iterator[Work]:
    emulator = client.start(None)
    client.control(emulator.port, "POST", "tasks?processes=6&speed=20")
    aws = session(emulator, account_of(request))
    made = Work(emulator, aws, Fleet(aws))
    made.open()
    yield made
    made.fleet.clear()
    emulator.stop()


def test_a_backlog_is_worked_off_though_spot_takes_a_task_away(work: Work) -> None:
    for key in SHORT:
        work.s3.put_object(Bucket=VIDEOS, Key=key, Body=b"")
    work.s3.put_object(Bucket=VIDEOS, Key=LONG, Body=bytes(3 * video.SEGMENT))
    work.emulator.advance(360)  # tasks take seconds to start: none of them runs yet
    assert work.desired() == 3, "25 messages, 10 for each task"

    (first,) = until(lambda: work.reads(LONG))
    protected = work.aws("ecs").get_task_protection(cluster="shop", tasks=[first])["protectedTasks"]
    assert [one["protectionEnabled"] for one in protected] == [True]
    client.control(work.emulator.port, "POST", f"spot/interrupt?task={first}")
    _, second = until(lambda: (found := work.reads(LONG))[1:] and found, 30)
    assert second != first, "another task has got its message"

    until(lambda: work.left() == 0, 30, work.manifests)
    assert work.manifests() == sorted([*SHORT, LONG]), "each is done, once"
    assert {line["receives"] for line in work.lines("done")} == {1, 2}
    ended = work.aws("ecs").describe_tasks(cluster="shop", tasks=[first])["tasks"][0]
    assert (ended["stopCode"], ended["containers"][0]["exitCode"]) == ("SpotInterruption", 0)

    until(lambda: {one["protectionEnabled"] for one in _protections(work)} == {False})
    work.emulator.advance(20 * 60)
    assert work.desired() == 0, "a quarter of an hour without work"
    until(lambda: not work.fleet.tasks(NAME))


def _protections(work: Work) -> list[dict[str, Any]]:
    arns = [task["taskArn"] for task in work.fleet.tasks(NAME)]
    found: list[dict[str, Any]] = work.aws("ecs").get_task_protection(cluster="shop", tasks=arns)["protectedTasks"]
    return found
