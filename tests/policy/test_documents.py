"""IAM policy documents, read as IAM reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from policy.reading.documents import statements
from policy.reading.statement import Statement
from policy.resources import Origin, Resource
from policy.values import SECRET, SIGNATURE, UnknownValueError
from tests.policy.cases.bucket import TLS_ONLY
from tests.policy.cases.identity import document
from tests.policy.harness import UNKNOWN, Made, offline

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def statement(**body: object) -> Statement:
    return Statement({"Effect": "Allow", **body}, 0)


def holder(**inputs: object) -> Resource:
    return Resource(Origin(type="aws:s3/bucketPolicy:BucketPolicy", urn="urn", name="it"), inputs)


ONE = {"Sid": "One", "Effect": "Allow"}


@pytest.mark.parametrize("body", [ONE, [ONE]], ids=["lone", "listed"])
@pytest.mark.parametrize("write", [dict, json.dumps, lambda it: {SIGNATURE: SECRET, "value": json.dumps(it)}])
def test_a_document_reads_alike_however_it_is_written(body: object, write: Callable[[object], object]) -> None:
    document = holder(policy=write({"Statement": body}))
    assert [each.label for each in statements(document, "policy")] == ["One"]
    assert [each.where for each in document.documents] == ["policy"]


def test_an_unknown_document_raises_and_a_missing_one_is_empty() -> None:
    assert list(statements(holder(), "policy")) == []
    for unknown in (UNKNOWN, "[secret]"):
        with pytest.raises(UnknownValueError):
            list(statements(holder(policy=unknown), "policy"))


def test_what_is_known_is_judged_before_what_is_not() -> None:
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": UNKNOWN}
    half = {"Statement": [{"Effect": "Allow", "Principal": UNKNOWN}, everyone]}
    assert offline("s3-policy-no-any-principal", [Made(type=POLICY, inputs={"policy": half})]) == "violation"


def test_an_unknown_part_counts_only_where_the_answer_hangs_on_it() -> None:
    bound = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    for condition, outcome in ((bound, "silent"), ({}, "deferred")):
        half = {"Statement": {"Effect": "Allow", "Principal": {"AWS": UNKNOWN}, "Condition": condition}}
        assert offline("s3-policy-no-any-principal", [Made(type=POLICY, inputs={"policy": half})]) == outcome


def test_text_that_is_no_json_breaks_the_rule_and_so_stops() -> None:
    assert offline("s3-tls-only", [Made(type="aws:s3/bucketPolicy:BucketPolicy", inputs={"policy": "{"})]) == "broken"


def test_what_is_left_out_by_not_is_all_that_is_left_out() -> None:
    odd = statement(NotAction="iam:*", NotResource="arn:x", NotPrincipal={"AWS": "arn:aws:iam::1:root"})
    assert odd.actions.cover("s3:GetObject")
    assert not odd.actions.cover("iam:PassRole")
    assert odd.resources.cover("arn:y")
    assert not odd.resources.cover("arn:x")
    assert odd.is_for_everyone


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


@pytest.mark.parametrize(
    ("left_out", "added"),
    [
        ("Action", {"NotAction": "s3:GetObject"}),
        ("Action", {"NotAction": "s3:*"}),
        ("Resource", {"NotResource": "arn:aws:s3:::phoenix-logs/*"}),
        ("Resource", {"NotResource": ["arn:aws:s3:::phoenix-logs/public/*"]}),
        ("Principal", {"NotPrincipal": {"AWS": "arn:aws:iam::1:root"}}),
        ("Action", {"Action": ["s3:Get*", "s3:Put*"]}),
        ("Resource", {"Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]}),
        ("Condition", {"Condition": {"BoolIfExists": {"aws:SecureTransport": "true"}}}),
        ("Condition", {"Condition": {"Bool": {"aws:SecureTransport": ["false", "true"], "aws:x": "1"}}}),
        ("Condition", {}),
    ],
    ids=str,
)
def test_a_denial_is_read_as_one(left_out: str, added: dict[str, object]) -> None:
    statement = {**{key: value for key, value in TLS_ONLY.items() if key != left_out}, **added}
    inputs = {"bucket": "phoenix-logs", "policy": json.dumps({"Statement": [statement]})}
    assert offline("s3-tls-only", [Made(type=POLICY, inputs=inputs)]) == "violation"


@pytest.mark.parametrize(
    "added",
    [
        {"Action": "*"},
        {"Action": "S3:*"},
        {"Resource": "arn:aws:s3:::phoenix-logs*"},
        {"Resource": "*"},
        {"Principal": {"AWS": ["*"]}},
        {"Condition": {"BoolIfExists": {"aws:SecureTransport": False}}},
    ],
    ids=str,
)
def test_a_denial_may_say_more_than_it_must(added: dict[str, object]) -> None:
    inputs = {"bucket": "phoenix-logs", "policy": json.dumps({"Statement": [{**TLS_ONLY, **added}]})}
    assert offline("s3-tls-only", [Made(type=POLICY, inputs=inputs)]) == "silent"


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
