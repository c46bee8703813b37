"""Objects, tags and delete markers reach the other region's bucket, later, both ways and as the role allows."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import UNPATCHED, session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

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


def _until(wanted: object, ask: Callable[[], object]) -> object:
    deadline = time.monotonic() + PATIENCE_S
    while (found := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def running() -> Iterator[client.Emulator]:
    """An emulator whose regions may be cut: nobody else shares it."""
    emulator = client.start(None, patched=UNPATCHED not in os.environ)
    yield emulator
    emulator.stop()


@pytest.fixture
def pair(running: client.Emulator, request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Two buckets of the test's own, replicating both ways."""
    name = f"r{abs(hash(request.node.nodeid)) % 10**11:011d}"
    aws = session(running)
    buckets = {EAST: f"{name}-east", WEST: f"{name}-west"}
    keys = {region: _bucket(aws, region, bucket) for region, bucket in buckets.items()}
    role = _role(aws, name, buckets, keys)
    made = Pair(aws, buckets[EAST], buckets[WEST], keys[EAST], keys[WEST], role)
    made.replicate(made.east, made.west)
    made.replicate(made.west, made.east)
    yield made
    for region in outage.status(running.url).regions:
        outage.heal(running.url, region)


def _bucket(aws: Aws, region: str, bucket: str) -> str:
    key: str = aws("kms", region).create_key()["KeyMetadata"]["Arn"]
    s3 = aws("s3", region)
    where = {} if region == EAST else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **where)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    return key


def _role(aws: Aws, name: str, buckets: dict[str, str], keys: dict[str, str]) -> str:
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


def test_an_object_is_pending_then_completed_and_its_copy_a_replica(pair: Pair) -> None:
    version = pair.put(pair.east, b"hello", Metadata={"owner": "me"}, Tagging="a=b")
    assert pair.status(pair.east) == "PENDING", "a write is answered before it is copied"
    assert _until("REPLICA", lambda: pair.status(pair.west)) == "REPLICA", "the copy says what it is"
    assert pair.status(pair.east) == "COMPLETED", "the source says that it is done"
    copy = pair.s3(pair.west).get_object(Bucket=pair.west, Key="k")
    assert (copy["Body"].read(), copy["VersionId"], copy["Metadata"]) == (b"hello", version, {"owner": "me"}), (
        "content, version and metadata are those of the source"
    )
    assert pair.s3(pair.west).get_object_tagging(Bucket=pair.west, Key="k")["TagSet"] == [{"Key": "a", "Value": "b"}]


def test_a_copy_is_encrypted_by_the_key_of_its_own_region(pair: Pair) -> None:
    pair.put(pair.east)
    _until("REPLICA", lambda: pair.status(pair.west))
    copy = pair.s3(pair.west).head_object(Bucket=pair.west, Key="k")
    assert (copy["ServerSideEncryption"], copy.get("SSEKMSKeyId")) == ("aws:kms", pair.west_key), "not by the source's"


def test_two_way_rules_make_one_copy_each(pair: Pair) -> None:
    versions = [pair.put(pair.east, b"1", "east"), pair.put(pair.west, b"2", "west")]
    _until("REPLICA", lambda: pair.status(pair.west, "east"))
    _until("REPLICA", lambda: pair.status(pair.east, "west"))
    time.sleep(0.5)  # long enough for a copy of a copy
    for bucket in (pair.east, pair.west):
        listed = pair.s3(bucket).list_object_versions(Bucket=bucket)["Versions"]
        assert sorted(v["VersionId"] for v in listed) == sorted(versions), f"{bucket} has each version once"


def test_the_later_write_wins_on_both_sides(pair: Pair, running: client.Emulator) -> None:
    outage.cut(running.url, EAST, strict=False)
    pair.put(pair.west, b"during the outage")
    outage.heal(running.url, EAST)
    pair.put(pair.east, b"after it")
    _until("REPLICA", lambda: pair.status(pair.west))
    assert _until(2, lambda: len(pair.s3(pair.east).list_object_versions(Bucket=pair.east)["Versions"])) == 2
    assert {pair.body(pair.east), pair.body(pair.west)} == {b"after it"}, "an older copy does not hide a newer object"


def test_nothing_crosses_while_a_region_is_cut_off_and_all_of_it_afterwards(
    pair: Pair, running: client.Emulator
) -> None:
    outage.cut(running.url, EAST, strict=False)
    pair.put(pair.west, b"waits")
    time.sleep(0.5)  # long enough to be delivered if it could be
    waiting = pair.status(pair.west)
    outage.heal(running.url, EAST)
    assert waiting == "PENDING", "the copy waits for its region"
    assert _until("REPLICA", lambda: pair.status(pair.east)) == "REPLICA", "and goes when it can"
    assert pair.body(pair.east) == b"waits"


def test_a_delete_marker_is_copied_and_an_erased_version_is_not(pair: Pair) -> None:
    version = pair.put(pair.east)
    _until("REPLICA", lambda: pair.status(pair.west))
    pair.s3(pair.east).delete_object(Bucket=pair.east, Key="k")
    assert _until(None, lambda: pair.status(pair.west)) is None, "what is deleted here is hidden there"
    pair.s3(pair.east).delete_object(Bucket=pair.east, Key="k", VersionId=version)
    time.sleep(0.5)  # long enough for an erasure to follow
    assert pair.status(pair.west, VersionId=version) == "REPLICA", "erasing a version is not replicated"


