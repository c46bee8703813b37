"""Hostile cases, kind by kind: each is stopped, and a stack like it without the harm is not stopped for it.

The kinds are those by which the pack was once passed in silence: conditions that only look narrow, issuers with many
tenants, policies of resources, patterns of IAM, denials read backwards, ways abroad, inputs that say the same, stores,
doors, effects of several resources together, Kubernetes, the gate's own configuration, needless complaints, spellings,
and claims of ids. Beside them stand kinds of harm that no rule asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from policy import gate
from policy.configuration import ConfigError
from policy.pack import RULE_NAMES, RULES
from policy.waivers import WaiverFileError, load
from tests.policy.harness import TODAY, Made, engine, findings, offline
from tests.policy.hostile import data, principals, program, reach, rights
from tests.policy.hostile.fine import CLAIMS, FINE
from tests.policy.hostile.form import PROVIDER, Attack, rows, stopping
from tests.policy.hostile.frame import CONFIGS, RUNS, WAIVERS
from tests.policy.runs import whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KINDS: Mapping[str, Sequence[Attack]] = {
    **{
        name: value
        for module in (principals, rights, data, reach, program)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, tuple) and isinstance(value[0], Attack)
    },
    **rows(),
}
OF_FINDINGS = {
    "C1_CONDITIONS": 3, "C2_ISSUERS": 2, "C3_POLICIES": 11, "C4_MATCHING": 4, "C4_ESCALATION": 1, "C5_DENY": 2,
    "C6_RESIDENCY": 4, "C7_SIBLINGS": 1, "C8_UNENCRYPTED": 7, "C9_DOORS": 7, "C10_NETWORK": 4, "C11_KUBERNETES": 6,
    "C14_SPELLING": 4,
}  # fmt: skip
"""Kind -> how many of its cases are those that were found first; every other one is a further way."""
TEN = 10


def test_every_kind_has_ten_ways_besides_those_found_first() -> None:
    own = {kind: len(cases) - OF_FINDINGS.get(kind, 0) for kind, cases in KINDS.items()}
    own |= {"C12_FRAME": len(CONFIGS) + len(WAIVERS) + len(RUNS) - 4, "C13_FINE": len(FINE) - 3}
    own |= {"C15_CLAIMS": len(CLAIMS) - 3}
    assert {kind: number for kind, number in own.items() if number < TEN} == {}
    assert set(OF_FINDINGS) <= set(KINDS)
    assert sum(own.values()) > 650


def test_no_case_stands_twice() -> None:
    whats = [(kind, case.what, str(case.bad)) for kind, cases in KINDS.items() for case in cases]
    assert len(set(whats)) == len(whats)


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_is_stopped_for_its_harm_and_its_twin_is_not(kind: str) -> None:
    assert [case.what for case in KINDS[kind] if not case.caught] == []


def test_most_cases_have_a_twin() -> None:
    cases = [case for alike in KINDS.values() for case in alike]
    assert sum(bool(case.twin) for case in cases) > 0.95 * len(cases)


def test_a_rule_that_stops_everything_would_catch_nothing() -> None:
    for case in KINDS["C3_POLICIES"][:5]:
        assert case.caught.isdisjoint(stopping(case.twin))
    same = KINDS["C3_POLICIES"][0]
    assert Attack("its own twin", same.bad, same.bad).caught == set()


def test_what_stops_is_what_the_evaluator_and_the_engine_say() -> None:
    for kind, cases in KINDS.items():
        case = cases[0]
        said = findings([PROVIDER, *case.bad], profile=case.profile)
        assert stopping(case.bad, case.profile) == {each.rule.name for each in said if each.blocking}, kind
        [rule, *_] = sorted(case.caught)
        assert engine(rule, [PROVIDER, *case.bad]) in ("violation", "unknown"), kind


@pytest.mark.parametrize("at", range(len(CONFIGS)))
def test_no_config_switches_the_gate_off(at: int) -> None:
    with pytest.raises(ConfigError):
        findings([PROVIDER], rules=CONFIGS[at])


@pytest.mark.parametrize("text", WAIVERS)
def test_no_waiver_is_taken_that_excuses_what_nobody_looked_at(text: str, tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WaiverFileError):
        load(file, RULE_NAMES, TODAY)


@pytest.mark.parametrize("what", RUNS)
def test_no_run_passes_in_which_a_rule_did_not_judge(what: str) -> None:
    assert gate.judge(whole(), (), TODAY).passed
    assert not gate.judge(RUNS[what](whole()), (), TODAY).passed


def test_what_is_fine_is_met_with_silence() -> None:
    said = {what: offline(rule, [PROVIDER, *stack]) for what, rule, stack in FINE}
    assert {what: outcome for what, outcome in said.items() if outcome != "silent"} == {}


def test_an_id_is_claimed_by_a_rule_that_asks_what_it_asks() -> None:
    missed = []
    for control, bad in CLAIMS:
        claiming = {rule.name for rule in RULES if control in rule.controls}
        spoken = {finding.rule.name for finding in findings([PROVIDER, *bad])}
        if not claiming & spoken:
            missed.append((control, [each.type for each in bad if isinstance(each, Made)]))
    assert missed == []
