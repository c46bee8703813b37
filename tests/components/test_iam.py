from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.iam import Statement, document, through, trust_pods, trust_service

if TYPE_CHECKING:
    from collections.abc import Iterator


def _resolve(output: pulumi.Output[str]) -> str:
    async def value() -> str:
        return await output.future()

    return asyncio.get_event_loop().run_until_complete(value())


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    yield
    made.close()
    asyncio.set_event_loop(None)


def _read(**changes: object) -> Statement:
    happy: dict[str, Any] = {
        "sid": "ReadObjects",
        "reason": "the application serves them",
        "actions": ["s3:GetObject", "s3:GetObjectVersion"],
        "resources": ["arn:aws:s3:::bucket/*"],
    }
    return Statement(**{**happy, **changes})


def test_a_document_says_what_its_statements_say_without_the_reasons() -> None:
    text = _resolve(document(_read()))
    assert json.loads(text) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadObjects",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:GetObjectVersion"],
                "Resource": ["arn:aws:s3:::bucket/*"],
            }
        ],
    }, "IAM refuses keys that it does not know"


def test_equal_statements_give_equal_text_whatever_the_order_of_their_actions() -> None:
    one = _resolve(document(_read(actions=["s3:GetObject", "s3:ListBucket"])))
    other = _resolve(document(_read(actions=["s3:ListBucket", "s3:GetObject"])))
    assert one == other, "a plan must not show a difference that is none"


def test_an_arn_that_is_not_known_yet_finds_its_place() -> None:
    text = _resolve(document(_read(resources=[pulumi.Output.from_input("arn:aws:s3:::later")])))
    assert json.loads(text)["Statement"][0]["Resource"] == ["arn:aws:s3:::later"], "outputs are resolved in place"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sid": "read objects"}, "letters and digits"),
        ({"reason": " "}, "needs a reason"),
        ({"actions": []}, "at least one action"),
        ({"actions": ["*"]}, "not an action"),
        ({"actions": ["GetObject"]}, "not an action"),
        ({"actions": ["s3:*"], "resources": ["*"]}, "on every resource"),
        ({"principals": {"AWS": ["*"]}}, "needs a condition"),
    ],
)
def test_a_statement_that_no_review_would_pass_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _read(**changes)


def test_everybody_may_be_denied_without_a_condition() -> None:
    denied = _read(effect="Deny", principals={"AWS": ["*"]}, actions=["s3:*"], resources=["*"])
    assert denied.render()["Principal"] == {"AWS": ["*"]}, "a denial of everything to everybody grants nothing"


def test_two_statements_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same sid"):
        document(_read(), _read())


def test_a_document_without_statements_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one statement"):
        document()


def test_a_service_is_trusted_under_its_conditions() -> None:
    conditions = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    text = _resolve(trust_service("vpc-flow-logs.amazonaws.com", reason="writes", conditions=conditions))
    statement = json.loads(text)["Statement"][0]
    assert statement["Principal"] == {"Service": ["vpc-flow-logs.amazonaws.com"]}
    assert statement["Action"] == ["sts:AssumeRole"]
    assert statement["Condition"] == conditions, "nobody else's resources can make the service use the role"
    assert "Resource" not in statement, "IAM refuses a resource in a trust policy"


def test_pods_are_trusted_by_cluster_namespace_and_service_account() -> None:
    text = _resolve(trust_pods(cluster_arn="arn:cluster", namespace="shop", service_account="cart"))
    statement = json.loads(text)["Statement"][0]
    assert statement["Principal"] == {"Service": ["pods.eks.amazonaws.com"]}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"], "Pod Identity tags every session"
    assert statement["Condition"]["StringEquals"] == {
        "aws:RequestTag/eks-cluster-arn": "arn:cluster",
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "cart",
    }, "no other pod may assume the role"


def test_a_key_used_through_a_service_is_used_through_that_of_its_region() -> None:
    opened = Statement(
        sid="Open",
        reason="a test",
        actions=["kms:Decrypt"],
        resources=["*"],
        conditions=through("s3", pulumi.Output.from_input("us-west-2")),
    )
    (rendered,) = json.loads(_resolve(document(opened)))["Statement"]
    assert rendered["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"}}
