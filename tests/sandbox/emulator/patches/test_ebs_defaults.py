"""Encryption of volumes by default is a setting of an account and region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"


def test_encryption_by_default_is_switched_on_and_off(aws: Aws) -> None:
    ec2 = aws("ec2")
    seen = [ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]]
    ec2.enable_ebs_encryption_by_default()
    seen.append(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"])
    ec2.disable_ebs_encryption_by_default()
    seen.append(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"])
    assert seen == [False, True, False], "off until it is switched on, and off again"


def test_encryption_by_default_is_of_one_region(aws: Aws) -> None:
    aws("ec2").enable_ebs_encryption_by_default()
    elsewhere = aws("ec2", "us-west-2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
    assert elsewhere is False, "each region has its own setting"


def test_the_default_key_is_aws_s_own_until_another_is_set(aws: Aws) -> None:
    ec2 = aws("ec2")
    seen = [ec2.get_ebs_default_kms_key_id()["KmsKeyId"].rpartition(":")[2]]
    ec2.modify_ebs_default_kms_key_id(KmsKeyId=KEY)
    seen.append(ec2.get_ebs_default_kms_key_id()["KmsKeyId"])
    ec2.reset_ebs_default_kms_key_id()
    seen.append(ec2.get_ebs_default_kms_key_id()["KmsKeyId"].rpartition(":")[2])
    assert seen == ["alias/aws/ebs", KEY, "alias/aws/ebs"], "the key is kept until it is reset"


def test_a_key_named_by_id_is_answered_by_arn(aws: Aws) -> None:
    ec2 = aws("ec2")
    account = aws("sts").get_caller_identity()["Account"]
    answer = ec2.modify_ebs_default_kms_key_id(KmsKeyId="1234")["KmsKeyId"]
    assert answer == f"arn:aws:kms:us-east-1:{account}:key/1234", "AWS answers with the ARN of a key"
