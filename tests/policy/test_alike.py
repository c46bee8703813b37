"""What can be said in several ways is judged in each, and what a rule is not about is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policy.pack import RULES
from policy.resources import Origin, Resource
from policy.table import be_own_key
from policy.values import same
from tests.policy.cases.overall import VPC
from tests.policy.harness import UNKNOWN, Made, offline

OWN_KEYS = [rule for rule in RULES if rule.title.endswith("by a key of ours") and rule.judge]
INSTANCE = "aws:ec2/instance:Instance"


@pytest.mark.parametrize("found", ["alias/aws/s3", "arn:aws:kms:us-east-1:1:alias/aws/rds", "", []])
def test_a_key_of_aws_is_none_of_ours(found: object) -> None:
    assert not be_own_key().test(found)


@pytest.mark.parametrize("found", ["alias/phoenix", "arn:aws:kms:us-east-1:1:key/1", "alias/awsome"])
def test_a_key_of_the_account_is_ours(found: object) -> None:
    assert be_own_key().test(found)


def test_every_rule_that_asks_for_a_key_of_ours_refuses_those_of_aws() -> None:
    assert len(OWN_KEYS) >= 10
    for name, key in (("secrets-cmk", "kmsKeyId"), ("logs-kms", "kmsKeyId"), ("backup-vault-kms", "kmsKeyArn")):
        (rule,) = (each for each in OWN_KEYS if each.name == name)
        assert offline(name, [Made(type=rule.on[0], inputs={key: "alias/aws/x"})]) == "violation"
        assert offline(name, [Made(type=rule.on[0], inputs={key: "alias/phoenix"})]) == "silent"


@pytest.mark.parametrize("text", ["true", "True", "TRUE"])
def test_a_boolean_may_be_text_in_any_case(text: str) -> None:
    assert same(text, wanted=True)
    assert not same(text, wanted=False)
    assert (
        offline("subnet-no-auto-public-ip", [Made(type="aws:ec2/subnet:Subnet", inputs={"mapPublicIpOnLaunch": text})])
        == "violation"
    )


@pytest.mark.parametrize(
    ("blocks", "outcome"),
    [
        ([{"encrypted": False}], "violation"),
        ([{"encrypted": True}, {"deviceName": "/dev/xvdc"}], "violation"),
        ([{"encrypted": True}, {"encrypted": "True"}], "silent"),
        ([{"encrypted": UNKNOWN}], "unknown"),
        (UNKNOWN, "unknown"),
        ([], "silent"),
    ],
    ids=str,
)
def test_every_volume_of_an_instance_is_judged(blocks: object, outcome: str) -> None:
    inputs = {"rootBlockDevice": {"encrypted": True}, "ebsBlockDevices": blocks}
    assert offline("ec2-volumes-encrypted", [Made(type=INSTANCE, inputs=inputs)]) == outcome


@pytest.mark.parametrize(
    ("kind", "family", "parameters", "outcome"),
    [
        ("parameterGroup:ParameterGroup", "postgres17", [], "violation"),
        ("parameterGroup:ParameterGroup", "sqlserver-se-16.0", [], "violation"),
        ("parameterGroup:ParameterGroup", "oracle-ee-19", [], "silent"),
        ("parameterGroup:ParameterGroup", "db2-se-11.5", [], "violation"),
        ("parameterGroup:ParameterGroup", "db2-se-11.5", [{"name": "DB2COMM", "value": "TCPIP,SSL"}], "violation"),
        ("parameterGroup:ParameterGroup", "db2-se-11.5", [{"name": "DB2COMM", "value": "SSL"}], "silent"),
        ("parameterGroup:ParameterGroup", "aurora-postgresql16", [], "silent"),
        ("clusterParameterGroup:ClusterParameterGroup", "aurora-postgresql16", [], "violation"),
        ("clusterParameterGroup:ClusterParameterGroup", "aurora-mysql8.0", [], "violation"),
        ("parameterGroup:ParameterGroup", "mysql8.4", [{"name": "require_secure_transport", "value": "ON"}], "silent"),
        ("parameterGroup:ParameterGroup", "mysql8.4", [{"name": "rds.force_ssl", "value": "1"}], "violation"),
    ],
    ids=range(11),
)
def test_tls_is_asked_of_engines_that_have_the_parameter(
    kind: str, family: str, parameters: list[Any], outcome: str
) -> None:
    group = Made(type=f"aws:rds/{kind}", inputs={"family": family, "parameters": parameters})
    assert offline("rds-force-ssl", [group]) == outcome


@pytest.mark.parametrize(
    ("inputs", "outcome"),
    [
        ({"protocol": "HTTP"}, "violation"),
        ({"protocol": "TCP"}, "violation"),
        ({"protocol": "TCP", "targetType": "alb"}, "silent"),
        ({"protocol": "GENEVE"}, "silent"),
        ({"targetType": "lambda"}, "silent"),
        ({"protocol": "HTTPS"}, "silent"),
    ],
    ids=str,
)
def test_tls_is_asked_of_target_groups_that_choose(inputs: dict[str, Any], outcome: str) -> None:
    assert offline("tg-encrypted", [Made(type="aws:lb/targetGroup:TargetGroup", inputs=inputs)]) == outcome


@pytest.mark.parametrize("ignored", [{"keys": ["Owner"]}, {"keyPrefixes": ["Own"]}, '{"keys": ["Owner"]}'])
def test_a_tag_that_the_provider_ignores_is_none(ignored: object) -> None:
    provider = Made(type="pulumi:providers:aws", name="main", inputs={"region": "us-east-1", "ignoreTags": ignored})
    assert offline("tags-required", [provider, replace(VPC, provider=provider.urn)]) == "violation"
    other = replace(provider, inputs={"region": "us-east-1", "ignoreTags": {"keys": ["kubernetes"]}})
    assert offline("tags-required", [other, replace(VPC, provider=other.urn)]) == "silent"


def resource(name: str, type_: str = "aws:s3/bucket:Bucket", **inputs: object) -> Resource:
    return Resource(Origin(type=type_, urn=f"urn:pulumi:t::p::{type_}::{name}", name=name), inputs)


def test_a_partner_that_depends_on_two_owners_serves_the_one_that_its_value_names() -> None:
    one, two = resource("one", id="one-id"), resource("two", id="two-id")
    key = resource("key", "aws:kms/key:Key", id="key-id")
    for behind, value, served in (
        ([one, two], UNKNOWN, []),
        ([one, two], "two-id", [two]),
        ([one, key], UNKNOWN, [one, key]),
        ([one], UNKNOWN, [one]),
    ):
        links = {"bucket": tuple(each.urn for each in behind)}
        origin = Origin(type="aws:s3/bucketVersioning:BucketVersioning", urn="u", name="p", property_dependencies=links)
        partner = Resource(origin, {"bucket": value})
        assert [each for each in (one, two, key) if partner.refers_to(each, "bucket")] == served
