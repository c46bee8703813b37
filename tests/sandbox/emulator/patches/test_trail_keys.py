"""A trail is refused under a key that does not let CloudTrail do what it needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
ALWAYS = ["kms:GenerateDataKey*", "kms:DescribeKey"]


@pytest.fixture
def trails(aws: Aws) -> Client:
    return aws("cloudtrail")


def _key(aws: Aws, *actions: str, service: str = "cloudtrail.amazonaws.com") -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions), "Resource": "*"}
    arn: str = aws("kms").create_key(Policy=json.dumps({"Statement": [statement]}))["KeyMetadata"]["Arn"]
    return arn


def _bucket(aws: Aws, name: str, *, bucket_key: bool) -> str:
    aws("s3").create_bucket(Bucket=name)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": bucket_key}
    aws("s3").put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return name


def test_a_trail_under_a_bucket_key_must_be_let_decrypt(aws: Aws, trails: Client) -> None:
    bucket = _bucket(aws, "trail-keys-on", bucket_key=True)
    with pytest.raises(trails.exceptions.InsufficientEncryptionPolicyException, match="kms:Decrypt"):
        trails.create_trail(Name="all", S3BucketName=bucket, KmsKeyId=_key(aws, *ALWAYS))
    assert trails.describe_trails()["trailList"] == [], "nothing was made"
    trails.create_trail(Name="all", S3BucketName=bucket, KmsKeyId=_key(aws, *ALWAYS, "kms:Decrypt"))


def test_a_trail_without_a_bucket_key_needs_no_decryption(aws: Aws, trails: Client) -> None:
    trails.create_trail(
        Name="all", S3BucketName=_bucket(aws, "trail-keys-off", bucket_key=False), KmsKeyId=_key(aws, *ALWAYS)
    )


@pytest.mark.parametrize("given", [ALWAYS[:1], ALWAYS[1:]])
def test_a_trail_must_be_let_encrypt_and_look_at_its_key(aws: Aws, trails: Client, given: list[str]) -> None:
    (missing,) = {"kms:GenerateDataKey", "kms:DescribeKey"} - {each.removesuffix("*") for each in given}
    with pytest.raises(trails.exceptions.InsufficientEncryptionPolicyException, match=missing):
        trails.create_trail(Name="all", S3BucketName="records", KmsKeyId=_key(aws, *given))


def test_another_service_is_not_cloudtrail(aws: Aws, trails: Client) -> None:
    with pytest.raises(trails.exceptions.InsufficientEncryptionPolicyException):
        trails.create_trail(
            Name="all", S3BucketName="records", KmsKeyId=_key(aws, "kms:*", service="logs.amazonaws.com")
        )


def test_a_trail_that_stands_is_not_moved_under_such_a_key(aws: Aws, trails: Client) -> None:
    bucket = _bucket(aws, "trail-keys-moved", bucket_key=True)
    trails.create_trail(Name="all", S3BucketName=bucket)
    with pytest.raises(trails.exceptions.InsufficientEncryptionPolicyException, match="kms:Decrypt"):
        trails.update_trail(Name="all", KmsKeyId=_key(aws, *ALWAYS))
    assert "KmsKeyId" not in trails.describe_trails()["trailList"][0], "as it was"
