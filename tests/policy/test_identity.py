"""Policies of identities: the ways in which a clever person asks for everything, and those that only look so."""

from __future__ import annotations

import json
import string

import pytest

from policy.reading.actions import of_service
from policy.reading.harm import DATA, OPENING
from policy.reading.permissions import ESCALATION, Step, taken
from policy.reading.statement import Statement
from tests.policy.cases.identity import document
from tests.policy.harness import Made, findings

RULES = ("iam-no-admin-policy", "iam-no-star-actions", "iam-no-escalation")
POLICY = "aws:iam/policy:Policy"
ADMIN, STAR, ESCALATES = ({rule} for rule in RULES)
EVERYTHING = [f"{letter}*:*" for letter in string.ascii_lowercase]


def broken(*statements: object, type_: str = POLICY, key: str = "policy") -> set[str]:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return {finding.rule.name for finding in findings([Made(type=type_, inputs={key: text})])} & set(RULES)


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    "statement",
    [
        allow("*"),
        allow("*:*"),
        allow("**", "**"),
        allow("?*", "arn:*"),
        allow(EVERYTHING),
        allow("*", ["arn:aws:s3:::x", "*"]),
        allow("*", "arn:aws:*:*:*:*"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "NotAction": ["aws-portal:*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret"},
        allow("*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
        {"effect": "Allow", "action": "*", "resource": "*"},
    ],
    ids=str,
)
def test_everything_is_everything_however_it_is_said(statement: dict[str, object]) -> None:
    assert broken(statement) == ADMIN


@pytest.mark.parametrize(
    "statement",
    [
        allow("iam:**"),
        allow("IAM:*"),
        allow("iam:?*"),
        allow("iam:*", "arn:aws:iam::*:*"),
        allow("iam:*", "arn:aws:iam::123456789012:*"),
        allow("*", ["arn:aws:s3:::*", "arn:aws:iam::*:*"]),
        {"Effect": "Allow", "NotAction": "s3:*", "Resource": "arn:aws:iam::*:*"},
    ],
    ids=str,
)
def test_all_of_iam_is_a_service_and_a_way_up(statement: dict[str, object]) -> None:
    assert broken(statement) == STAR | ESCALATES


@pytest.mark.parametrize(
    "statement",
    [
        allow("ec2:*"),
        allow(["s3:GetObject", "dynamodb:**"]),
        allow("*", ["arn:aws:s3:::*", "arn:aws:s3:::*/*"]),
        allow("s3:*", "arn:aws:s3:::*"),
        allow("kms:*", "arn:aws:kms:*:*:*"),
        allow([f"sqs:{letter}*" for letter in "acdglprstu"]),
    ],
    ids=str,
)
def test_a_whole_service_is_one_however_it_is_said(statement: dict[str, object]) -> None:
    assert broken(statement) == STAR


def test_a_service_in_two_statements_is_judged_by_each() -> None:
    assert broken(allow("s3:GetObject"), allow("ec2:*")) == STAR


def found(step: Step, *statements: dict[str, object]) -> bool:
    return step in taken([Statement(each, at) for at, each in enumerate(statements)], [step])


def test_every_action_that_harms_on_all_is_found_and_on_a_named_target_is_not() -> None:
    steps = (*ESCALATION, *DATA, *OPENING)
    assert len(steps) > 100
    for step in steps:
        action, target = step.action, f"arn:aws:{step.service}:us-east-1:123456789012:{step.kind}app"
        every = f"arn:aws:{step.service}:*:*:{step.kind}*"
        assert found(step, allow(action)), step
        assert found(step, allow(action.upper(), every)), step
        assert not found(step, allow(action, target)), step
        assert not found(step, allow(action), {"Effect": "Deny", "Action": action, "Resource": "*"}), step
        assert found(step, allow(action), {"Effect": "Deny", "Action": action, "Resource": target}), step


@pytest.mark.parametrize(
    ("action", "rule"),
    [
        ("iam:PutRolePolicy", "iam-no-escalation"),
        ("secretsmanager:GetSecretValue", "iam-no-data-on-all"),
        ("kms:PutKeyPolicy", "iam-no-opening-on-all"),
    ],
)
def test_each_table_has_a_rule(action: str, rule: str) -> None:
    made = [Made(type=POLICY, inputs={"policy": json.dumps({"Statement": [allow(action)]})})]
    assert {f.rule.name for f in findings(made) if f.rule.name.startswith("iam-no-")} == {rule}


def test_actions_of_the_tables_are_actions_of_iam() -> None:
    for step in (*ESCALATION, *DATA, *OPENING):
        assert step.action.lower() in of_service(step.action.partition(":")[0]), step.action


@pytest.mark.parametrize(
    ("condition", "rules"),
    [
        ({"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}}, set()),
        ({"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}, ESCALATES),
        ({"StringEqualsIfExists": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}}, ESCALATES),
        ({"ForAllValues:StringEquals": {"aws:ResourceTag/team": "x"}}, ESCALATES),
        ({"StringEquals": {"aws:ResourceTag/team": "x"}}, set()),
    ],
    ids=str,
)
def test_a_condition_bounds_only_if_it_says_which_identities(condition: object, rules: set[str]) -> None:
    assert broken(allow(["iam:PutRolePolicy", "iam:PassRole"], Condition=condition)) == rules


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:Get*"),
        allow("s3:*", "arn:aws:s3:::phoenix-*"),
        allow("iam:PassRole", "arn:aws:iam::1:role/app"),
        allow("ec2:Describe*"),
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
        allow("*", "arn:aws:s3:::phoenix/*"),
        allow("sqs:*", "arn:aws:sqs:us-east-1:1:jobs"),
    ],
    ids=str,
)
def test_what_names_its_work_is_fine(statement: dict[str, object]) -> None:
    assert broken(statement) == set()


@pytest.mark.parametrize(
    ("type_", "key", "value"),
    [
        ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns", ["x"]),
        ("aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", "policyArns", []),
        ("aws:iam/policyAttachment:PolicyAttachment", "policyArn", None),
        ("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "managedPolicyArn", None),
        ("aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive", "managedPolicyArns", []),
        ("aws:rolesanywhere/profile:Profile", "managedPolicyArns", []),
        ("aws:iam/role:Role", "managedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
    ],
)
@pytest.mark.parametrize("name", ["AdministratorAccess", "job-function/SystemAdministrator", "IAMFullAccess"])
def test_an_administrator_policy_is_found_in_every_input_that_takes_one(
    type_: str, key: str, value: list[str] | None, name: str
) -> None:
    arn = f"arn:aws:iam::aws:policy/{name}"
    made = Made(type=type_, inputs={key: arn if value is None else [*value, arn]})
    assert "iam-no-admin-managed" in {finding.rule.name for finding in findings([made])}


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("aws:iam/role:Role", {"inlinePolicies": [{"policy": document(Action="iam:**", Resource="*")}]}),
        ("aws:iam/userPolicy:UserPolicy", {"policy": {"Statement": allow("iam:*")}}),
        (
            "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
            {"inlinePolicy": document(Action="iam:*", Resource="*")},
        ),
        ("aws:iot/policy:Policy", {"policy": document(Action="iam:*", Resource="*")}),
    ],
    ids=lambda one: str(one)[:30],
)
def test_a_document_is_read_wherever_an_identity_has_one(type_: str, inputs: dict[str, object]) -> None:
    assert {f.rule.name for f in findings([Made(type=type_, inputs=inputs)])} >= STAR | ESCALATES
