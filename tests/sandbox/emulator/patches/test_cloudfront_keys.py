"""Public keys that CloudFront refuses are refused, and key groups of more than five."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

KEYS = Path(__file__).parents[3] / "config" / "data" / "keys"
TAKEN = ("p-256", "rsa-2048")


def text(name: str) -> str:
    return (KEYS / f"{name}.pem").read_text(encoding="utf-8")


def config(name: str, encoded: str) -> dict[str, str]:
    return {"CallerReference": name, "Name": name, "EncodedKey": encoded}


def make(aws: Aws, name: str, key: str = "p-256") -> str:
    made = aws("cloudfront").create_public_key(PublicKeyConfig=config(name, text(key)))
    return str(made["PublicKey"]["Id"])


def refused(found: pytest.ExceptionInfo[ClientError]) -> str:
    return str(found.value.response["Error"]["Code"])


@pytest.mark.parametrize("key", TAKEN)
def test_a_key_that_cloudfront_takes_is_read_back(aws: Aws, key: str) -> None:
    made = make(aws, key, key)
    assert aws("cloudfront").get_public_key(Id=made)["PublicKey"]["PublicKeyConfig"]["EncodedKey"] == text(key)


@pytest.mark.parametrize(
    "encoded",
    [*(text(path.stem) for path in sorted(KEYS.glob("refused-*.pem"))), "no key", text("p-256").replace("A", "!", 1)],
)
def test_no_other_key_is_taken(aws: Aws, encoded: str) -> None:
    with pytest.raises(ClientError) as found:
        aws("cloudfront").create_public_key(PublicKeyConfig=config("other", encoded))
    assert refused(found) == "InvalidArgument"


def test_a_name_is_given_once(aws: Aws) -> None:
    make(aws, "once")
    with pytest.raises(ClientError) as found:
        make(aws, "once", "rsa-2048")
    assert refused(found) == "PublicKeyAlreadyExists"


def test_a_group_holds_five_keys_that_there_are_and_keeps_them(aws: Aws) -> None:
    cloudfront, keys = aws("cloudfront"), [make(aws, f"key-{at}") for at in range(6)]
    with pytest.raises(ClientError) as found:
        cloudfront.create_key_group(KeyGroupConfig={"Name": "six", "Items": keys})
    assert refused(found) == "TooManyPublicKeysInKeyGroup"
    with pytest.raises(ClientError) as found:
        cloudfront.create_key_group(KeyGroupConfig={"Name": "lost", "Items": ["KNOBODY"]})
    assert refused(found) == "InvalidArgument"
    group: Any = cloudfront.create_key_group(KeyGroupConfig={"Name": "five", "Items": keys[:5]})
    tag = cloudfront.get_public_key(Id=keys[0])["ETag"]
    with pytest.raises(ClientError) as found:
        cloudfront.delete_public_key(Id=keys[0], IfMatch=tag)
    assert refused(found) == "PublicKeyInUse"
    fewer = {"Name": "five", "Items": keys[1:5]}
    cloudfront.update_key_group(Id=group["KeyGroup"]["Id"], IfMatch=group["ETag"], KeyGroupConfig=fewer)
    cloudfront.delete_public_key(Id=keys[0], IfMatch=tag)
