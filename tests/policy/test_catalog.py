"""The catalog is printed from the registry, and the profiles' files agree with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy import catalog
from policy.controls import held, main, open_
from policy.evaluate import Profile
from tests.policy.cases.overall import BUCKET
from tests.policy.harness import findings

PROFILES = Path(catalog.__file__).resolve().parent / "profiles"


def test_the_table_has_a_row_for_each_rule() -> None:
    lines = catalog.markdown().splitlines()
    assert len(lines) == len(catalog.rules()) + 2
    assert {line.replace("\\|", "").count("|") for line in lines} == {7}, "a stray bar would break the table"


def test_the_json_holds_every_fact() -> None:
    facts = {fact["name"]: fact for fact in json.loads(catalog.as_json())}
    retention = facts["rds-backup-retention"]
    assert retention["settings"]["minimumDays"]["default"] == 7
    assert facts["rds-storage-encrypted"]["frameworks"]["ISO 27001:2022"] == ["A.8.11", "A.8.24"]
    assert facts["stateful-protected"]["enforcement"] == {
        "dev": "advisory",
        "prod": "mandatory",
        "regulated": "mandatory",
        "fips": "mandatory",
    }


@pytest.mark.parametrize("profile", Profile, ids=lambda profile: profile.value)
def test_the_files_of_the_profiles_are_what_the_registry_says(profile: Profile) -> None:
    path = PROFILES / f"{profile.value}.json"
    written = path.read_text() if path.exists() else "{}\n"
    assert written == catalog.pack_config(profile), f"run python -m policy.catalog --profile {profile.value}"


def test_a_profile_and_its_file_judge_alike() -> None:
    unprotected = [type(BUCKET)(type=BUCKET.type)]
    config = json.loads((PROFILES / "dev.json").read_text())
    by_profile = [(f.rule.name, f.level) for f in findings(unprotected, profile=Profile.DEV)]
    by_file = [(f.rule.name, f.level) for f in findings(unprotected, rules=config)]
    assert sorted(by_profile) == sorted(by_file)
    assert ("stateful-protected", "advisory") in by_profile


def test_the_command_prints_each_form(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["--json"], ["--profile", "dev"]):
        catalog.main(arguments)
        assert "stateful-protected" in capsys.readouterr().out


def test_every_control_of_the_catalogue_is_held_by_rules_or_has_a_reason() -> None:
    names = {rule.name for rule in catalog.rules()}
    assert {rule for rules in held().values() for rule in rules} <= names
    assert len(held()) + len(open_()) >= 200
    assert {name: why for name, why in open_().items() if name in names or len(why) < 10} == {}


def test_the_controls_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert f"{len(held())} of {len(held()) + len(open_())} controls are held" in capsys.readouterr().out
