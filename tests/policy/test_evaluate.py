"""The offline evaluator: order, levels and configuration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.evaluate import Kind, Profile
from tests.policy.cases.bucket import POLICY
from tests.policy.cases.database import DATABASE
from tests.policy.cases.overall import PROVIDER
from tests.policy.harness import UNKNOWN, Made, altered, findings

OPEN = replace(DATABASE, inputs=altered(altered(DATABASE.inputs, "publiclyAccessible", True), "kmsKeyId", None))


def test_findings_that_stop_come_first_and_worst_first() -> None:
    found = findings([OPEN])
    assert [f.blocking for f in found] == sorted((f.blocking for f in found), reverse=True)
    assert found[0].rule.name == "rds-not-public"
    assert not found[-1].blocking


def test_a_message_names_rule_resource_fault_and_remediation() -> None:
    assert findings([OPEN])[0].message == (
        "rds-not-public: it: publiclyAccessible is true; allowed: anything but true. "
        "Remediation: leave publicly_accessible out or set it to False, and reach the database from inside the VPC."
    )


def test_a_deferred_finding_does_not_stop() -> None:
    [found] = [f for f in findings([replace(POLICY, inputs={"policy": UNKNOWN})]) if f.rule.name == "s3-tls-only"]
    assert (found.kind, found.level, found.blocking) == (Kind.DEFERRED, "mandatory", False)


def test_a_production_rule_is_advice_for_a_development_stack() -> None:
    bucket = [Made(type="aws:s3/bucket:Bucket")]
    levels = {
        profile: {f.level for f in findings(bucket, profile=profile) if f.rule.name == "stateful-protected"}
        for profile in Profile
    }
    assert levels.pop(Profile.DEV) == {"advisory"}
    assert set(map(frozenset, levels.values())) == {frozenset({"mandatory"})}, "prod and all that is stricter"


@pytest.mark.parametrize(
    ("rules", "level"),
    [
        ({"rds-not-public": "advisory"}, "advisory"),
        ({"rds-not-public": {"enforcementLevel": "advisory"}}, "advisory"),
        ({"all": "advisory"}, "mandatory"),
        ({"all": "advisory", "rds-not-public": "advisory"}, "mandatory"),
        ({"all": "advisory", "rds-not-public": "mandatory"}, "mandatory"),
    ],
)
def test_a_config_sets_levels_as_the_engine_does(rules: dict[str, str], level: str) -> None:
    assert {f.level for f in findings([OPEN], rules=rules) if f.rule.name == "rds-not-public"} == {level}


def test_a_disabled_rule_is_silent() -> None:
    assert "rds-not-public" not in {f.rule.name for f in findings([OPEN], rules={"rds-not-public": "disabled"})}


def test_a_config_that_names_no_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="names no rule of the pack: rds-not-publik"):
        findings([OPEN], rules={"rds-not-publik": "disabled"})


def test_a_config_that_names_no_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="no such setting: minimumDay"):
        findings([OPEN], rules={"rds-backup-retention": {"minimumDay": 30}})


def test_a_setting_of_the_config_counts() -> None:
    rules = {"rds-backup-retention": {"minimumDays": 35}}
    assert "rds-backup-retention" in {f.rule.name for f in findings([DATABASE], rules=rules)}
    assert "rds-backup-retention" not in {f.rule.name for f in findings([DATABASE])}


@pytest.mark.parametrize("region", ["eu-central-1", "ap-southeast-2", "me-central-1"])
def test_any_commercial_region_is_allowed_until_the_config_names_fewer(region: str) -> None:
    there = [replace(PROVIDER, inputs={"region": region})]
    fewer = {"region-allow-list": {"regions": ["us-east-1", "us-west-2"]}}
    assert "region-allow-list" not in {f.rule.name for f in findings(there)}
    reported = [f.message for f in findings(there, rules=fewer) if f.rule.name == "region-allow-list"]
    assert len(reported) == 1
    assert "allowed: us-east-1, us-west-2" in reported[0]
