"""Waivers: what they excuse, until when, and what a file of them must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from policy.evaluate import Kind
from policy.pack import RULE_NAMES
from policy.waivers import LONGEST, Waiver, WaiverFileError, load
from tests.policy.cases.bucket import POLICY
from tests.policy.cases.database import DATABASE
from tests.policy.harness import TODAY, UNKNOWN, Made, altered, diagnostics, engine, findings, offline

OPEN = replace(DATABASE, inputs=altered(DATABASE.inputs, "publiclyAccessible", True))
WAIVER = Waiver("rds-not-public", "*::aws:rds/instance:Instance::it", "reason", "owner", TODAY)
GLOB = "*::aws:rds/instance:Instance::*"
ENTRY = f"- {{rule: rds-not-public, urn: '{GLOB}', reason: why, owner: me, expires: 2027-01-31}}\n"


def test_a_waiver_excuses_its_finding_on_its_last_day() -> None:
    [finding] = [f for f in findings([OPEN], waivers=[WAIVER]) if f.rule.name == "rds-not-public"]
    assert finding.waiver == WAIVER, "an excused finding stays visible"
    assert not finding.blocking
    assert engine("rds-not-public", [OPEN], waivers=[WAIVER]) == "silent"


@pytest.mark.parametrize(
    "waiver",
    [
        replace(WAIVER, expires=TODAY - timedelta(days=1)),
        replace(WAIVER, rule="rds-cmk"),
        replace(WAIVER, urn="*::other"),
        replace(WAIVER, covers="unknown"),
    ],
    ids=["expired", "other rule", "other resource", "covers unknowns only"],
)
def test_a_waiver_excuses_nothing_else(waiver: Waiver) -> None:
    assert any(f.blocking and f.rule.name == "rds-not-public" for f in findings([OPEN], waivers=[waiver]))
    assert engine("rds-not-public", [OPEN], waivers=[waiver]) == "violation"


def test_an_expired_waiver_is_a_violation_even_where_nothing_is_wrong() -> None:
    expired = replace(WAIVER, expires=TODAY - timedelta(days=1))
    assert offline("waiver-not-expired", [DATABASE], waivers=[expired]) == "violation"
    [said] = [d for d in diagnostics([DATABASE], waivers=[expired]) if d.policyName == "waiver-not-expired"]
    assert "the waiver of owner for rds-not-public ended on 2026-11-20" in said.message
    assert offline("waiver-not-expired", [DATABASE], waivers=[WAIVER]) == "silent"


def test_a_waiver_for_violations_does_not_excuse_a_rule_that_could_not_run() -> None:
    pending = [replace(POLICY, inputs={"policy": UNKNOWN})]
    waiver = Waiver("s3-tls-only", "*::aws:s3/bucketPolicy:BucketPolicy::*", "reason", "owner", TODAY)
    assert engine("s3-tls-only", pending, waivers=[waiver]) == "deferred"
    assert engine("s3-tls-only", pending, waivers=[replace(waiver, covers="unknown")]) == "silent"


def test_an_unknown_that_fails_closed_is_a_violation_to_waivers() -> None:
    hidden = [replace(DATABASE, inputs=altered(DATABASE.inputs, "publiclyAccessible", UNKNOWN))]
    [finding] = [f for f in findings(hidden, waivers=[WAIVER]) if f.rule.name == "rds-not-public"]
    assert finding.kind is Kind.UNKNOWN
    assert finding.waiver == WAIVER


def test_a_stack_violation_has_an_urn_to_waive_by() -> None:
    lonely = [Made(type="aws:ec2/vpc:Vpc", name="lonely")]
    waiver = Waiver("vpc-flow-logs-enabled", "*Vpc::lonely", "reason", "owner", TODAY)
    assert engine("vpc-flow-logs-enabled", lonely) == "violation"
    assert engine("vpc-flow-logs-enabled", lonely, waivers=[waiver]) == "silent"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "waivers.yaml"
    path.write_text(text)
    return path


def test_a_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    [waiver] = load(written(tmp_path, ENTRY), RULE_NAMES, TODAY)
    assert waiver == Waiver("rds-not-public", GLOB, "why", "me", date(2027, 1, 31), "violation")


def test_no_file_and_an_empty_file_grant_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "none.yaml", RULE_NAMES, TODAY) == ()
    assert load(written(tmp_path, "# nothing\n"), RULE_NAMES, TODAY) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("rule: x\n", "a list of waivers is needed, got dict"),
        ("- text\n", "[0]: an object is needed, got 'text'"),
        (ENTRY.replace("rds-not-public", "rds-not-publik"), "[0]: rule: there is no rule 'rds-not-publik'"),
        (ENTRY.replace("reason: why, ", ""), "[0]: reason: text is needed, got None"),
        (ENTRY.replace("owner: me", "owner: ' '"), "[0]: owner: text is needed, got ' '"),
        (ENTRY.replace("2027-01-31", "soon"), "[0]: expires: a date such as 2027-03-31 is needed, got 'soon'"),
        (ENTRY.replace("2027-01-31", "2027-11-23"), f"is more than {LONGEST.days} days away"),
        (ENTRY.replace("}", ", until: never}"), "[0]: no such field: until"),
        (ENTRY.replace("}", ", owner: you}"), "key owner twice"),
        (ENTRY.replace(GLOB, "*"), "[0]: urn: '*' is bound to nothing; allowed: a glob with a whole type"),
        ("- {rule: [", "while parsing a flow"),
        (ENTRY.replace("}", ", covers: all}"), "[0]: covers: 'all'; allowed: violation or unknown"),
    ],
)
def test_a_faulty_file_is_refused_with_the_fault(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(WaiverFileError) as raised:
        load(written(tmp_path, text), RULE_NAMES, TODAY)
    assert fault in str(raised.value)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(WaiverFileError) as raised:
        load(written(tmp_path, ENTRY + "- {}\n- text\n"), RULE_NAMES, TODAY)
    assert len(str(raised.value).splitlines()) == 6


def test_the_waivers_of_the_repository_are_well_formed() -> None:
    path = Path(__file__).resolve().parents[2] / "policy" / "waivers.yaml"
    load(path, RULE_NAMES, TODAY)


@pytest.mark.parametrize(
    "urn",
    [
        "*", "**", "?*", "*?", "urn:*", "urn:pulumi:*", "urn:pulumi:prod::*", "*::*", "*$*", "*aws:*", "*aws:s3*",
        "*aws:s3/*", "*aws:s3/bucket:*", "*::aws:s3/bucket:B*::*", "*::aws:s3/bucket:Bucket*", "*logs", "*::*logs",
        "*::logs*", "*::[a-z]*", "*::[!x]", "*:*Bucket::*", "*::?",
    ],
)  # fmt: skip
def test_a_waiver_that_is_bound_to_neither_type_nor_name_is_refused(urn: str, tmp_path: Path) -> None:
    with pytest.raises(WaiverFileError, match="is bound to nothing"):
        load(written(tmp_path, ENTRY.replace(GLOB, urn)), RULE_NAMES, TODAY)
    with pytest.raises(ValueError, match="names neither a type nor a name"):
        replace(WAIVER, urn=urn)


@pytest.mark.parametrize(
    "urn",
    [
        "*::logs", "*Vpc::lonely", "urn:pulumi:prod::platform::aws:s3/bucket:Bucket::logs", "*aws:s3/bucket:Bucket::*",
        "*$platform:data:AccessLogs$aws:s3/bucketServerSideEncryptionConfiguration:*", "*::Vpc::it",
        "*kubernetes:core/v1:Secret::*", "*kubernetes:rbac.authorization.k8s.io/v1:Role::*",
    ],
)  # fmt: skip
def test_a_waiver_that_is_bound_is_taken(urn: str, tmp_path: Path) -> None:
    assert load(written(tmp_path, ENTRY.replace(GLOB, urn)), RULE_NAMES, TODAY)[0].urn == urn


def reported_unused(stack: list[Made], *waivers: Waiver) -> list[str]:
    by_review = [f.problem for f in findings(stack, waivers=waivers) if f.rule.name == "waiver-used"]
    said = [d for d in diagnostics(stack, waivers=waivers) if d.policyName == "waiver-used"]
    assert len(said) == len(by_review), "the engine hears what the review prints"
    return by_review


def test_a_waiver_that_matches_nothing_is_reported_and_blocks_nothing() -> None:
    other = replace(WAIVER, urn="*::other")
    assert reported_unused([OPEN], WAIVER) == []
    assert reported_unused([OPEN], WAIVER, other) == [
        "the waiver of owner for rds-not-public on *::other matches nothing"
    ]
    assert reported_unused([DATABASE], WAIVER), "what it excused is mended"
    found = [f for f in findings([DATABASE], waivers=[WAIVER]) if f.rule.name == "waiver-used"]
    assert [f.blocking for f in found] == [False]


def test_a_waiver_of_another_stack_is_not_reported() -> None:
    mine, others = ("urn:pulumi:test::*::it", "urn:pulumi:prod::*::it")
    assert reported_unused([DATABASE], replace(WAIVER, urn=others)) == []
    component = replace(WAIVER, urn="*$platform:data:Postgres$aws:rds/instance:Instance::*")
    assert reported_unused([DATABASE], component) == [], "the stack has no such component"
    assert len(reported_unused([DATABASE, Made(type="platform:data:Postgres")], component)) == 1
    assert len(reported_unused([DATABASE], replace(WAIVER, urn=mine))) == 1
    typed = replace(WAIVER, urn="*$aws:rds/clusterInstance:ClusterInstance::it")
    assert reported_unused([DATABASE], typed) == [], "the stack has nothing of that type"


def test_no_waiver_excuses_a_rule_that_itself_failed() -> None:
    broken = [Made(type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", inputs={"cidrIpv4": "no block"})]
    waiver = Waiver("sg-no-public-admin-ports", "*::it", "reason", "owner", TODAY)
    assert engine("sg-no-public-admin-ports", broken, waivers=[waiver]) == "broken"
    assert offline("sg-no-public-admin-ports", broken, waivers=[waiver]) == "broken"
