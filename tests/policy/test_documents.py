"""IAM policy documents, read as IAM reads them."""

from __future__ import annotations

import json

import pytest

from policy.document import Statement, statements
from policy.values import Block, UnknownValueError
from tests.policy.cases.bucket import TLS_ONLY
from tests.policy.cases.identity import document
from tests.policy.harness import UNKNOWN, Made, offline


def statement(**body: object) -> Statement:
    return Statement({"Effect": "Allow", **body}, 0)


def test_a_lone_statement_and_a_list_read_alike() -> None:
    lone, listed = ({"Statement": body} for body in ({"Sid": "One"}, [{"Sid": "One"}]))
    for written in (json.dumps(lone), json.dumps(listed), lone, listed):
        assert [each.label for each in statements(Block({"policy": written}), "policy")] == ["One"]


def test_an_unknown_document_raises_and_a_missing_one_is_empty() -> None:
    assert statements(Block({}), "policy") == []
    with pytest.raises(UnknownValueError):
        statements(Block({"policy": UNKNOWN}), "policy")


def test_text_that_is_no_json_breaks_the_rule_and_so_stops() -> None:
    assert offline("s3-tls-only", [Made(type="aws:s3/bucketPolicy:BucketPolicy", inputs={"policy": "{"})]) == "broken"


def test_what_is_left_out_by_not_reads_as_everything() -> None:
    odd = statement(NotAction="iam:*", NotResource="arn:x", NotPrincipal={"AWS": "arn:aws:iam::1:root"})
    assert (odd.actions, odd.resources, odd.principals) == (["*"], ["*"], ["*"])


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::1:root", "*"]}])
def test_everyone_is_public(principal: object) -> None:
    assert statement(Principal=principal).is_public


def test_named_principals_are_not_public() -> None:
    assert not statement(Principal={"Service": "ec2.amazonaws.com"}).is_public
    assert not statement(Effect="Deny", Principal="*").is_public


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::b"}},
        {"StringEquals": {"kms:CallerAccount": ["1", "2"]}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/path/*"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
    ],
)
def test_a_condition_that_says_who_narrows(condition: object) -> None:
    assert not statement(Principal="*", Condition=condition).is_public


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "1"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"Null": {"aws:SourceArn": "true"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b-*"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"StringLike": {"aws:PrincipalAccount": "10000000000?"}},
        {"StringEquals": {"aws:PrincipalArn": []}},
    ],
)
def test_a_condition_that_lets_others_in_does_not(condition: object) -> None:
    assert statement(Principal="*", Condition=condition).is_public


@pytest.mark.parametrize(
    "broken",
    [
        {"Effect": "Allow"},
        {"Action": "s3:GetObject"},
        {"Principal": {"AWS": "arn:aws:iam::1:root"}},
        {"Resource": ["arn:aws:s3:::phoenix-logs"]},
        {"Resource": ["arn:aws:s3:::phoenix-logs/*"]},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": "1"}}},
    ],
    ids=["allows", "one action", "one principal", "no objects", "no bucket", "wrong way round", "some callers"],
)
def test_a_tls_statement_with_a_hole_is_none(broken: dict[str, object]) -> None:
    policy = json.dumps({"Statement": [{**TLS_ONLY, **broken}]})
    assert offline("s3-tls-only", [Made(type="aws:s3/bucketPolicy:BucketPolicy", inputs={"policy": policy})]) == (
        "violation"
    )


def test_condition_keys_and_booleans_compare_as_in_iam() -> None:
    policy = json.dumps({"Statement": [{**TLS_ONLY, "Condition": {"bool": {"AWS:securetransport": False}}}]})
    assert (
        offline("s3-tls-only", [Made(type="aws:s3/bucketPolicy:BucketPolicy", inputs={"policy": policy})]) == "silent"
    )


def test_a_roles_inline_policies_are_read() -> None:
    inline = [{"name": "x", "policy": document(Action="*", Resource="*")}]
    assert offline("iam-no-admin-policy", [Made(type="aws:iam/role:Role", inputs={"inlinePolicies": inline})]) == (
        "violation"
    )


def test_managed_administrator_policies_are_found_beside_unknown_ones() -> None:
    arns = [UNKNOWN, "arn:aws:iam::aws:policy/AdministratorAccess"]
    assert offline("iam-no-admin-managed", [Made(type="aws:iam/role:Role", inputs={"managedPolicyArns": arns})]) == (
        "violation"
    )
