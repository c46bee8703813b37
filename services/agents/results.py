"""Outcomes in a bucket: `tasks/<tenant>/<id>.json`, written only where none stands. The first one decides."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from services.agents.task import Outcome, State

if TYPE_CHECKING:
    from services.agents.task import Task

LINK_S: Final = 300
"""Seconds that a link to an artifact is good for."""
_GONE: Final = {"404", "NoSuchKey"}
_STANDS: Final = {"412", "PreconditionFailed"}


def key(task: Task) -> str:
    """Return the key of a task's outcome."""
    return f"tasks/{task.tenant}/{task.id}.json"


@dataclass(frozen=True)
class Bucket:
    """The bucket.

    Attributes:
        s3: A client of S3.
        name: Its name.
    """

    s3: Any
    name: str

    def find(self, task: Task) -> Outcome | None:
        """Return the outcome that stands.

        Raises:
            botocore.exceptions.ClientError: S3 refused.
        """
        try:
            return self._read(task)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise

    def keep(self, task: Task, outcome: Outcome) -> Outcome:
        """Keep an outcome unless one stands; returns the one that stands by then.

        Raises:
            botocore.exceptions.ClientError: S3 refused.
        """
        said = json.dumps({"task": task.id, **asdict(outcome)}, ensure_ascii=False).encode()
        try:
            self.s3.put_object(
                Bucket=self.name, Key=key(task), Body=said, ContentType="application/json", IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _STANDS:
                raise
            return self._read(task)
        return outcome

    def link(self, task: Task) -> str:
        """Return an address at which the outcome can be read for a while."""
        named = {"Bucket": self.name, "Key": key(task)}
        return str(self.s3.generate_presigned_url("get_object", Params=named, ExpiresIn=LINK_S))

    def _read(self, task: Task) -> Outcome:
        said = json.loads(self.s3.get_object(Bucket=self.name, Key=key(task))["Body"].read())
        return Outcome(State(said["state"]), said["text"], said["reason"])
