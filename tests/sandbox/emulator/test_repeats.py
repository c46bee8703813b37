"""A call that its caller repeats, having lost the answer, is served once."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from sandbox.emulator import outage

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator

CREATE = {"Action": "CreateVpc", "CidrBlock": "10.1.0.0/16", "Version": "2016-11-15"}


def call(emulator: Emulator, invocation: str, attempt: int, **words: str) -> tuple[int, str]:
    """Ask EC2 in eu-west-3 as an AWS SDK does; returns status and answer."""
    scope = "100000000077/20261121/eu-west-3/ec2/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none",
        "Content-Type": "application/x-www-form-urlencoded",
        "amz-sdk-invocation-id": invocation,
        "amz-sdk-request": f"attempt={attempt}; max=3",
    }
    request = urllib.request.Request(emulator.url, urlencode(words).encode(), headers)  # noqa: S310 loopback
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def vpc(answer: str) -> str:
    found = re.search(r"<vpcId>(vpc-[0-9a-f]+)</vpcId>", answer)
    assert found, answer
    return found[1]


def test_a_repeated_call_gets_the_answer_of_the_first(emulator: Emulator) -> None:
    one = str(uuid.uuid4())
    first, again = call(emulator, one, 1, **CREATE), call(emulator, one, 2, **CREATE)
    assert first == again, "the same VPC; another one would be nobody's"


def test_another_call_of_the_same_words_is_served(emulator: Emulator) -> None:
    first, second = (call(emulator, str(uuid.uuid4()), 1, **CREATE)[1] for _ in range(2))
    assert vpc(first) != vpc(second)


def test_a_call_that_failed_is_tried_again(emulator: Emulator) -> None:
    made = vpc(call(emulator, str(uuid.uuid4()), 1, **CREATE)[1])
    subnet = {"Action": "CreateSubnet", "VpcId": made, "CidrBlock": "10.1.1.0/24", "Version": "2016-11-15"}
    one = str(uuid.uuid4())
    outage.cut(emulator.url, "eu-west-3")
    try:
        assert call(emulator, one, 1, **subnet)[0] == 503
    finally:
        outage.heal(emulator.url, "eu-west-3")
    assert call(emulator, one, 2, **subnet)[0] == 200


def test_a_refused_call_is_not_remembered(emulator: Emulator) -> None:
    one = str(uuid.uuid4())
    doomed = {"Action": "DeleteVpc", "VpcId": "vpc-00000000000000000", "Version": "2016-11-15"}
    status, said = call(emulator, one, 1, **doomed)
    assert status == 400, said
    assert call(emulator, one, 2, **CREATE)[0] == 200, "the emulator looks again"
