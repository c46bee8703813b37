"""Objects of Intelligent-Tiering that nobody reads are archived, and restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.aging import Aging

if TYPE_CHECKING:
    from sandbox.emulator import client

pytestmark = pytest.mark.emulator

ARCHIVES = [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}, {"Days": 180, "AccessTier": "DEEP_ARCHIVE_ACCESS"}]


@pytest.fixture
def bucket(aged: client.Emulator, request: pytest.FixtureRequest) -> Aging:
    account = account_of(request)
    made = Aging(aged, session(aged, account)("s3"), f"tiers-{account}")
    made.make()
    made.rules({"Transitions": [{"Days": 0, "StorageClass": "INTELLIGENT_TIERING"}]})
    config = {"Id": "archive", "Status": "Enabled", "Tierings": ARCHIVES, "Filter": {"Prefix": "v/"}}
    made.s3.put_bucket_intelligent_tiering_configuration(
        Bucket=made.name, Id="archive", IntelligentTieringConfiguration=config
    )
    return made


def _tier(bucket: Aging, key: str = "v/1") -> str | None:
    head = bucket.head(key)
    assert head["StorageClass"] == "INTELLIGENT_TIERING"
    return head.get("ArchiveStatus")


def test_what_nobody_reads_is_archived_and_restored(bucket: Aging) -> None:
    bucket.put("v/1")
    bucket.put("other")
    bucket.days(85)
    assert (_tier(bucket), bucket.read("v/1")) == (None, "read")
    bucket.days(85)
    assert _tier(bucket) is None, "it was read"
    bucket.days(10)
    assert (_tier(bucket), bucket.read("v/1")) == ("ARCHIVE_ACCESS", "InvalidObjectState")
    bucket.days(90)
    assert (_tier(bucket), bucket.read("v/1")) == ("DEEP_ARCHIVE_ACCESS", "InvalidObjectState")
    assert (_tier(bucket, "other"), bucket.read("other")) == (None, "read"), "not under the configuration's prefix"
    bucket.s3.restore_object(Bucket=bucket.name, Key="v/1", RestoreRequest={})
    assert (_tier(bucket), bucket.read("v/1")) == (None, "read")


def test_what_is_written_anew_is_at_hand(bucket: Aging) -> None:
    bucket.put("v/1")
    bucket.days(95)
    assert _tier(bucket) == "ARCHIVE_ACCESS"
    bucket.put("v/1")
    assert bucket.read("v/1") == "read"
    bucket.days(2)
    assert _tier(bucket) is None
