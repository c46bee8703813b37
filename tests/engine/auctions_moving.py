"""A deployed stack `auctions` in motion: load, work, interruptions, releases, and requests from outside."""

from __future__ import annotations

import json
import socket
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from botocore.signers import CloudFrontSigner
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Ping, Request, TextMessage

from sandbox.emulator import client
from tests.engine.auctions_asked import Asked
from tests.engine.auctions_world import REPLICA_REGION, SIGNER
from tests.sandbox.emulator.tasks.fleet import until
from tests.sandbox.emulator.traffic import rsa_keys
from tests.sandbox.emulator.traffic.behind import ask, traffic, trusting

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from tests.engine.auctions_world import Auctions
    from tests.sandbox.emulator.tasks.fleet import Record
    from tests.sandbox.emulator.traffic.behind import Said

DOMAIN: Final = "videowindow.example"
WAITS_SECONDS: Final = 90
"""Longest wait for what processes do on a machine that is busy with other things."""


class Moving:
    """The stack as operators, users and AWS itself move it."""

    def __init__(self, auctions: Auctions) -> None:
        self.client = auctions.client
        self.asked = Asked(auctions)
        self.emulator = client.Emulator(int(urlsplit(auctions.endpoint).port or 0), pid=0)
        self.cluster = str(self.asked.cluster["clusterName"])
        self.names = {short: str(one["serviceName"]) for short, one in self.asked.services.items()}
        self._subscribed: dict[str, Record] = {}

    def control(self, method: str, path: str) -> Any:  # noqa: ANN401 - a document
        """Ask one of the emulator's own paths."""
        return client.control(self.emulator.port, method, path)

    def service(self, short: str) -> Record:
        """Describe a service."""
        found = self.client("ecs").describe_services(cluster=self.cluster, services=[self.names[short]])
        return dict(found["services"][0])

    def tasks(self, short: str, status: str = "RUNNING") -> list[Record]:
        """Describe the tasks of a service that are, or are to be, in a state."""
        ecs = self.client("ecs")
        arns = ecs.list_tasks(cluster=self.cluster, serviceName=self.names[short], desiredStatus=status)["taskArns"]
        return list(ecs.describe_tasks(cluster=self.cluster, tasks=arns)["tasks"]) if arns else []

    def desired(self, short: str) -> int:
        """The desired count of a service."""
        return int(self.service(short)["desiredCount"])

    def stable(self, short: str) -> int:
        """Wait until a service has one deployment, done, and as many tasks as are desired; returns how many."""

        def settled() -> bool:
            found = self.service(short)
            done = [one["rolloutState"] for one in found["deployments"]] == ["COMPLETED"]
            return done and found["desiredCount"] == found["runningCount"] == len(self.tasks(short))

        until(settled, WAITS_SECONDS, lambda: self.service(short)["events"][:5])
        return len(self.tasks(short))

    def serving(self, short: str) -> list[str]:
        """Wait until processes stand behind a service's tasks and its target groups send to them; returns the tasks."""

        def standing() -> dict[str, set[str]]:
            states: dict[str, set[str]] = {}
            for balanced in self.service(short)["loadBalancers"]:
                group = balanced["targetGroupArn"]
                health = self.client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
                states[group] = {one["TargetHealth"]["State"] for one in health} - {"draining"}
            return states

        def served() -> bool:
            run = {one["task"]: one["runs_as"] for one in self.control("GET", "tasks")["tasks"]}
            as_processes = all(run.get(one["taskArn"]) == "process" for one in self.tasks(short))
            return as_processes and all(states == {"healthy"} for states in standing().values())

        until(served, WAITS_SECONDS, standing)
        self.stable(short)
        return [str(one["taskArn"]) for one in self.tasks(short)]

    def load(self, short: str, percent: float, count: int) -> int:
        """Load a service, with few requests, until its desired count is another one; returns the minutes of the clock.

        Both are put on CloudWatch: a policy without data keeps the others from scaling in, as on AWS.
        """
        of_service = {"ClusterName": self.cluster, "ServiceName": self.names[short]}
        for minute in range(1, 31):
            self.emulator.advance(59)
            self._measured("AWS/ECS", "CPUUtilization", of_service, percent)
            self._measured("AWS/ApplicationELB", "RequestCountPerTarget", self._requests(short), 10)
            self.emulator.advance(1)
            if self.desired(short) == count:
                return minute
        raise AssertionError(f"not {count} within half an hour, but {self.desired(short)}")

    def _measured(self, namespace: str, metric: str, of: dict[str, str], value: float) -> None:
        dimensions = [{"Name": name, "Value": value} for name, value in of.items()]
        datum = {"MetricName": metric, "Dimensions": dimensions, "Value": value}
        self.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[datum])

    def _requests(self, short: str) -> dict[str, str]:
        """Load balancer and target group whose requests the policy of a service holds."""
        scaling, of = self.client("application-autoscaling"), f"service/{self.cluster}/{self.names[short]}"
        policies = scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=of)["ScalingPolicies"]
        held = [one["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"] for one in policies]
        balancer, group = next(one["ResourceLabel"] for one in held if "ResourceLabel" in one).split("/targetgroup/")
        return {"LoadBalancer": balancer, "TargetGroup": f"targetgroup/{group}"}

    def ready(self, short: str, definition: str) -> bool:
        """Whether every task of a revision that is to run has said that it takes requests."""
        said = {line["task"] for line in self.lines(short, "ready")}
        tasks = [one for one in self.tasks(short) if one["taskDefinitionArn"] == definition]
        return all(one["taskArn"][-32:] in said for one in tasks)

    def lines(self, short: str, message: str) -> list[Record]:
        """What the tasks of a service have logged under a message, with the id of the task of each."""
        group = self.asked.task(self.asked.services[short])["containerDefinitions"][0]["logConfiguration"]["options"]
        events = self.client("logs").filter_log_events(logGroupName=group["awslogs-group"])["events"]
        said = [json.loads(event["message"]) | {"task": event["logStreamName"][-32:]} for event in events]
        return [line for line in said if line["message"] == message]

    def listen(self, topic: str) -> str:
        """Subscribe a queue to a topic of the stack; returns the queue's URL."""
        sqs = self.client("sqs")
        url = str(sqs.create_queue(QueueName=f"heard-{topic.rpartition(':')[2]}")["QueueUrl"])
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self._subscribed[url] = self.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return url

    def clear(self) -> None:
        """Take away what was put into the stack, which destroys no bucket with objects in it."""
        for url, subscribed in self._subscribed.items():
            self.client("sns").unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
            self.client("sqs").delete_queue(QueueUrl=url)
        s3, videos = self.client("s3"), self.asked.bucket("videos")
        (rule,) = s3.get_bucket_replication(Bucket=videos)["ReplicationConfiguration"]["Rules"]
        replica = rule["Destination"]["Bucket"].rpartition(":")[2]
        there = self.client("s3", REPLICA_REGION)
        for of, bucket in ((s3, videos), (s3, self.asked.bucket("thumbnails")), (there, replica)):
            found = of.list_object_versions(Bucket=bucket)
            for one in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
                of.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])

    @cached_property
    def queues(self) -> dict[str, str]:
        """The queue of videos and that of its dead letters: URLs."""
        urls = self.client("sqs").list_queues()["QueueUrls"]
        dead = next(url for url in urls if "videos-dead-letters" in url)
        return {"dead": dead, "videos": next(url for url in urls if "videos" in url and url != dead)}

    def left(self, queue: str) -> int:
        """Messages in a queue, those that are being worked on included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.client("sqs").get_queue_attributes(QueueUrl=self.queues[queue], AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)

    @property
    def edge(self) -> tuple[str, int]:
        """Where CloudFront takes HTTPS on this machine."""
        (found,) = traffic(self.emulator)["distributions"]
        return "127.0.0.1", int(found["https"].rpartition(":")[2])

    def get(self, url: str) -> Said:
        """Ask CloudFront for a URL of the domain."""
        target = url.removeprefix(f"https://{DOMAIN}")
        return ask(self.edge, target, tls=trusting(self.emulator), Host=DOMAIN)

    def signed(self, url: str, ends: float, key: int = SIGNER) -> str:
        """Sign a URL as the backend does, with the private half of the pair that the stack trusts.

        Args:
            url: What is signed.
            ends: When it ends, in seconds of the epoch.
            key: Number of the key that signs.
        """
        (public,) = self.client("cloudfront").list_public_keys()["PublicKeyList"]["Items"]
        signer = CloudFrontSigner(public["Id"], lambda message: rsa_keys.sign(message, key))
        statement = {"Resource": url, "Condition": {"DateLessThan": {"AWS:EpochTime": int(ends)}}}
        return str(signer.generate_presigned_url(url, policy=json.dumps({"Statement": [statement]})))


class Live:
    """A WebSocket to the bidders' service by way of CloudFront and the load balancer."""

    def __init__(self, moving: Moving, path: str = "/live") -> None:
        plain = socket.create_connection(moving.edge, timeout=WAITS_SECONDS)
        self._socket = trusting(moving.emulator).wrap_socket(plain, server_hostname=DOMAIN)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._socket.sendall(self._protocol.send(Request(host=DOMAIN, target=path)))
        assert isinstance(self._next(), AcceptConnection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def _next(self) -> object:
        """Return what comes next; None where the connection is over."""
        while True:
            for event in self._protocol.events():
                return event
            data = self._socket.recv(65536)
            if not data:
                return None
            self._protocol.receive_data(data)

    def pinged(self) -> bool:
        """Wait for the service's next ping, and answer it; False where the connection is over."""
        event = self._next()
        if isinstance(event, Ping):
            self._socket.sendall(self._protocol.send(event.response()))
        return isinstance(event, Ping)

    def echo(self, text: str) -> str:
        """Say something and return what comes back, pings aside; empty where the connection is over."""
        try:
            self._socket.sendall(self._protocol.send(TextMessage(text)))
            event = self._next()
            while isinstance(event, Ping):
                event = self._next()
        except OSError:
            return ""
        return event.data if isinstance(event, TextMessage) else ""
