"""The buckets as S3 tells them, asked with boto3."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Aws, Client

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

ACCOUNT = "100000000004"
BUCKETS = [
    f"{name}-{ACCOUNT}"
    for name in (
        "phoenix-app-data-prod",
        "phoenix-blockchain-backups",
        "phoenix-ai-models",
        "phoenix-logs-prod",
        "phoenix-static-assets",
    )
]
ACCESS_LOGS = f"phoenix-prod-access-logs-us-east-1-{ACCOUNT}"
ALL = [*BUCKETS, ACCESS_LOGS]


@pytest.fixture(scope="module")
def s3(aws: Aws) -> Client:
    return aws("s3")


def test_in_each_region_are_the_five_buckets_of_the_document_one_for_access_logs_and_one_for_the_audit(
    s3: Client,
) -> None:
    where: dict[str, list[str]] = {}
    for bucket in s3.list_buckets()["Buckets"]:
        region = s3.get_bucket_location(Bucket=bucket["Name"])["LocationConstraint"] or "us-east-1"
        where.setdefault(region, []).append(bucket["Name"])
    assert {region: len(names) for region, names in where.items()} == {"us-east-1": 7, "us-west-2": 7}
    assert set(ALL) <= set(where["us-east-1"])


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_encrypted_by_the_key_of_storage(s3: Client, key_arns: dict[str, str], name: str) -> None:
    (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    assert (default["SSEAlgorithm"], default["KMSMasterKeyID"]) == ("aws:kms", key_arns["storage"])


def test_access_logs_are_encrypted_by_the_only_way_that_s3_delivers_them(s3: Client) -> None:
    (rule,) = s3.get_bucket_encryption(Bucket=ACCESS_LOGS)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256", "see docs/adr/0009-access-logs.md"


@pytest.mark.parametrize("name", ALL)
def test_a_bucket_keeps_versions(s3: Client, name: str) -> None:
    assert s3.get_bucket_versioning(Bucket=name).get("Status") == "Enabled"


@pytest.mark.parametrize("name", ALL)
def test_a_bucket_blocks_public_access_in_all_four_ways(s3: Client, name: str) -> None:
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    ways = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    assert {way: block.get(way) for way in ways} == dict.fromkeys(ways, True)


@pytest.mark.parametrize("name", ALL)
def test_a_bucket_refuses_requests_without_tls(s3: Client, name: str) -> None:
    statements = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]
    (denied,) = [each for each in statements if each.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}]
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", {"AWS": ["*"]}, ["s3:*"])
    assert set(denied["Resource"]) == {f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"}


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_moves_objects_to_colder_classes_after_30_90_and_365_days(s3: Client, name: str) -> None:
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    moves = {move["Days"]: move["StorageClass"] for move in rule["Transitions"]}
    cold = {} if "static-assets" in name else {90: "GLACIER_IR", 365: "DEEP_ARCHIVE"}
    assert (rule["Status"], moves) == ("Enabled", {30: "STANDARD_IA", **cold}), "but where CloudFront reads (ADR 0011)"


def test_access_logs_go_after_a_year(s3: Client) -> None:
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=ACCESS_LOGS)["Rules"]
    assert (rule["Status"], rule["Expiration"]["Days"]) == ("Enabled", 365)


@pytest.mark.parametrize("name", BUCKETS)
def test_access_to_a_bucket_is_logged_in_the_bucket_for_it(s3: Client, name: str) -> None:
    assert s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]["TargetBucket"] == ACCESS_LOGS
