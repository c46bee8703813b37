"""Two buckets in two regions that replicate to each other, each encrypted by a key of its region."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tests.sandbox.emulator.conftest import UNPATCHED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.emulator.conftest import Aws, Client

EAST, WEST = "us-east-1", "us-west-2"
PATIENCE_S = 0.3 if UNPATCHED in os.environ else 5.0
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass(frozen=True)
class Pair:
    """Two versioned buckets that replicate to each other, each encrypted by a key of its region."""

    aws: Aws
    east: str
    west: str
    east_key: str
    west_key: str
    role: str

    def put(self, bucket: str, body: bytes = b"x", key: str = "k", **more: object) -> str:
        """Write an object; returns its version."""
        version: str = self.s3(bucket).put_object(Bucket=bucket, Key=key, Body=body, **more)["VersionId"]
        return version

    def s3(self, bucket: str) -> Client:
        """A client of the bucket's region."""
        return self.aws("s3", EAST if bucket == self.east else WEST)

    def status(self, bucket: str, key: str = "k", **more: object) -> str | None:
        """Replication status of an object, None when it is not there."""
        try:
            found: str | None = self.s3(bucket).head_object(Bucket=bucket, Key=key, **more).get("ReplicationStatus")
        except ClientError:
            return None
        return found

    def body(self, bucket: str, key: str = "k") -> bytes:
        """Content of an object."""
        read: bytes = self.s3(bucket).get_object(Bucket=bucket, Key=key)["Body"].read()
        return read

    def replicate(self, source: str, destination: str, **changes: object) -> None:
        """Give the source its one rule."""
        key = self.west_key if destination == self.west else self.east_key
        rule: dict[str, Any] = {
            "ID": "all",
            "Priority": 1,
            "Status": "Enabled",
            "Filter": {},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "SourceSelectionCriteria": {
                "SseKmsEncryptedObjects": {"Status": "Enabled"},
                "ReplicaModifications": {"Status": "Enabled"},
            },
            "Destination": {
                "Bucket": f"arn:aws:s3:::{destination}",
                "EncryptionConfiguration": {"ReplicaKmsKeyID": key},
                "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
            },
        }
        configuration = {"Role": self.role, "Rules": [rule | changes]}
        self.s3(source).put_bucket_replication(Bucket=source, ReplicationConfiguration=configuration)


def until(wanted: object, ask: Callable[[], object]) -> object:
    deadline = time.monotonic() + PATIENCE_S
    while (found := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def make_bucket(aws: Aws, region: str, bucket: str) -> str:
    key: str = aws("kms", region).create_key()["KeyMetadata"]["Arn"]
    s3 = aws("s3", region)
    where = {} if region == EAST else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **where)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    return key


def make_role(aws: Aws, name: str, buckets: dict[str, str], keys: dict[str, str]) -> str:
    arns = [f"arn:aws:s3:::{bucket}" for bucket in buckets.values()]
    objects = [f"{arn}/*" for arn in arns]
    read = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
    write = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    statements = [
        {"Effect": "Allow", "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"], "Resource": arns},
        {"Effect": "Allow", "Action": [*read, *write], "Resource": objects},
        {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": list(keys.values())},
    ]
    role: str = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    document = {"Version": "2012-10-17", "Statement": statements}
    aws("iam").put_role_policy(RoleName=name, PolicyName="replicate", PolicyDocument=json.dumps(document))
    return role
