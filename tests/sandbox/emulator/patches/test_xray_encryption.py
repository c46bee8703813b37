"""The key of traces is set, read back, and refused where X-Ray could not use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_traces_are_under_x_rays_own_key_until_one_is_set(aws: Aws) -> None:
    xray, key = aws("xray"), aws("kms").create_key()["KeyMetadata"]["Arn"]
    assert xray.get_encryption_config()["EncryptionConfig"] == {"Type": "NONE", "Status": "ACTIVE"}
    made = xray.put_encryption_config(Type="KMS", KeyId=key)["EncryptionConfig"]
    assert (made["KeyId"], made["Type"]) == (key, "KMS")
    assert xray.get_encryption_config()["EncryptionConfig"] == {"KeyId": key, "Type": "KMS", "Status": "ACTIVE"}
    assert aws("xray", "eu-west-1").get_encryption_config()["EncryptionConfig"]["Type"] == "NONE", "of its region"
    xray.put_encryption_config(Type="NONE")
    assert xray.get_encryption_config()["EncryptionConfig"]["Type"] == "NONE"


def test_a_key_that_x_ray_cannot_use_is_refused(aws: Aws) -> None:
    xray, kms = aws("xray"), aws("kms")
    signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    off = kms.create_key()["KeyMetadata"]["Arn"]
    kms.disable_key(KeyId=off)
    other = aws("kms", "eu-west-1").create_key()["KeyMetadata"]["Arn"]
    for wanted in ({"KeyId": signing}, {"KeyId": off}, {"KeyId": other}, {"KeyId": "alias/none"}, {}):
        with pytest.raises(ClientError, match="InvalidRequestException"):
            xray.put_encryption_config(Type="KMS", **wanted)
    assert xray.get_encryption_config()["EncryptionConfig"]["Type"] == "NONE"
