"""Readers over several resources: what a selection of AWS Backup reaches, and who wears a security group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.evaluate import Profile
from policy.reading.selections import reaches
from policy.resources import adapt
from policy.rule import Level
from policy.values import UnknownValueError
from tests.policy.cases.backup import DATABASE, SELECTION
from tests.policy.cases.groups import CLIENTS, GROUP
from tests.policy.cases.on_demand import KEY
from tests.policy.harness import SWITCHED_ON, UNKNOWN, Made, findings

ARNS = {
    "aws:rds/instance:Instance": "arn:aws:rds:eu-west-1:123456789012:db:one",
    "aws:rds/cluster:Cluster": "arn:aws:rds:eu-west-1:123456789012:cluster:one",
    "aws:dynamodb/table:Table": "arn:aws:dynamodb:eu-west-1:123456789012:table/one",
    "aws:efs/fileSystem:FileSystem": "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/one",
    "aws:ebs/volume:Volume": "arn:aws:ec2:eu-west-1:123456789012:volume/one",
}
EACH = pytest.mark.parametrize("type_", ARNS)


def reached(resource: Made, **inputs: object) -> bool | None:
    """Whether a selection reaches a resource; None where nobody knows."""
    one, other = adapt([replace(SELECTION, inputs=inputs), resource]).resources
    try:
        return reaches(one, other, dict, frozenset())
    except UnknownValueError:
        return None


@EACH
def test_every_beginning_of_an_arn_reaches_it(type_: str) -> None:
    known, unknown = Made(type=type_, outputs={"arn": ARNS[type_]}), Made(type=type_)
    for length in range(len(ARNS[type_]) + 1):
        pattern = f"{ARNS[type_][:length]}*"
        assert reached(known, resources=[pattern]), pattern
        assert reached(known, resources=["*"], notResources=[pattern]) is False, pattern
        assert reached(unknown, resources=[pattern]) is not False, "an ARN that is not known may be that one"
        assert reached(unknown, resources=["*"], notResources=[pattern]) is not True, pattern


@EACH
def test_the_arns_of_another_kind_do_not_reach_it(type_: str) -> None:
    known, unknown = Made(type=type_, outputs={"arn": ARNS[type_]}), Made(type=type_)
    for other, arn in ARNS.items():
        for pattern in (arn, arn.removesuffix("one") + "*", arn.replace("eu-west-1:123456789012", "*:*")):
            for resource in (known, unknown):
                assert other == type_ or reached(resource, resources=[pattern]) is False, pattern
    assert reached(unknown, resources=[ARNS[type_]]) is None
    assert reached(unknown) is False
    assert reached(unknown, resources=[UNKNOWN]) is None


def test_what_is_not_known_of_a_selection_comes_from_what_it_depends_on() -> None:
    one, other = DATABASE, replace(DATABASE, name="other", id="")
    links = {"resources": [one.urn]}
    selection = replace(SELECTION, inputs={"resources": [UNKNOWN]}, property_dependencies=links)
    reader, first, second = adapt([selection, one, other]).resources
    made = frozenset({one.urn, other.urn})
    assert reaches(reader, first, dict, made)
    assert not reaches(reader, second, dict, made)
    with pytest.raises(UnknownValueError):
        reaches(reader, second, dict, frozenset())


@pytest.mark.parametrize(
    "inputs",
    [
        {"vpcSecurityGroupIds": ["sg-data"]},
        {"vpcConfig": {"securityGroupIds": ["sg-data", "sg-other"]}},
        {"settings": [{"name": "SecurityGroups", "value": "sg-data"}]},
        {"networkInterfaces": [{"securityGroups": ["sg-data"]}]},
    ],
)
def test_a_group_is_worn_by_whatever_names_it_in_any_input(inputs: dict[str, object]) -> None:
    by_id = Made(type="aws:any/thing:Thing", name="wearer", inputs=inputs)
    (key,) = inputs
    linked = replace(by_id, inputs={key: UNKNOWN}, property_dependencies={key: [GROUP.urn]})
    rule = Made(type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", inputs={"securityGroupId": "sg-data"})
    for wearer in (by_id, linked):
        worn = adapt([GROUP, CLIENTS, wearer, rule]).wearers
        assert [each.name for each in (one.origin for one in worn[GROUP.urn])] == ["wearer"]
        assert worn[CLIENTS.urn] == []


@pytest.mark.parametrize("profile", Profile)
def test_a_rule_that_is_off_speaks_once_a_config_gives_it_a_level(profile: Profile) -> None:
    bad = [replace(KEY, inputs={"multiRegion": False})]
    name = "kms-multi-region-for-dr"
    assert Level.OFF.enforcement(profile) == "disabled"
    assert name in SWITCHED_ON
    assert [f.level for f in findings(bad, profile=profile) if f.rule.name == name] == []
    for level in ("advisory", "mandatory"):
        found = findings(bad, profile=profile, rules={name: level})
        assert [f.level for f in found if f.rule.name == name] == [level]
