"""The video worker takes in what was uploaded, once."""

from __future__ import annotations

import hashlib
import json
import signal
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from services.auctions import picture, uploads, video
from services.auctions.uploads import Upload
from tests.services.running import until

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client
    from tests.services.running import Program, Programs


@dataclass
class House:
    """Buckets and a queue of the auctions."""

    aws: Aws
    programs: Programs
    uploads: str
    thumbnails: str
    queue: str = ""

    @property
    def s3(self) -> Client:
        return self.aws("s3")

    def open(self) -> House:
        """Make them; the bucket of uploads tells the queue of what is uploaded."""
        sqs = self.aws("sqs")
        self.queue = sqs.create_queue(QueueName="videos")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        for bucket in (self.uploads, self.thumbnails):
            self.s3.create_bucket(Bucket=bucket)
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        configuration = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
        self.s3.put_bucket_notification_configuration(Bucket=self.uploads, NotificationConfiguration=configuration)
        sqs.purge_queue(QueueUrl=self.queue)  # of the test event that S3 sends
        return self

    def start(self, *more: str) -> Program:
        arguments = ("--queue", "videos", "--uploads", "raw-videos", "--thumbnails", "thumbnails")
        numbers = ("--poll-seconds", "1", "--retry-seconds", "0", "--visibility-seconds", "3")
        return self.programs.start(
            "services.auctions.video",
            *arguments,
            *numbers,
            *more,
            QUEUE_VIDEOS_URL=self.queue,
            BUCKET_RAW_VIDEOS_NAME=self.uploads,
            BUCKET_THUMBNAILS_NAME=self.thumbnails,
        )

    def send(self, body: str) -> None:
        self.aws("sqs").send_message(QueueUrl=self.queue, MessageBody=body)

    def manifests(self) -> list[str]:
        """Every version of every manifest."""
        found = self.s3.list_object_versions(Bucket=self.uploads, Prefix=video.RENDITIONS).get("Versions", [])
        return [one["Key"] for one in found]

    def empty(self) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        said = self.aws("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return {said[name] for name in names} == {"0"}


@pytest.fixture
def house(aws: Aws, programs: Programs, request: pytest.FixtureRequest) -> House:
    name = f"auctions-{abs(hash(request.node.nodeid))}"
    return House(aws, programs, f"{name}-videos", f"{name}-thumbnails").open()


CLIP = b"a video, of three segments" * 400_000


@pytest.mark.emulator
@pytest.mark.parametrize("key", ["uploads/lot 7/übersicht+1.mp4", "clip.mov"])
def test_an_upload_gets_a_manifest_and_a_thumbnail(house: House, key: str) -> None:
    version = house.s3.put_object(Bucket=house.uploads, Key=key, Body=CLIP)["VersionId"]
    one = house.start()
    one.says("done")
    manifest = json.loads(
        house.s3.get_object(Bucket=house.uploads, Key=f"renditions/{key}/{version}.json")["Body"].read()
    )
    parts = [CLIP[at : at + video.SEGMENT] for at in range(0, len(CLIP), video.SEGMENT)]
    assert [(part["length"], part["sha256"]) for part in manifest["segments"]] == [
        (len(part), hashlib.sha256(part).hexdigest()) for part in parts
    ]
    assert manifest["thumbnail"] == f"thumbnails/{key}/{version}.png", "the path that CloudFront serves"
    found = house.s3.get_object(Bucket=house.thumbnails, Key=manifest["thumbnail"])
    assert (found["ContentType"], found["Body"].read()[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    until(house.empty)
    assert len(house.manifests()) == 1, "what it writes itself is no upload"


@pytest.mark.emulator
def test_a_message_that_comes_again_and_one_without_an_upload_are_done_once(house: House) -> None:
    house.s3.put_object(Bucket=house.uploads, Key="clip.mp4", Body=CLIP)
    again = json.dumps({"bucket": house.uploads, "key": "clip.mp4"})
    for body in (again, again, json.dumps({"Event": "s3:TestEvent"}), again.replace("clip", "gone")):
        house.send(body)
    house.start()
    until(lambda: house.manifests() and house.empty())
    written = house.s3.list_object_versions(Bucket=house.thumbnails)["Versions"]
    assert (len(house.manifests()), len(written)) == (1, 1)


@pytest.mark.emulator
def test_of_two_workers_that_end_together_one_writes_the_manifest(house: House) -> None:
    videos = video.Videos(house.s3, house.uploads, house.thumbnails)
    for _ in range(2):
        videos._write(Upload(house.uploads, "clip.mp4"), "clip.mp4/v", [])
    assert house.manifests() == ["renditions/clip.mp4/v.json"]


@pytest.mark.emulator
def test_a_video_whose_worker_is_killed_or_interrupted_is_done_by_another_once(house: House) -> None:
    house.s3.put_object(Bucket=house.uploads, Key="clip.mp4", Body=CLIP)
    slow = ("--seconds-per-segment", "5", "--stop-seconds", "2")
    killed = house.start(*slow)
    killed.says("begun")
    killed.ends(signal.SIGKILL)
    interrupted = house.start(*slow)
    interrupted.says("begun")
    assert interrupted.ends(signal.SIGTERM) == 0
    last = house.start()
    assert last.says("done")["receives"] >= 3
    until(house.empty)
    assert len(house.manifests()) == 1


@pytest.mark.emulator
def test_what_names_another_bucket_or_nothing_fails(house: House) -> None:
    house.send(json.dumps({"bucket": "elsewhere", "key": "clip.mp4"}))
    one = house.start()
    assert "is not the bucket of uploads" in one.says("failed")["error"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"Records": [{}]}', '{"bucket": 1, "key": "k"}', '{"Records": 5}', "null"]
)
def test_a_message_that_is_no_upload_says_what_it_is(body: str) -> None:
    with pytest.raises(ValueError, match="neither an event of S3 nor"):
        uploads.read(body)


def test_an_event_names_objects_with_their_versions() -> None:
    record: dict[str, Any] = {"s3": {"bucket": {"name": "b"}, "object": {"key": "a+b%2Bc.mp4", "versionId": "v"}}}
    assert uploads.read(json.dumps({"Records": [record]})) == [Upload("b", "a b+c.mp4", "v")]


def test_a_thumbnail_is_an_image_that_follows_from_the_digest() -> None:
    image = picture.png(b"seed")
    assert image == picture.png(b"seed") != picture.png(b"other")
    assert struct.unpack(">II", image[16:24]) == (picture.WIDTH, picture.HEIGHT)
    start = image.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", image[start - 8 : start - 4])
    assert len(zlib.decompress(image[start : start + length])) == picture.HEIGHT * (1 + 3 * picture.WIDTH)


def test_what_a_stack_does_not_name_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUEUE_VIDEOS_URL", raising=False)
    with pytest.raises(SystemExit):
        video.main(["--queue", "videos", "--uploads", "u", "--thumbnails", "t"])
    assert "QUEUE_VIDEOS_URL is not set" in capsys.readouterr().err
