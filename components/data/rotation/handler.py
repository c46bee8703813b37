"""AWS Lambda function that rotates one secret of a data service through the service's own API.

Serves RDS master passwords and ElastiCache authentication tokens. Both APIs change the secret value from outside, so
the function needs no database driver, no way into the VPC, and never sees data. The secret says what it opens:
`dbInstanceIdentifier` or `replicationGroupId`. Runs with the standard library and boto3, which Lambda brings along.

Secrets Manager calls it once per step: createSecret, setSecret, testSecret, finishSecret. Each step may be repeated.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

import boto3

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Client = Any
"""A boto3 client; boto3 makes its methods at run time, so there is no narrower type."""

PASSWORD_LENGTH: Final = 40
"""Letters and digits only: RDS refuses / @ " and blanks, ElastiCache almost everything else."""
POLL_SECONDS: Final = 10
"""Time between two looks at a service that is still applying the change."""
MARGIN_SECONDS: Final = 20
"""Time left for the answer when waiting ends."""

log = logging.getLogger()
log.setLevel(logging.INFO)


class Context(Protocol):
    """What Lambda tells about the invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the invocation."""


class Target(Protocol):
    """A service whose secret value is rotated."""

    def change(self, password: str) -> None:
        """Ask the service to accept `password`."""

    def settled(self) -> bool:
        """Whether the change is through."""


class Database:
    """Master password of an RDS instance; the old one ends at once, connections stay."""

    def __init__(self, client: Client, identifier: str) -> None:
        self._client = client
        self._identifier = identifier

    def change(self, password: str) -> None:
        """Change the master password; RDS applies this one at once, and no other pending change with it."""
        self._client.modify_db_instance(DBInstanceIdentifier=self._identifier, MasterUserPassword=password)

    def settled(self) -> bool:
        """Whether no password change is pending or under way."""
        found = self._client.describe_db_instances(DBInstanceIdentifier=self._identifier)["DBInstances"][0]
        pending = found.get("PendingModifiedValues", {}).get("MasterUserPassword")
        return not pending and found["DBInstanceStatus"] != "resetting-master-credentials"


class Cache:
    """Authentication token of an ElastiCache group; the previous token stays valid until the next rotation."""

    def __init__(self, client: Client, group: str) -> None:
        self._client = client
        self._group = group

    def change(self, password: str) -> None:
        """Add a token beside the present one, so that clients can move over without an interruption."""
        self._client.modify_replication_group(
            ReplicationGroupId=self._group,
            AuthToken=password,
            AuthTokenUpdateStrategy="ROTATE",
            ApplyImmediately=True,
        )

    def settled(self) -> bool:
        """Whether every node has the token."""
        found = self._client.describe_replication_groups(ReplicationGroupId=self._group)["ReplicationGroups"][0]
        pending = found.get("PendingModifiedValues", {}).get("AuthTokenStatus")
        return not pending and found["Status"] == "available"


def target_of(secret: Mapping[str, str]) -> Target:
    """Return the service that the secret opens.

    Raises:
        ValueError: The secret names none.
    """
    if identifier := secret.get("dbInstanceIdentifier"):
        return Database(boto3.client("rds"), identifier)
    if group := secret.get("replicationGroupId"):
        return Cache(boto3.client("elasticache"), group)
    raise ValueError("the secret names neither dbInstanceIdentifier nor replicationGroupId")


class Rotation:
    """One rotation of one secret."""

    def __init__(self, secrets: Client, arn: str, version: str) -> None:
        self._secrets = secrets
        self._arn = arn
        self._version = version

    def create(self) -> None:
        """Draw the new value and keep it as AWSPENDING; a repeated call keeps the first value."""
        if "AWSPENDING" in self._stages(self._version) and self._has_value():
            return
        secret = self._value(VersionStage="AWSCURRENT")
        drawn = self._secrets.get_random_password(PasswordLength=PASSWORD_LENGTH, ExcludePunctuation=True)
        self._secrets.put_secret_value(
            SecretId=self._arn,
            ClientRequestToken=self._version,
            SecretString=json.dumps({**secret, "password": drawn["RandomPassword"]}),
            VersionStages=["AWSPENDING"],
        )

    def set(self) -> None:
        """Give the pending value to the service."""
        secret = self._pending()
        target_of(secret).change(secret["password"])

    def test(self, remaining_seconds: Callable[[], float], sleep: Callable[[float], None] = time.sleep) -> None:
        """Wait until the service has taken the pending value.

        Raises:
            TimeoutError: It has not before Lambda ends the invocation; Secrets Manager then tries again.
        """
        target = target_of(self._pending())
        while not target.settled():
            if remaining_seconds() < POLL_SECONDS + MARGIN_SECONDS:
                raise TimeoutError(f"{self._arn}: the service is still applying the new value")
            sleep(POLL_SECONDS)

    def finish(self) -> None:
        """Make the pending value the current one."""
        current = next((version for version in self._versions() if "AWSCURRENT" in self._stages(version)), None)
        if current == self._version:
            return
        moved = {"RemoveFromVersionId": current} if current else {}
        self._secrets.update_secret_version_stage(
            SecretId=self._arn, VersionStage="AWSCURRENT", MoveToVersionId=self._version, **moved
        )

    def _versions(self) -> Mapping[str, list[str]]:
        versions: Mapping[str, list[str]] = self._secrets.describe_secret(SecretId=self._arn)["VersionIdsToStages"]
        return versions

    def _stages(self, version: str) -> list[str]:
        return self._versions().get(version, [])

    def _has_value(self) -> bool:
        try:
            self._pending()
        except self._secrets.exceptions.ResourceNotFoundException:
            return False
        return True

    def _pending(self) -> dict[str, str]:
        return self._value(VersionId=self._version, VersionStage="AWSPENDING")

    def _value(self, **which: str) -> dict[str, str]:
        value: dict[str, str] = json.loads(self._secrets.get_secret_value(SecretId=self._arn, **which)["SecretString"])
        return value


def handler(event: Mapping[str, str], context: Context) -> None:
    """Run the step that Secrets Manager asks for.

    Raises:
        ValueError: The step is unknown.
    """
    rotation = Rotation(boto3.client("secretsmanager"), event["SecretId"], event["ClientRequestToken"])
    step = event["Step"]
    steps: dict[str, Callable[[], None]] = {
        "createSecret": rotation.create,
        "setSecret": rotation.set,
        "testSecret": lambda: rotation.test(lambda: context.get_remaining_time_in_millis() / 1000),
        "finishSecret": rotation.finish,
    }
    if step not in steps:
        raise ValueError(f"unknown rotation step {step!r}; allowed are {', '.join(steps)}")
    log.info("rotation step %s of version %s", step, event["ClientRequestToken"])
    steps[step]()
