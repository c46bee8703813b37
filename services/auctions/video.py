"""`python -m services.auctions.video`: takes in uploaded videos, one at a time, off a queue.

It reads a video once and writes two things: a manifest of the video's segments (offset, length and SHA-256 of each
4 MiB), which a player or a resumed download checks against, and a thumbnail.

It does not decode video: no codec is in this image. The thumbnail is drawn from the digest, not from a frame, and no
rendition is encoded. An encoder belongs where `_segments` reads; what it would take is stood for by
`--seconds-per-segment`. Everything around it is what an encoder needs: the work is long, is held, protected, given back
and done once.

A video is done when its manifest stands: below `renditions/` in the bucket of uploads, named by the video's key and
version, written last and only where it does not stand yet. A message that comes again finds it and is done.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from services.auctions import picture, uploads
from services.worker import Message, Settings, Worker, log
from services.worker.queue import client

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEGMENT: Final = 4 * 1024 * 1024
"""Bytes of a segment."""
RENDITIONS: Final = "renditions/"
"""Where manifests are; what is uploaded there is no video."""
THUMBNAILS: Final = "thumbnails/"
"""Where thumbnails are: a key is the path that CloudFront serves, and one bucket is one prefix of paths."""
_GONE: Final = {"404", "NoSuchKey", "NoSuchVersion"}
_STANDS: Final = {"412", "PreconditionFailed", "ConditionalRequestConflict"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Videos:
    """What is done with the uploads that a message names.

    Attributes:
        s3: A client of S3.
        bucket: The bucket of uploads; what a message says of another one is refused.
        thumbnails: The bucket of thumbnails.
        seconds_per_segment: What an encoder would take.
    """

    s3: Any
    bucket: str
    thumbnails: str
    seconds_per_segment: float = 0.0

    def work(self, message: Message) -> None:
        """Take in every upload that a message names.

        Raises:
            ValueError: The message names no upload, or one of another bucket.
            botocore.exceptions.ClientError: S3 refused.
        """
        for upload in uploads.read(message.body):
            if upload.bucket != self.bucket:
                raise ValueError(f"{upload.bucket!r} is not the bucket of uploads, {self.bucket!r}")
            if not upload.key.startswith(RENDITIONS):
                self._take_in(upload)

    def _take_in(self, upload: uploads.Upload) -> None:
        named = {"Bucket": upload.bucket, "Key": upload.key}
        try:
            found = self.s3.get_object(**named, **({"VersionId": upload.version} if upload.version else {}))
        except ClientError as error:
            if _code(error) in _GONE:
                logger.warning("the upload is gone", extra=named)
                return
            raise
        version = found.get("VersionId") or found["ETag"].strip('"')
        name = f"{upload.key}/{version}"
        if self._stands(f"{RENDITIONS}{name}.json"):
            logger.info("done before", extra={"video": name})
            found["Body"].close()
            return
        logger.info("reading", extra={"video": name, "bytes": found["ContentLength"]})
        segments = list(self._segments(found["Body"]))
        self._write(upload, name, segments)

    def _segments(self, body: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 - a stream of botocore
        offset = 0
        while data := body.read(SEGMENT):
            time.sleep(self.seconds_per_segment)
            yield {"offset": offset, "length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            offset += len(data)

    def _write(self, upload: uploads.Upload, name: str, segments: list[dict[str, object]]) -> None:
        """Write the thumbnail, then the manifest, which makes it done; of two workers one writes it."""
        digest = hashlib.sha256(json.dumps(segments).encode()).digest()
        thumbnail = f"{THUMBNAILS}{name}.png"
        self.s3.put_object(Bucket=self.thumbnails, Key=thumbnail, Body=picture.png(digest), ContentType="image/png")
        manifest = {"video": upload.key, "thumbnail": thumbnail, "segments": segments}
        try:
            self.s3.put_object(
                Bucket=self.bucket,
                Key=f"{RENDITIONS}{name}.json",
                Body=json.dumps(manifest).encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if _code(error) not in _STANDS:
                raise
            logger.info("done by another meanwhile", extra={"video": name})

    def _stands(self, key: str) -> bool:
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if _code(error) in _GONE:
                return False
            raise
        return True


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _place(parser: argparse.ArgumentParser, what: str, name: str) -> str:
    """Return what a variable names that a stack sets for a queue or a bucket of a service's rights."""
    variable = what.format(name.upper().replace("-", "_"))
    if not os.environ.get(variable):
        parser.error(f"{variable} is not set: the service's role has no rights on {name!r} in the stack file")
    return os.environ[variable]


def main(given: Sequence[str] | None = None) -> int:
    """Run the worker; returns its exit status."""
    parser = argparse.ArgumentParser(prog="services.auctions.video", description="takes in uploaded videos")
    parser.add_argument("--queue", required=True, help="short name of the queue, as in the stack file")
    parser.add_argument("--uploads", required=True, help="short name of the bucket of uploads")
    parser.add_argument("--thumbnails", required=True, help="short name of the bucket of thumbnails")
    parser.add_argument("--longest-seconds", type=int, default=1500, help="longest work on a video")
    parser.add_argument("--stop-seconds", type=int, default=110, help="the stop time-out, less a margin of 10")
    parser.add_argument("--visibility-seconds", type=int, default=120, help="how soon a lost worker's video is redone")
    parser.add_argument("--poll-seconds", type=int, default=10, help="how long to wait for a message at a time")
    parser.add_argument("--retry-seconds", type=int, default=30, help="when a video that failed is tried again")
    parser.add_argument("--seconds-per-segment", type=float, default=0.0, help="what an encoder would take")
    options = parser.parse_args(given)
    log.configure(os.environ.get("LOG_LEVEL", "INFO"))
    numbers = ("longest_seconds", "stop_seconds", "visibility_seconds", "poll_seconds", "retry_seconds")
    try:
        settings = Settings(
            queue_url=_place(parser, "QUEUE_{}_URL", options.queue),
            **{name: getattr(options, name) for name in numbers},
        )
    except ValueError as error:
        parser.error(str(error))
    videos = Videos(
        client("s3", waits_s=25),
        _place(parser, "BUCKET_{}_NAME", options.uploads),
        _place(parser, "BUCKET_{}_NAME", options.thumbnails),
        options.seconds_per_segment,
    )
    return Worker(settings, videos.work).run()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # a work that was given back may still run in its thread, and must write nothing more
