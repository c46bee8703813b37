"""The bucket that records are written to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from review.graph import Graph

NAME = "phoenix-prod-audit-us-east-1-100000000004"
TRAIL = "arn:aws:cloudtrail:us-east-1:100000000004:trail/phoenix-prod"


def _statements(graph: Graph) -> dict[str, dict[str, Any]]:
    found = json.loads(graph.named("audit-records-policy").inputs["policy"])["Statement"]
    return {statement["Sid"]: statement for statement in found}


def test_nobody_deletes_a_record(audit: Graph) -> None:
    statement = _statements(audit)["DenyDeletion"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": ["*"]}), "whoever it is"
    assert statement["Action"] == ["s3:DeleteObject", "s3:DeleteObjectVersion"], "neither an object nor a version of it"
    assert statement["Resource"] == [f"arn:aws:s3:::{NAME}/*"], "no record is left out"
    assert "Condition" not in statement, "nothing lifts it"


def test_only_this_stacks_trail_writes_events(audit: Graph) -> None:
    statement = _statements(audit)["TrailWrites"]
    assert statement["Principal"] == {"Service": ["cloudtrail.amazonaws.com"]}
    assert statement["Condition"]["StringEquals"]["aws:SourceArn"] == TRAIL, "no other account's trail fills our bucket"
    assert statement["Resource"] == [f"arn:aws:s3:::{NAME}/AWSLogs/100000000004/*"], "under our account only"


def test_records_have_no_bucket_key(audit: Graph) -> None:
    (rule,) = audit.named("audit-records-encryption").inputs["rules"]
    assert rule["bucketKeyEnabled"] is False, "KMS would no longer hear of which trail it is"


def test_config_writes_for_this_account_only(audit: Graph) -> None:
    statement = _statements(audit)["ConfigWrites"]
    assert statement["Principal"] == {"Service": ["config.amazonaws.com"]}
    assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == "100000000004", "the confused deputy"


def test_a_bucket_without_a_trail_admits_no_cloudtrail(regional: Graph) -> None:
    admitted = [sid for sid in _statements(regional) if sid.startswith("Trail")]
    assert admitted == [], "where no trail of ours writes, nobody may write as one"


def test_records_are_encrypted_by_the_logs_key(audit: Graph) -> None:
    (rule,) = audit.named("audit-records-encryption").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "key-logs"}


def test_records_age_as_the_stack_file_says(audit: Graph) -> None:
    (rule,) = audit.named("audit-records-lifecycle").inputs["rules"]
    assert rule["transitions"] == [{"days": 90, "storageClass": "GLACIER"}]
    assert rule["expiration"] == {"days": 2557}
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 2557}, "what was overwritten is kept as long"


@pytest.mark.parametrize("of", ["audit-records-bucket"])
def test_the_bucket_is_protected(audit: Graph, of: str) -> None:
    bucket = audit.named(of)
    assert (bucket.protect, bucket.retain_on_delete) == (True, True), "records outlive the stack"
    assert bucket.inputs["bucket"] == NAME
