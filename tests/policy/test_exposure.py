"""Policies of resources: every type that has one, everyone by any name, and conditions that only look narrow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from policy.reading.documents import LIST, known_inputs, scan
from policy.reading.elsewhere import BY_INPUTS
from policy.rules.exposure import RULES as EXPOSURE
from tests.policy.cases.exposure import EVERYONE, NAMED, policy
from tests.policy.harness import UNKNOWN, Made, findings, offline

if TYPE_CHECKING:
    from collections.abc import Mapping

PUBLIC = {rule.name for rule in EXPOSURE if rule.name.endswith(("public", "principal"))}
NOT_RESOURCES = {
    "aws:apigateway/domainName:DomainName", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:iam/role:Role",
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
}  # fmt: skip
TYPES = sorted(set(known_inputs()) - NOT_RESOURCES)
BUCKET = "aws:s3/bucketPolicy:BucketPolicy"


def broken(made: Made) -> set[str]:
    return {finding.rule.name for finding in findings([made]) if finding.kind.value == "violation"} & PUBLIC


def nested(path: str, value: object) -> dict[str, object]:
    step, _, rest = path.partition(".")
    return {step: nested(rest, value) if rest else value}


@pytest.mark.parametrize("type_", TYPES)
def test_a_policy_for_everyone_is_found_on_every_type_that_has_one(type_: str) -> None:
    for path in known_inputs()[type_]:
        for written in (policy(NAMED, EVERYONE), json.loads(policy(NAMED, EVERYONE))):
            assert len(broken(Made(type=type_, inputs=nested(path, written)))) == 1
        assert not broken(Made(type=type_, inputs=nested(path, policy(NAMED))))


def test_the_list_of_documents_is_that_of_the_installed_provider() -> None:
    assert LIST.read_text(encoding="utf-8").split("\n")[:-1] == scan(), "run python -m policy.reading.documents"
    assert len(TYPES) > 70


def test_a_type_that_nobody_has_heard_of_is_read_too() -> None:
    inputs = {"settings": [{"anything": {"deep": policy(EVERYONE)}}]}
    assert broken(Made(type="aws:newservice/thing:Thing", inputs=inputs)) == {"resource-policy-not-public"}


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("aws:lambda/permission:Permission", {"principal": "*", "action": "lambda:InvokeFunction"}),
        ("aws:lambda/permission:Permission", {"principal": "*", "functionUrlAuthType": "NONE"}),
        ("aws:lambda/permission:Permission", {"principal": "*", "sourceArn": "arn:aws:s3:::*"}),
        ("aws:lambda/layerVersionPermission:LayerVersionPermission", {"principal": "*", "action": "lambda:Get"}),
        ("aws:cloudwatch/eventPermission:EventPermission", {"principal": "*"}),
        ("aws:ec2/vpcEndpointService:VpcEndpointService", {"allowedPrincipals": ["arn:aws:iam::1:root", "*"]}),
        ("aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple", {"principalArn": "*"}),
        ("aws:signer/signingProfilePermission:SigningProfilePermission", {"principal": "*"}),
        ("aws:kms/grant:Grant", {"granteePrincipal": "*"}),
    ],
)
def test_what_inputs_say_in_place_of_a_document_is_read(type_: str, inputs: Mapping[str, object]) -> None:
    assert len(broken(Made(type=type_, inputs=inputs))) == 1
    assert type_ in BY_INPUTS


@pytest.mark.parametrize(
    "inputs",
    [
        {"principal": "s3.amazonaws.com", "sourceArn": "arn:aws:s3:::phoenix"},
        {"principal": "*", "principalOrgId": "o-1"},
        {"principal": "*", "sourceAccount": "100000000004"},
        {"principal": "100000000004"},
    ],
    ids=str,
)
def test_an_invoker_that_is_named_or_bound_is_fine(inputs: Mapping[str, object]) -> None:
    assert not broken(Made(type="aws:lambda/permission:Permission", inputs=inputs))


def narrowed(operator: str, key: str, value: object) -> Made:
    return Made(type=BUCKET, inputs={"policy": policy({**EVERYONE, "Condition": {operator: {key: value}}})})


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-1"),
        ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/*"),
        ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1"),
        ("ArnLikeIfExists", "aws:SourceArn", "arn:aws:s3:::b"),
        ("StringLike", "aws:PrincipalOrgID", "o-*"),
        ("StringLike", "aws:PrincipalOrgID", "?-1"),
        ("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}"),
        ("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"),
        ("StringEquals", "aws:PrincipalAccount", ["100000000004", "*"]),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy"),
        ("ArnEquals", "aws:PrincipalArn", "*"),
        ("StringNotEquals", "aws:PrincipalOrgID", "o-1"),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::1:role/x"),
        ("Null", "aws:PrincipalOrgID", "false"),
        ("StringEquals", "aws:ResourceAccount", "100000000004"),
        ("StringEquals", "aws:ResourceOrgID", "o-1"),
        ("Bool", "aws:SecureTransport", "true"),
        ("Bool", "aws:PrincipalIsAWSService", "true"),
        ("StringEquals", "aws:PrincipalTag/team", "platform"),
        ("StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com"),
        ("StringLike", "aws:userid", "*:alice"),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "128.0.0.0/1"]),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"),
        ("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24"),
        ("StringLike", "aws:SourceVpc", "vpc-*"),
        ("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"),
        ("StringLike", "aws:Referer", "https://example.com/*"),
    ],
)
def test_a_condition_that_only_looks_narrow_is_none(operator: str, key: str, value: object) -> None:
    assert broken(narrowed(operator, key, value))


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "AWS:PrincipalOrgID", "o-1"),
        ("stringequals", "aws:principalaccount", ["100000000004"]),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/*"),
        ("ArnLike", "aws:SourceArn", "arn:aws:*:*:100000000004:*"),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::phoenix"),
        ("StringLike", "aws:userid", "AROA1:*"),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"),
        ("StringEquals", "aws:SourceVpce", "vpce-1"),
    ],
)
def test_a_condition_that_says_who_narrows(operator: str, key: str, value: object) -> None:
    assert not broken(narrowed(operator, key, value))


def test_for_all_values_narrows_beside_a_demand_for_the_key() -> None:
    condition = {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}, "Null": {"aws:PrincipalOrgID": False}}
    assert not broken(Made(type=BUCKET, inputs={"policy": policy({**EVERYONE, "Condition": condition})}))


@pytest.mark.parametrize(
    ("type_", "key"),
    [
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "policy"),
        ("aws:organizations/policy:Policy", "content"),
        ("aws:cloudformation/stack:Stack", "policyBody"),
    ],
)
def test_a_policy_that_only_takes_away_is_exempt(type_: str, key: str) -> None:
    assert not broken(Made(type=type_, inputs={key: policy(EVERYONE)}))


def test_a_policy_that_is_not_known_waits_for_the_update() -> None:
    for type_ in ("aws:ecr/repositoryPolicy:RepositoryPolicy", "aws:efs/fileSystemPolicy:FileSystemPolicy"):
        for unknown in (UNKNOWN, "[secret]"):
            made = Made(type=type_, inputs={"policy": unknown})
            assert offline("resource-policy-not-public", [made]) == "deferred"


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("aws:ec2/amiLaunchPermission:AmiLaunchPermission", {"group": "all"}),
        ("aws:rds/snapshot:Snapshot", {"sharedAccounts": ["100000000004", "all"]}),
        ("aws:rds/clusterSnapshot:ClusterSnapshot", {"sharedAccounts": ["all"]}),
        ("aws:ssm/document:Document", {"permissions": {"type": "Share", "account_ids": "All"}}),
        ("aws:ssm/document:Document", {"permissions": {"type": "Share", "account_ids": "100000000004, all"}}),
    ],
)
def test_what_is_shared_with_all_is_found(type_: str, inputs: Mapping[str, object]) -> None:
    assert offline("not-shared-with-everyone", [Made(type=type_, inputs=inputs)]) == "violation"


def test_text_that_is_no_json_is_no_policy_that_passes() -> None:
    for text in ("{", "no policy"):
        assert (
            offline("resource-policy-not-public", [Made(type="aws:glacier/vault:Vault", inputs={"accessPolicy": text})])
            == "broken"
        )
