"""The pack config: what it may say, and that nothing it says switches the gate off."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import grpc
import pulumi_policy as sdk
import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policy import crossguard
from policy.catalog import pack_config, rules
from policy.configuration import ConfigError, load, misfits, resolve
from policy.pack import PACK, RULES
from policy.rule import Profile, Severity
from policy.servicer import shared
from tests.policy.cases.database import DATABASE
from tests.policy.harness import TODAY, Made, altered, findings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ALL_RULES = rules()
CRITICAL = {rule.name for rule in ALL_RULES if rule.severity is Severity.CRITICAL}
OPEN = Made(type=DATABASE.type, inputs=altered(DATABASE.inputs, "publiclyAccessible", True))
LISTS = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
LEVELS = ("advisory", "mandatory", "disabled", "remediate")


@pytest.mark.parametrize(
    ("config", "fault"),
    [
        ({"all": "Mandatory"}, "all: there is no level 'Mandatory'; allowed: disabled, advisory, mandatory, remediate"),
        ({"rds-multi-az": "ADVISORY"}, "rds-multi-az: there is no level 'ADVISORY'"),
        ({"rds-multi-az": ""}, "rds-multi-az: there is no level ''"),
        ({"rds-multi-az": {"enforcementLevel": 2}}, "rds-multi-az: there is no level 2"),
        ({"rds-multi-az": None}, "rds-multi-az: a level or an object is needed, got None"),
        ({"rds-multi-az": False}, "rds-multi-az: a level or an object is needed, got False"),
        ({"rds-multi-as": "advisory"}, "names no rule of the pack: rds-multi-as; did you mean rds-multi-az?"),
        ({"version": 2, "policies": {}}, "names no rule of the pack: policies, version"),
        ({"all": "disabled"}, "all: not every rule can be disabled"),
        ({"all": {"enforcementLevel": "disabled"}}, "all: not every rule can be disabled"),
        ({"all": {"enforcementLevel": "advisory", "minimumDays": 3}}, "all: takes a level only, got minimumDays"),
        ({"logs-retention": {"minimumDay": 3}}, "logs-retention: no such setting: minimumDay"),
        ({"logs-retention": {"minimumDays": "90"}}, "logs-retention: minimumDays: integer is needed, got '90'"),
        ({"logs-retention": {"minimumDays": 1.5}}, "minimumDays: integer is needed, got 1.5"),
        ({"logs-retention": {"minimumDays": True}}, "minimumDays: integer is needed, got True"),
        ({"logs-retention": {"minimumDays": 0}}, "minimumDays: 0 is out of range; allowed: at least 1"),
        ({"rds-backup-retention": {"minimumDays": 36}}, "36 is out of range; allowed: at least 1 and at most 35"),
        ({"region-allow-list": {"regions": "us-east-1"}}, "regions: array is needed, got 'us-east-1'"),
        ({"region-allow-list": {"regions": ["us-east-1", 2]}}, "regions[1]: string is needed, got 2"),
        ({"tags-required": {"required": {"Owner": 7}}}, "required[Owner]: string is needed, got 7"),
        ({"tags-required": {"required": {"Owner": "("}}}, "required[Owner]: '(' is no regular expression"),
        ({rule.name: "advisory" for rule in ALL_RULES}, "leaves no rule that stops a deployment"),
        ({rule.name: "disabled" for rule in ALL_RULES}, "leaves no rule that stops a deployment"),
    ],
)  # fmt: skip
def test_a_faulty_config_is_refused_with_the_fault(config: dict[str, Any], fault: str) -> None:
    with pytest.raises(ConfigError) as raised:
        findings([DATABASE], rules=config)
    assert fault in str(raised.value)


def test_all_faults_are_reported_at_once() -> None:
    config = {"all": "off", "rds-multi-as": "advisory", "logs-retention": {"minimumDays": 0, "days": 1}}
    with pytest.raises(ConfigError) as raised:
        resolve(ALL_RULES, config, Profile.PROD)
    assert len(str(raised.value).splitlines()) == 4


def test_a_config_counts_for_one_judgement_alone() -> None:
    configs: tuple[dict[str, Any], ...] = ({}, {"logs-retention": {"minimumDays": 7}}, {})
    judged = (resolve(RULES, config, Profile.PROD)["logs-retention"].settings for config in configs)
    before, given, after = (settings.number("minimumDays") for settings in judged)
    assert before == after != given == 7


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"all": "mandatory", "all": "advisory"}', "all stands there twice"),
        ('{"logs-retention": {"minimumDays": 1, "minimumDays": 90}}', "minimumDays stands there twice"),
        ("[]", "an object of rules is needed, got list"),
        ("{", "no JSON"),
    ],
)
def test_a_faulty_file_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=fault):
        load(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "none.json")


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("entry", ["advisory", {"enforcementLevel": "advisory"}])
def test_all_lowers_no_critical_rule(entry: object, profile: Profile) -> None:
    found = resolve(ALL_RULES, {"all": entry}, profile)
    default = {rule.name: rule.level.enforcement(profile) for rule in ALL_RULES}
    assert {name: found[name].level for name in CRITICAL} == {name: default[name] for name in CRITICAL}
    assert {own.level for name, own in found.items() if name not in CRITICAL} == {"advisory"}


def test_a_critical_rule_is_lowered_by_its_name() -> None:
    assert resolve(ALL_RULES, {"rds-not-public": "advisory"}, Profile.PROD)["rds-not-public"].level == "advisory"


def test_remediate_stops_as_mandatory_does() -> None:
    found = findings([OPEN], rules={"rds-not-public": "remediate"})
    assert [f.blocking for f in found if f.rule.name == "rds-not-public"] == [True]


@given(st.dictionaries(st.sampled_from(["all", *(rule.name for rule in ALL_RULES)]), st.sampled_from(LEVELS)))
def test_whatever_levels_a_config_gives_something_stops_a_deployment(config: dict[str, str]) -> None:
    try:
        found = resolve(ALL_RULES, config, Profile.PROD)
    except ConfigError:
        return
    assert any(own.stops for own in found.values())
    assert all(found[name].stops or name in config for name in CRITICAL if config.get(name) != config.get("all"))


def test_profiles_are_each_stricter_than_the_one_before() -> None:
    bound = [{rule.name for rule in RULES if rule.level.enforcement(profile) == "mandatory"} for profile in Profile]
    assert all(less <= more for less, more in pairwise(bound))
    assert [profile.value for profile in Profile] == ["dev", "prod", "regulated", "fips"]


@pytest.mark.parametrize(
    ("value", "schema", "fits"),
    [
        (7.0, {"type": "integer"}, True), (7, {"type": "number"}, True), (True, {"type": "boolean"}, True),
        (1, {"type": "boolean"}, False), ([], {"type": "object"}, False), ({}, {"type": "array"}, False),
        ("a", {"type": "string", "enum": ["a", "b"]}, True), ("c", {"type": "string", "enum": ["a", "b"]}, False),
        ({"a": ["b"]}, LISTS, True), ({"a": [1]}, LISTS, False),
    ],
)  # fmt: skip
def test_values_are_judged_by_their_schema(value: object, schema: dict[str, object], *, fits: bool) -> None:
    assert (not list(misfits(value, schema))) is fits


class RefusedError(Exception):
    """What gRPC ends a call with."""


class Context:
    """The context of a call, as far as a refusal goes."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        raise RefusedError(details)


