"""What is in a bucket is neither read nor written while its key is disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_bucket_takes_and_gives_nothing_while_its_key_is_disabled(aws: Aws) -> None:
    key, s3 = str(aws("kms").create_key()["KeyMetadata"]["Arn"]), aws("s3")
    s3.create_bucket(Bucket="shop-uploads")
    by = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="shop-uploads", ServerSideEncryptionConfiguration={"Rules": [by]})
    s3.put_object(Bucket="shop-uploads", Key="one", Body=b"1")
    aws("kms").disable_key(KeyId=key)
    with pytest.raises(ClientError, match=r"KMS\.DisabledException"):
        s3.put_object(Bucket="shop-uploads", Key="two", Body=b"2")
    with pytest.raises(ClientError, match=r"KMS\.DisabledException"):
        s3.get_object(Bucket="shop-uploads", Key="one")
    aws("kms").enable_key(KeyId=key)
    assert s3.get_object(Bucket="shop-uploads", Key="one")["Body"].read() == b"1"