def test_a_rule_without_delete_markers_keeps_them_home(pair: Pair) -> None:
    pair.replicate(pair.east, pair.west, DeleteMarkerReplication={"Status": "Disabled"})
    pair.put(pair.east)
    _until("REPLICA", lambda: pair.status(pair.west))
    pair.s3(pair.east).delete_object(Bucket=pair.east, Key="k")
    time.sleep(0.5)  # long enough for a marker to follow
    assert pair.status(pair.west) == "REPLICA", "the copy is not hidden"


def test_tags_changed_on_a_replica_come_back(pair: Pair) -> None:
    pair.put(pair.east)
    _until("REPLICA", lambda: pair.status(pair.west))
    tags = [{"Key": "seen", "Value": "west"}]
    pair.s3(pair.west).put_object_tagging(Bucket=pair.west, Key="k", Tagging={"TagSet": tags})
    there = pair.s3(pair.east)
    assert _until(tags, lambda: there.get_object_tagging(Bucket=pair.east, Key="k")["TagSet"]) == tags
    assert pair.status(pair.west) == "REPLICA", "it stays a replica"


def test_only_what_a_filter_names_is_copied(pair: Pair) -> None:
    pair.replicate(pair.east, pair.west, Filter={"Prefix": "in/"})
    pair.put(pair.east, b"1", "out/k")
    pair.put(pair.east, b"2", "in/k")
    assert _until("REPLICA", lambda: pair.status(pair.west, "in/k")) == "REPLICA", "the prefix is copied"
    assert (pair.status(pair.east, "out/k"), pair.status(pair.west, "out/k")) == (None, None), "the rest is not"


def test_what_was_there_before_the_rule_stays_home(pair: Pair) -> None:
    pair.s3(pair.east).delete_bucket_replication(Bucket=pair.east)
    pair.put(pair.east, b"1", "before")
    pair.replicate(pair.east, pair.west)
    pair.put(pair.east, b"2", "after")
    _until("REPLICA", lambda: pair.status(pair.west, "after"))
    assert pair.status(pair.west, "before") is None, "a rule is for new objects"


def test_a_role_that_may_not_use_the_destination_key_fails_the_copy(pair: Pair) -> None:
    name = pair.role.rpartition("/")[2]
    allowed = pair.aws("iam").get_role_policy(RoleName=name, PolicyName="replicate")["PolicyDocument"]
    allowed["Statement"][2]["Resource"] = [pair.east_key]
    pair.aws("iam").put_role_policy(RoleName=name, PolicyName="replicate", PolicyDocument=json.dumps(allowed))
    pair.put(pair.east)
    assert _until("FAILED", lambda: pair.status(pair.east)) == "FAILED", "S3 cannot encrypt the copy"
    assert pair.status(pair.west) is None, "and there is none"


def _alarm(pair: Pair, region: str, metric: str) -> Callable[[], str]:
    """Make an alarm on any value of a metric of the rule from east to west; returns who tells its state."""
    watch = pair.aws("cloudwatch", region)
    names = {"SourceBucket": pair.east, "DestinationBucket": pair.west, "RuleId": "all"}
    name = f"{pair.east}-{metric}"
    watch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/S3",
        MetricName=metric,
        Dimensions=[{"Name": key, "Value": value} for key, value in names.items()],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )

    def state() -> str:
        found: str = watch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]
        return found

    return state


def test_lateness_is_told_where_copies_arrive_and_failures_where_they_leave(pair: Pair) -> None:
    late, failed = _alarm(pair, WEST, "ReplicationLatency"), _alarm(pair, EAST, "OperationsFailedReplication")
    pair.put(pair.east)
    assert _until("ALARM", late) == "ALARM", "a copy takes time, and the destination's region is told how much"
    assert failed() != "ALARM", "nothing failed yet"
    pair.aws("iam").delete_role_policy(RoleName=pair.role.rpartition("/")[2], PolicyName="replicate")
    pair.put(pair.east)
    assert _until("ALARM", failed) == "ALARM", "a copy that was refused is told in the source's region"


def test_a_queued_copy_survives_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    state = tmp_path_factory.mktemp("state")
    first = client.start(state, patched=UNPATCHED not in os.environ)
    aws = session(first)
    buckets = {EAST: "restart-east", WEST: "restart-west"}
    keys = {region: _bucket(aws, region, bucket) for region, bucket in buckets.items()}
    pair = Pair(aws, *buckets.values(), *keys.values(), _role(aws, "restart", buckets, keys))
    pair.replicate(pair.east, pair.west)
    outage.cut(first.url, WEST)
    pair.put(pair.east, b"kept")
    first.stop()
    second = client.start(state, patched=UNPATCHED not in os.environ)
    again = Pair(session(second), *buckets.values(), *keys.values(), pair.role)
    found = _until("REPLICA", lambda: again.status(again.west))
    body = again.body(again.west) if found else b""
    second.stop()
    assert (found, body) == ("REPLICA", b"kept"), "what was waiting is delivered by the next emulator of the state"
