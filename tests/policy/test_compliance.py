"""The compliance matrix claims what its sources and the pack say, and no more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import pytest

from policy import compliance
from policy.compliance.__main__ import main
from policy.compliance.frameworks import CIS, FSBP, frameworks, ids_of
from policy.compliance.matrix import Coverage, Judged, document, judged, rows
from policy.compliance.page import lines, page
from policy.judging import Kind
from policy.pack import RULE_NAMES
from policy.rule import Profile
from policy.waivers import Waiver
from tests.policy.cases.database import DATABASE
from tests.policy.harness import Made, findings

DATA = Path(compliance.__file__).resolve().parent
PAGE = Path(__file__).parents[2] / "docs" / "compliance.md"
PUBLISHED, OWN = (json.loads((DATA / name).read_text(encoding="utf-8")) for name in ("published.json", "own.json"))


def said(stack: list[Made], waivers: tuple[Waiver, ...] = ()) -> dict[tuple[str, str], Judged]:
    found = findings(stack, waivers=waivers)
    all_ = judged([one.type for one in stack], found)
    return {(one.row.framework.name, one.row.requirement.id): one for one in all_}


def test_the_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Profile.PROD), "python -m policy.compliance > docs/compliance.md"


def test_there_are_eight_frameworks_each_with_source_and_date() -> None:
    assert len({each.name for each in frameworks()}) == 8
    assert all(len(each.source) > 20 and date.fromisoformat(each.date) for each in frameworks())
    assert {each.name: len(each.requirements) for each in frameworks()} | {
        "ISO 27001:2022": 93,
        "NIST CSF 2.0": 106,
    } == {each.name: len(each.requirements) for each in frameworks()}


def test_the_law_is_read_by_us_and_is_no_advice() -> None:
    [law] = [each for each in frameworks() if each.name == "UAE PDPL"]
    assert "our reading, not legal advice" in law.source
    assert "Our reading, not legal advice." in PAGE.read_text(encoding="utf-8")


def test_every_check_is_named_for_requirements_that_exist() -> None:
    known = {each.name: {one.id for one in each.requirements} for each in frameworks()}
    strange = [
        (check, name, one)
        for check, ids in PUBLISHED["checks"].items()
        for name, some in ids.items()
        for one in some
        if one not in known[name]
    ]
    assert strange == []
    assert not {one for ids in PUBLISHED["checks"].values() for one in ids.get(FSBP, ())} & {
        "S3.7",
        "DynamoDB.7",
        "IAM.26",
    }


def test_our_own_readings_name_rules_and_checks_that_exist() -> None:
    globs = [
        glob for each in OWN["frameworks"].values() for row in each["requirements"].values() for glob in row["rules"]
    ]
    assert [glob for glob in globs if not any(fnmatchcase(name, glob) for name in RULE_NAMES)] == []
    assert {rule for rules in OWN["same"].values() for rule in rules} <= RULE_NAMES
    assert set(OWN["same"]) <= set(PUBLISHED["checks"])
    assert not [check for check in OWN["same"] if FSBP in PUBLISHED["checks"][check]], "these are held by their control"


@pytest.mark.parametrize("profile", Profile)
def test_coverage_is_claimed_only_where_a_rule_stands_behind_it(profile: Profile) -> None:
    all_ = list(rows(profile))
    for row in all_:
        levels = {rule.level.enforcement(profile) for rule in row.requirement.rules}
        if row.coverage is Coverage.ENFORCED:
            assert row.framework.name in (CIS, FSBP), "the others ask for more than any check of resources"
            assert "mandatory" in levels
        elif row.coverage is Coverage.PARTLY:
            assert levels & {"mandatory", "advisory"}
        else:
            assert levels <= {"disabled"}
        if row.coverage is Coverage.PROCESS:
            assert row.requirement.by_hand or not row.requirement.checks
        if row.coverage is Coverage.NOT_COVERED and row.framework.name not in (CIS, FSBP):
            assert row.requirement.checks or row.requirement.rules
    assert {row.coverage for row in all_} == set(Coverage)


def test_a_stricter_profile_covers_no_less() -> None:
    weight = {Coverage.NOT_COVERED: 0, Coverage.PROCESS: 0, Coverage.PARTLY: 1, Coverage.ENFORCED: 2}
    by_profile = [[weight[row.coverage] for row in rows(profile)] for profile in Profile]
    for lax, strict in pairwise(by_profile):
        assert all(less <= more for less, more in zip(lax, strict, strict=True))
    assert by_profile[0] != by_profile[-1]


def test_a_stack_says_what_holds_what_is_broken_and_what_is_not_there() -> None:
    good, bad = said([DATABASE]), said([replace(DATABASE, inputs={**DATABASE.inputs, "publiclyAccessible": True})])
    for key in (
        (FSBP, "RDS.2"),
        (CIS, "2.2.3"),
        ("SOC 2", "CC6.2"),
        ("NIST 800-53 r5", "AC-3"),
        ("UAE PDPL", "Art. 20"),
    ):
        assert (good[key].resources, bad[key].verdict.startswith("broken by ")) == (1, True)
    assert (good[FSBP, "RDS.2"].verdict, bad[FSBP, "RDS.3"].verdict) == ("holds", "holds")
    assert (good[FSBP, "S3.8"].verdict, good[FSBP, "S3.8"].resources) == ("nothing to judge", 0)
    assert good["UAE PDPL", "Art. 21"].verdict == "no rule"
    assert good["UAE PDPL", "Art. 21"].row.coverage is Coverage.PROCESS


def test_what_is_waived_or_left_to_the_update_does_not_hold() -> None:
    bad = replace(DATABASE, inputs={**DATABASE.inputs, "publiclyAccessible": True})
    waiver = Waiver("rds-not-public", "*::it", "a test", "ada", date(2027, 3, 31))
    assert said([bad], (waiver,))[FSBP, "RDS.2"].verdict == "waived for 1"
    [one] = [one for one in findings([bad]) if one.rule.name == "rds-not-public"]
    [row] = [
        each
        for each in judged([bad.type], [replace(one, kind=Kind.DEFERRED)])
        if (each.row.framework.name, each.row.requirement.id) == (FSBP, "RDS.2")
    ]
    assert row.verdict == "left to the update for 1"


def test_a_row_as_json_leads_from_requirement_to_rules_with_its_source() -> None:
    [row] = [one for one in document(judged((), ())) if (one["framework"], one["requirement"]) == ("SOC 2", "PI1.5")]
    assert "RDS.3" in row["controls"]
    assert "rds-storage-encrypted" in row["rules"]
    assert len(row["checks"]["held"]) < row["checks"]["of"]
    assert "Prowler" in row["source"]
    assert ids_of("rds-storage-encrypted")["ISO 27001:2022"] == ["A.8.11", "A.8.24"]


def test_lines_of_a_stack_count_what_no_rule_holds() -> None:
    printed = list(lines(said([DATABASE]).values()))
    assert any(line.startswith("CIS AWS 5.0 2.2.1: holds, 1 resources; enforced: ") for line in printed)
    assert "UAE PDPL: 4 requirements without a rule: process" in printed


def test_the_command_prints_page_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    assert capsys.readouterr().out.startswith("# Compliance\n")
    main(["--json", "--profile", "fips"])
    rows_ = json.loads(capsys.readouterr().out)
    assert {one["coverage"] for one in rows_} == {each.value for each in Coverage}