def sent(config: Mapping[str, object]) -> analyzer_pb2.ConfigureAnalyzerRequest:
    """A config as the engine sends it: `all` laid over every rule, then what names one, and `all` beside them."""
    levels = {rule.name: rule.level.enforcement(Profile.PROD) for rule in ALL_RULES}
    if "all" in config:
        levels = dict.fromkeys(levels, str(config["all"]))
    properties: dict[str, struct_pb2.Struct] = {}
    for name, entry in config.items():
        levels[name] = entry["enforcementLevel"] if isinstance(entry, dict) else str(entry)
        if isinstance(entry, dict):
            properties[name] = struct_pb2.Struct()
            properties[name].update({key: value for key, value in entry.items() if key != "enforcementLevel"})
    return analyzer_pb2.ConfigureAnalyzerRequest(
        policyConfig={
            name: analyzer_pb2.PolicyConfig(
                enforcementLevel=analyzer_pb2.EnforcementLevel.Value(level.upper()), properties=properties.get(name)
            )
            for name, level in levels.items()
        }
    )


def served() -> Any:  # noqa: ANN401 as the SDK's servicer
    make = shared(_PolicyAnalyzerServicer, lambda request: crossguard.configured(ALL_RULES, request))
    return make(PACK, "0.1.0", crossguard.policies((), TODAY), sdk.EnforcementLevel.MANDATORY)


def said_under(config: Mapping[str, object]) -> dict[str, int]:
    servicer = served()
    servicer.Configure(sent(config), Context())
    properties = struct_pb2.Struct()
    properties.update({**OPEN.inputs, "multiAz": False})
    answer = servicer.Analyze(analyzer_pb2.AnalyzeRequest(type=OPEN.type, urn=OPEN.urn, properties=properties), None)
    return {each.policyName: each.enforcementLevel for each in answer.diagnostics}


def test_under_the_engine_all_lowers_no_critical_rule_either() -> None:
    assert said_under({})["rds-multi-az"] == analyzer_pb2.MANDATORY
    levels = said_under({"all": "advisory"})
    assert (levels["rds-not-public"], levels["rds-multi-az"]) == (analyzer_pb2.MANDATORY, analyzer_pb2.ADVISORY)
    assert said_under({"rds-not-public": "advisory"})["rds-not-public"] == analyzer_pb2.ADVISORY, "it is named"
    assert "rds-not-public" not in said_under({"rds-not-public": "disabled"})


@pytest.mark.parametrize(
    ("config", "fault"),
    [
        ({"all": "disabled"}, "all: not every rule can be disabled"),
        (dict.fromkeys((rule.name for rule in ALL_RULES), "disabled"), "leaves no rule that stops a deployment"),
        ({"rds-multi-as": "advisory"}, "names no rule of the pack: rds-multi-as"),
        ({"logs-retention": {"enforcementLevel": "mandatory", "minimumDays": -1}}, "-1.0 is out of range"),
    ],
)
def test_under_the_engine_a_faulty_config_ends_the_run(config: dict[str, object], fault: str) -> None:
    with pytest.raises(RefusedError, match=fault):
        served().Configure(sent(config), Context())


@pytest.mark.parametrize("profile", Profile)
def test_the_file_of_a_profile_makes_the_pack_judge_as_the_profile_does(profile: Profile) -> None:
    given = json.loads(pack_config(profile))
    by_file = resolve(ALL_RULES, given, Profile.PROD)
    by_profile = resolve(ALL_RULES, {}, profile)
    assert {name: own.level for name, own in by_file.items()} == {name: own.level for name, own in by_profile.items()}
