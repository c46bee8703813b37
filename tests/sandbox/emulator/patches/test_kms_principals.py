"""A key policy names nobody who is not there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.conftest import account_of

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

LINKED = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture
def account(request: pytest.FixtureRequest) -> str:
    return account_of(request)


@pytest.fixture
def kms(aws: Aws) -> Client:
    return aws("kms")


def _policy(*principals: str, condition: dict[str, object] | None = None) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Statement": [statement | ({"Condition": condition} if condition else {})]})


@pytest.mark.parametrize("named", [LINKED, "role/deploy", "role/path/deploy", "user/nobody", "sts"])
def test_a_principal_that_the_account_lacks_is_refused(kms: Client, account: str, named: str) -> None:
    service, rest = ("sts", "assumed-role/deploy/session") if named == "sts" else ("iam", named)
    policy = _policy(f"arn:aws:iam::{account}:root", f"arn:aws:{service}::{account}:{rest}")
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException, match="one or more invalid principals"):
        kms.create_key(Policy=policy)
    assert kms.list_keys()["Keys"] == [], "nothing was made"
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException):
        kms.put_key_policy(KeyId=key, Policy=policy)
    several = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException):
        kms.replicate_key(KeyId=several, ReplicaRegion="us-west-2", Policy=policy)


def test_a_principal_that_is_there_is_admitted(aws: Aws, kms: Client, account: str) -> None:
    iam = aws("iam")
    iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    role = iam.create_role(RoleName="deploy", Path="/path/", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    user = iam.create_user(UserName="somebody")["User"]["Arn"]
    session = f"arn:aws:sts::{account}:assumed-role/deploy/session"
    kms.create_key(Policy=_policy(role, user, session, f"arn:aws:iam::{account}:{LINKED}"))


@pytest.mark.parametrize("named", ["*", "root", "999988887777"])
def test_everyone_the_account_itself_and_other_accounts_are_admitted(kms: Client, account: str, named: str) -> None:
    kms.create_key(Policy=_policy(f"arn:aws:iam::{account}:root" if named == "root" else named))
    kms.create_key(Policy=_policy("arn:aws:iam::999988887777:role/theirs"))


def test_a_condition_may_name_a_role_that_comes_later(kms: Client, account: str) -> None:
    later = {"StringEquals": {"aws:PrincipalArn": f"arn:aws:iam::{account}:{LINKED}"}}
    kms.create_key(Policy=_policy("*", condition=later))
