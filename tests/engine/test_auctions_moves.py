"""A deployed stack `auctions` follows load, survives Spot, goes back from a bad release, serves what it may.

Time passes by the embedded AWS's clock. Its tasks run as processes from the first test that needs them.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from services.auctions import video
from tests.engine.auctions_moving import DOMAIN, WAITS_SECONDS, Live, Moving
from tests.engine.auctions_world import REPLICA_REGION
from tests.sandbox.emulator.tasks.fleet import until
from tests.sandbox.emulator.traffic.behind import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.auctions_world import Auctions

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(900)]

KEY = "videos/lot-7.mp4"
LONG = "videos/long.mp4"
YEAR = 365 * 86400


@pytest.fixture(scope="module")
def moving(auctions: Auctions) -> Iterator[Moving]:
    """The deployed stack; what is put into it is taken away at the end, when it is to be destroyed."""
    made = Moving(auctions)
    yield made
    made.clear()


@pytest.fixture(scope="module")
def running(moving: Moving) -> Iterator[Moving]:
    """The deployed stack with processes behind its tasks."""
    moving.control("POST", "tasks?processes=12&speed=20")
    for short in ("serverpod", "live"):
        moving.serving(short)
    yield moving
    moving.control("POST", "tasks?processes=0&speed=1")


def test_load_moves_the_number_of_backends_and_back(moving: Moving) -> None:
    assert moving.stable("serverpod") == 2
    assert 3 <= moving.load("serverpod", 90, count=3) <= 4, "three minutes above 60 %; 2 tasks x 90 / 60"
    assert moving.stable("serverpod") == 3, "tasks follow"
    assert 15 <= moving.load("serverpod", 10, count=2) <= 17, "a quarter of an hour below; the least of the stack file"
    assert moving.stable("serverpod") == 2


def test_videos_are_in_the_other_region_and_move_to_intelligent_tiering(moving: Moving) -> None:
    s3, name = moving.client("s3"), moving.asked.bucket("videos")
    s3.put_object(Bucket=name, Key=KEY, Body=bytes(128 * 1024))
    (rule,) = s3.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]["Rules"]
    other, there = rule["Destination"]["Bucket"].rpartition(":")[2], moving.client("s3", REPLICA_REGION)
    until(lambda: there.list_objects_v2(Bucket=other, Prefix=KEY).get("Contents"), WAITS_SECONDS)
    copy = there.head_object(Bucket=other, Key=KEY)
    assert (copy["ReplicationStatus"], copy["ContentLength"]) == ("REPLICA", 128 * 1024)
    assert s3.head_object(Bucket=name, Key=KEY)["ReplicationStatus"] == "COMPLETED"
    moving.control("POST", "advance?seconds=172800&step=86400")
    assert s3.head_object(Bucket=name, Key=KEY).get("StorageClass") == "INTELLIGENT_TIERING"


def test_videos_are_served_by_signed_urls_alone_and_thumbnails_without(moving: Moving) -> None:
    s3 = moving.client("s3")
    url, picture = f"https://{DOMAIN}/{KEY}", "thumbnails/videos/lot-7.png"
    s3.put_object(Bucket=moving.asked.bucket("thumbnails"), Key=picture, Body=b"picture")
    assert moving.get(url).status == 403, "nobody has signed it"
    assert moving.get(moving.signed(url, ends=time.time() + YEAR, key=1)).status == 403, "signed by a stranger"
    assert moving.get(moving.signed(url, ends=time.time() - 1)).status == 403, "it has ended"
    served = moving.get(moving.signed(url, ends=time.time() + YEAR))
    assert (served.status, len(served.body)) == (200, 128 * 1024)
    assert moving.get(f"https://{DOMAIN}/{picture}").body == b"picture"


def test_a_video_is_taken_in_once_though_spot_takes_its_worker_away(running: Moving) -> None:
    s3, name = running.client("s3"), running.asked.bucket("videos")
    version = s3.put_object(Bucket=name, Key=LONG, Body=bytes(3 * video.SEGMENT))["VersionId"]
    _ask_for(running, name, LONG, version)
    assert running.desired("video") == 0
    running.emulator.advance(240)
    assert running.desired("video") == 2, "three minutes with a message that nobody works on"
    (first,) = until(lambda: _readers(running), WAITS_SECONDS, lambda: running.service("video")["events"][:5])
    assert {one["capacityProviderName"] for one in running.tasks("video")} == {"FARGATE_SPOT"}

    running.control("POST", f"spot/interrupt?task={first}")
    _, second = until(lambda: (found := _readers(running))[1:] and found, WAITS_SECONDS)
    assert second != first, "another task has got its message"
    until(lambda: running.left("videos") == 0, WAITS_SECONDS)
    assert [line["why"] for line in running.lines("video", "stopping") if line["task"] == first] == ["SIGTERM"]
    (given,) = [line for line in running.lines("video", "given back") if line["task"] == first]
    assert given["visible_in"] == 0
    (ended,) = [one for one in running.tasks("video", "STOPPED") if one["taskArn"].endswith(first)]
    assert (ended["stopCode"], ended["containers"][0]["exitCode"]) == ("SpotInterruption", 0)
    assert running.left("dead") == 0
    _taken_in_once(running, version)


def _ask_for(running: Moving, bucket: str, key: str, version: str) -> None:
    """Ask for a video to be cut, as the backend may: in the stack file its role sends to the queue of videos."""
    assert '"sqs:SendMessage"' in json.dumps(running.asked.role("serverpod")[1])
    message = json.dumps({"bucket": bucket, "key": key, "version": version})
    running.client("sqs").send_message(QueueUrl=running.queues["videos"], MessageBody=message)


def _readers(running: Moving) -> list[str]:
    return [line["task"] for line in running.lines("video", "reading") if line["video"].startswith(LONG)]


def _taken_in_once(running: Moving, version: str) -> None:
    """The manifest and the thumbnail stand, the manifest in one version, and CloudFront serves both."""
    s3, manifest = running.client("s3"), f"renditions/{LONG}/{version}.json"
    versions = s3.list_object_versions(Bucket=running.asked.bucket("videos"), Prefix=f"renditions/{LONG}")["Versions"]
    assert [one["Key"] for one in versions] == [manifest]
    url = f"https://{DOMAIN}/{manifest}"
    assert running.get(url).status == 403
    said: dict[str, Any] = json.loads(running.get(running.signed(url, ends=time.time() + YEAR)).body)
    assert [one["length"] for one in said["segments"]] == [video.SEGMENT] * 3
    thumbnail = running.get(f"https://{DOMAIN}/{said['thumbnail']}")
    assert (thumbnail.status, thumbnail.header("content-type")) == (200, "image/png")


def test_the_api_reaches_the_backend_by_its_vpc_link(running: Moving) -> None:
    place, host = ("127.0.0.1", running.emulator.port), f"api.{DOMAIN}"
    answer = ask(place, "/v1/bids?lot=7", "POST", b"12345", Host=host)
    assert answer.status == 200, answer.body
    assert json.loads(answer.body) == {"method": "POST", "path": "/v1/bids", "query": "lot=7", "bytes": 5}


def test_bidders_stay_connected_beyond_the_idle_time_out(running: Moving) -> None:
    balancer = running.asked.balancers["internet-facing"]["LoadBalancerArn"]
    attributes = running.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=balancer)["Attributes"]
    idle = int({one["Key"]: one["Value"] for one in attributes}["idle_timeout.timeout_seconds"])
    assert idle == 75
    with Live(running) as live:
        assert live.pinged(), "at once"
        running.emulator.advance(idle - 25)
        assert live.pinged(), "20 s later: 60 s of silence would have ended it, by ELB's own setting"
        running.emulator.advance(idle - 25)
        assert live.echo("still there?") == "still there?", "120 s and more, of which the viewer was silent"
        running.emulator.advance(idle + 1)
        assert live.echo("gone") == "", "silence"


def test_a_release_that_fails_its_health_checks_goes_back_and_says_so(running: Moving) -> None:
    heard = running.listen(_topic(running, "critical"))
    good = running.service("serverpod")["taskDefinition"]
    before = set(running.serving("serverpod"))
    bad = _without_tls(running, good)
    running.client("ecs").update_service(
        cluster=running.cluster, service=running.names["serverpod"], taskDefinition=bad
    )

    def back() -> bool:
        if running.ready("serverpod", bad):  # else the clock would run away from processes that are about to listen
            running.emulator.advance(5)
        return bool(running.service("serverpod")["taskDefinition"] == good)

    until(back, WAITS_SECONDS, lambda: running.service("serverpod")["events"][:5])
    running.client("ecs").deregister_task_definition(taskDefinition=bad)
    running.emulator.advance(600)  # for which its alarms are looked at
    assert set(running.serving("serverpod")) == before, "those that served have never stopped"
    reasons = {one["stoppedReason"] for one in running.tasks("serverpod", "STOPPED") if one["taskDefinitionArn"] == bad}
    assert any(reason.startswith("Task failed ELB health checks") for reason in reasons), reasons
    said = until(lambda: _heard(running, heard, "SERVICE_DEPLOYMENT_FAILED"), WAITS_SECONDS)
    assert running.names["serverpod"] in said
    assert ask(("127.0.0.1", running.emulator.port), "/", Host=f"api.{DOMAIN}").status == 200, "it still answers"


def _topic(running: Moving, severity: str) -> str:
    """The topic of a severity."""
    topics = [one["TopicArn"] for one in running.client("sns").list_topics()["Topics"]]
    (found,) = [one for one in topics if severity in one]
    return str(found)


def _without_tls(running: Moving, definition: str) -> str:
    """Release a backend that speaks HTTP where the load balancer's health checks ask for TLS; returns its revision."""
    ecs = running.client("ecs")
    found = ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
    (container,) = found["containerDefinitions"]
    container["environment"] = [one for one in container["environment"] if one["name"] != "TLS"]
    kept = ("family", "taskRoleArn", "executionRoleArn", "networkMode", "volumes", "requiresCompatibilities", "cpu",
            "memory", "runtimePlatform")  # fmt: skip
    wanted = {name: found[name] for name in kept if name in found} | {"containerDefinitions": [container]}
    return str(ecs.register_task_definition(**wanted)["taskDefinition"]["taskDefinitionArn"])


def _heard(running: Moving, queue: str, event: str) -> str:
    """Return a message of the topic that tells of an event; empty where none has come."""
    answer = running.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return next((one["Body"] for one in answer.get("Messages", []) if event in one["Body"]), "")
