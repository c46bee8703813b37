"""Objects change their class, and go, by the lifecycle rules of their bucket and the days of the emulator's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.emulator.patches import s3_ages
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.aging import Aging

if TYPE_CHECKING:
    from sandbox.emulator import client

pytestmark = pytest.mark.emulator


@pytest.fixture
def bucket(aged: client.Emulator, request: pytest.FixtureRequest) -> Aging:
    account = account_of(request)
    return Aging(aged, session(aged, account)("s3"), f"aging-{account}")


def _transitions(*steps: tuple[int, str]) -> dict[str, Any]:
    return {"Transitions": [{"Days": days, "StorageClass": kind} for days, kind in steps]}


def test_a_video_ages_through_its_classes_and_is_restored(bucket: Aging) -> None:
    bucket.make()
    bucket.rules(_transitions((30, "INTELLIGENT_TIERING"), (90, "GLACIER"), (180, "DEEP_ARCHIVE")))
    bucket.put()
    seen = [bucket.kind()]
    for days in (29, 2, 58, 2, 90):
        bucket.days(days)
        seen.append(bucket.kind())
    assert seen == ["STANDARD", "STANDARD", "INTELLIGENT_TIERING", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE"]
    assert bucket.read() == "InvalidObjectState", "an archived object is not read"
    listed = bucket.s3.list_objects_v2(Bucket=bucket.name)["Contents"][0]
    assert listed["StorageClass"] == "DEEP_ARCHIVE"
    bucket.s3.restore_object(Bucket=bucket.name, Key="k", RestoreRequest={"Days": 3})
    assert bucket.read() == "InvalidObjectState", "not at once"
    bucket.emulator.advance(3600)
    assert (bucket.read(), bucket.kind()) == ("read", "DEEP_ARCHIVE"), "until it is restored, which is a copy"
    bucket.days(5)
    assert bucket.read() == "InvalidObjectState", "for its days"


def test_what_is_written_later_is_younger(bucket: Aging) -> None:
    bucket.make()
    bucket.rules(_transitions((10, "STANDARD_IA")))
    bucket.put("old")
    bucket.days(8)
    bucket.put("new")
    modified = bucket.head("new")["LastModified"].timestamp() - bucket.head("old")["LastModified"].timestamp()
    assert modified == pytest.approx(8 * 86400, abs=60), "dated by the clock"
    bucket.days(4)
    assert (bucket.kind("old"), bucket.kind("new")) == ("STANDARD_IA", "STANDARD")


def test_only_what_a_filter_takes_ages(bucket: Aging) -> None:
    bucket.make()
    tag = {"Key": "keep", "Value": "cold"}
    bucket.rules(
        _transitions((1, "GLACIER_IR")) | {"Filter": {"Prefix": "videos/"}},
        _transitions((1, "GLACIER")) | {"Filter": {"And": {"Prefix": "logs/", "Tags": [tag]}}},
        _transitions((1, "STANDARD_IA")) | {"Filter": {"ObjectSizeGreaterThan": 10}, "Status": "Disabled"},
        _transitions((1, "ONEZONE_IA")) | {"Filter": {"And": {"Prefix": "tiny/", "ObjectSizeGreaterThan": 2}}},
    )
    bucket.put("videos/1")
    bucket.put("videos/small", b"small")
    bucket.put("logs/1", Tagging="keep=cold")
    bucket.put("logs/2", Tagging="keep=warm")
    bucket.put("other")
    bucket.put("tiny/1", b"abc")
    bucket.put("tiny/2", b"ab")
    bucket.days(3)
    assert {key: bucket.kind(key) for key in ("videos/1", "videos/small", "logs/1", "logs/2", "other")} == {
        "videos/1": "GLACIER_IR",
        "videos/small": "STANDARD",
        "logs/1": "GLACIER",
        "logs/2": "STANDARD",
        "other": "STANDARD",
    }
    assert (bucket.kind("tiny/1"), bucket.kind("tiny/2")) == ("ONEZONE_IA", "STANDARD"), "a rule of sizes moves them"


def test_objects_expire(bucket: Aging) -> None:
    bucket.make()
    bucket.rules({"Expiration": {"Days": 5}, "Filter": {"Prefix": "tmp/"}})
    bucket.put("tmp/1")
    bucket.put("kept")
    bucket.days(4)
    assert bucket.kind("tmp/1") == "STANDARD"
    bucket.days(2)
    assert (bucket.kind("tmp/1"), bucket.kind("kept")) == ("gone", "STANDARD")


def test_versions_that_are_not_current_age_from_when_they_ceased_to_be(bucket: Aging) -> None:
    bucket.make(versioned=True)
    moves = {"NoncurrentVersionTransitions": [{"NoncurrentDays": 10, "StorageClass": "GLACIER"}]}
    bucket.rules(moves | {"NoncurrentVersionExpiration": {"NoncurrentDays": 20, "NewerNoncurrentVersions": 1}})
    first = bucket.put()
    bucket.days(40)
    second = bucket.put()
    bucket.days(9)
    assert bucket.kind(VersionId=first) == "STANDARD", "40 days of it were the current version's"
    bucket.days(2)
    assert (bucket.kind(VersionId=first), bucket.kind(), bucket.read(VersionId=first)) == (
        "GLACIER",
        "STANDARD",
        "InvalidObjectState",
    )
    bucket.days(20)
    assert first in bucket.versions(), "the newest of those that are not current is kept"
    third = bucket.put()
    bucket.days(2)
    assert bucket.versions() == [third, second], "and goes when it is not the newest any more"


def test_a_versioned_object_expires_under_a_marker_which_goes_when_it_hides_nothing(bucket: Aging) -> None:
    bucket.make(versioned=True)
    bucket.rules(
        {"Expiration": {"Days": 2}, "NoncurrentVersionExpiration": {"NoncurrentDays": 3}, "Filter": {"Prefix": "k"}},
        {"Expiration": {"ExpiredObjectDeleteMarker": True}},
    )
    version = bucket.put()
    bucket.days(4)
    assert (bucket.kind(), bucket.kind(VersionId=version)) == ("gone", "STANDARD"), "hidden, not deleted"
    assert len(bucket.versions()) == 2
    bucket.days(5)
    assert bucket.versions() == []


def test_a_locked_version_stays(bucket: Aging) -> None:
    bucket.make(ObjectLockEnabledForBucket=True)
    bucket.rules({"NoncurrentVersionExpiration": {"NoncurrentDays": 1}})
    end = datetime.fromtimestamp(bucket.emulator_now() + 10 * 86400, UTC)
    locked = bucket.put(ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=end)
    free = bucket.put()
    last = bucket.put()
    bucket.days(4)
    assert bucket.versions() == [last, locked]
    assert free not in bucket.versions()
    bucket.days(8)
    assert bucket.versions() == [last], "until the lock ends"


def test_an_upload_that_was_never_completed_is_taken_away(bucket: Aging) -> None:
    bucket.make()
    bucket.rules({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}})
    bucket.s3.create_multipart_upload(Bucket=bucket.name, Key="k")
    bucket.days(1)
    assert len(bucket.s3.list_multipart_uploads(Bucket=bucket.name)["Uploads"]) == 1
    bucket.days(2)
    assert "Uploads" not in bucket.s3.list_multipart_uploads(Bucket=bucket.name)


@given(st.integers(0, 4_000_000_000), st.integers(0, 4000))
def test_days_end_at_the_next_midnight(since: int, days: int) -> None:
    end = s3_ages.end(since, days)
    assert end % 86400 == 0
    assert 0 <= end - since - days * 86400 < 86400


@given(st.sampled_from(s3_ages._CLASSES), st.lists(st.sampled_from(s3_ages._CLASSES[1:])))
def test_a_class_is_only_left_for_a_later_one(kind: str, asked: list[str]) -> None:
    rules = [{"Status": "Enabled", "Transitions": [{"Days": 1, "StorageClass": one} for one in asked]}]
    version = s3_ages.Version("k", {}, 1 << 20, kind, 0.0)
    found = s3_ages.becomes(rules, version, 3 * 86400)
    later = [one for one in asked if s3_ages._CLASSES.index(one) > s3_ages._CLASSES.index(kind)]
    assert found == max(later, key=s3_ages._CLASSES.index, default=None)
    assert s3_ages.becomes(rules, version, 86400 - 1) is None
