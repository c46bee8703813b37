"""Objects, tags and delete markers reach the other region's bucket, later, both ways and as the role allows."""

from __future__ import annotations

import dataclasses
import json
import os
import time

import pytest

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import UNPATCHED, session
from tests.sandbox.emulator.patches.replication import EAST, WEST, Pair, make_bucket, make_role, until

pytestmark = pytest.mark.emulator


def test_an_object_is_pending_then_completed_and_its_copy_a_replica(pair: Pair) -> None:
    version = pair.put(pair.east, b"hello", Metadata={"owner": "me"}, Tagging="a=b")
    assert pair.status(pair.east) == "PENDING", "a write is answered before it is copied"
    assert until("REPLICA", lambda: pair.status(pair.west)) == "REPLICA", "the copy says what it is"
    assert pair.status(pair.east) == "COMPLETED", "the source says that it is done"
    copy = pair.s3(pair.west).get_object(Bucket=pair.west, Key="k")
    assert (copy["Body"].read(), copy["VersionId"], copy["Metadata"]) == (b"hello", version, {"owner": "me"}), (
        "content, version and metadata are those of the source"
    )
    assert pair.s3(pair.west).get_object_tagging(Bucket=pair.west, Key="k")["TagSet"] == [{"Key": "a", "Value": "b"}]


def test_a_copy_is_encrypted_by_the_key_of_its_own_region(pair: Pair) -> None:
    pair.put(pair.east)
    until("REPLICA", lambda: pair.status(pair.west))
    copy = pair.s3(pair.west).head_object(Bucket=pair.west, Key="k")
    assert (copy["ServerSideEncryption"], copy.get("SSEKMSKeyId")) == ("aws:kms", pair.west_key), "not by the source's"


def test_two_way_rules_make_one_copy_each(pair: Pair) -> None:
    versions = [pair.put(pair.east, b"1", "east"), pair.put(pair.west, b"2", "west")]
    until("REPLICA", lambda: pair.status(pair.west, "east"))
    until("REPLICA", lambda: pair.status(pair.east, "west"))
    time.sleep(0.5)  # long enough for a copy of a copy
    for bucket in (pair.east, pair.west):
        listed = pair.s3(bucket).list_object_versions(Bucket=bucket)["Versions"]
        assert sorted(v["VersionId"] for v in listed) == sorted(versions), f"{bucket} has each version once"


def test_the_later_write_wins_on_both_sides(pair: Pair, running: client.Emulator) -> None:
    outage.cut(running.url, EAST, strict=False)
    pair.put(pair.west, b"during the outage")
    outage.heal(running.url, EAST)
    pair.put(pair.east, b"after it")
    until("REPLICA", lambda: pair.status(pair.west))
    assert until(2, lambda: len(pair.s3(pair.east).list_object_versions(Bucket=pair.east)["Versions"])) == 2
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
    assert until("REPLICA", lambda: pair.status(pair.east)) == "REPLICA", "and goes when it can"
    assert pair.body(pair.east) == b"waits"


def test_a_delete_marker_is_copied_and_an_erased_version_is_not(pair: Pair) -> None:
    version = pair.put(pair.east)
    until("REPLICA", lambda: pair.status(pair.west))
    pair.s3(pair.east).delete_object(Bucket=pair.east, Key="k")
    assert until(None, lambda: pair.status(pair.west)) is None, "what is deleted here is hidden there"
    pair.s3(pair.east).delete_object(Bucket=pair.east, Key="k", VersionId=version)
    time.sleep(0.5)  # long enough for an erasure to follow
    assert pair.status(pair.west, VersionId=version) == "REPLICA", "erasing a version is not replicated"


def test_a_rule_without_delete_markers_keeps_them_home(pair: Pair) -> None:
    pair.replicate(pair.east, pair.west, DeleteMarkerReplication={"Status": "Disabled"})
    pair.put(pair.east)
    until("REPLICA", lambda: pair.status(pair.west))
    pair.s3(pair.east).delete_object(Bucket=pair.east, Key="k")
    time.sleep(0.5)  # long enough for a marker to follow
    assert pair.status(pair.west) == "REPLICA", "the copy is not hidden"


def test_tags_changed_on_a_replica_come_back(pair: Pair) -> None:
    pair.put(pair.east)
    until("REPLICA", lambda: pair.status(pair.west))
    tags = [{"Key": "seen", "Value": "west"}]
    pair.s3(pair.west).put_object_tagging(Bucket=pair.west, Key="k", Tagging={"TagSet": tags})
    there = pair.s3(pair.east)
    assert until(tags, lambda: there.get_object_tagging(Bucket=pair.east, Key="k")["TagSet"]) == tags
    assert pair.status(pair.west) == "REPLICA", "it stays a replica"


def test_only_what_a_filter_names_is_copied(pair: Pair) -> None:
    pair.replicate(pair.east, pair.west, Filter={"Prefix": "in/"})
    pair.put(pair.east, b"1", "out/k")
    pair.put(pair.east, b"2", "in/k")
    assert until("REPLICA", lambda: pair.status(pair.west, "in/k")) == "REPLICA", "the prefix is copied"
    assert (pair.status(pair.east, "out/k"), pair.status(pair.west, "out/k")) == (None, None), "the rest is not"


def test_what_was_there_before_the_rule_stays_home(pair: Pair) -> None:
    pair.s3(pair.east).delete_bucket_replication(Bucket=pair.east)
    pair.put(pair.east, b"1", "before")
    pair.replicate(pair.east, pair.west)
    pair.put(pair.east, b"2", "after")
    until("REPLICA", lambda: pair.status(pair.west, "after"))
    assert pair.status(pair.west, "before") is None, "a rule is for new objects"


def test_a_role_that_may_not_use_the_destination_key_fails_the_copy(pair: Pair) -> None:
    name = pair.role.rpartition("/")[2]
    allowed = pair.aws("iam").get_role_policy(RoleName=name, PolicyName="replicate")["PolicyDocument"]
    allowed["Statement"][2]["Resource"] = [pair.east_key]
    pair.aws("iam").put_role_policy(RoleName=name, PolicyName="replicate", PolicyDocument=json.dumps(allowed))
    pair.put(pair.east)
    assert until("FAILED", lambda: pair.status(pair.east)) == "FAILED", "S3 cannot encrypt the copy"
    assert pair.status(pair.west) is None, "and there is none"


def test_a_queued_copy_survives_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    state = tmp_path_factory.mktemp("state")
    first = client.start(state, patched=UNPATCHED not in os.environ)
    aws = session(first)
    buckets = {EAST: "restart-east", WEST: "restart-west"}
    keys = {region: make_bucket(aws, region, bucket) for region, bucket in buckets.items()}
    role = make_role(aws, "restart", buckets, keys)
    pair = Pair(aws, buckets[EAST], buckets[WEST], keys[EAST], keys[WEST], role)
    pair.replicate(pair.east, pair.west)
    outage.cut(first.url, WEST)
    pair.put(pair.east, b"kept")
    first.stop()
    second = client.start(state, patched=UNPATCHED not in os.environ)
    again = dataclasses.replace(pair, aws=session(second))
    found = until("REPLICA", lambda: again.status(again.west))
    body = again.body(again.west) if found else b""
    second.stop()
    assert (found, body) == ("REPLICA", b"kept"), "what was waiting is delivered by the next emulator of the state"
