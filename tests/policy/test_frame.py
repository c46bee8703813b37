"""What the frame makes of rules that break, values that are not known, and the dialects in which inputs come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from policy.judging import Kind, judge_resource, judge_stack
from policy.resources import Origin, Resource, Stack
from policy.rule import Breach, Facts, Rule, Setting, Settings, Severity, WhenUnknown, resource_rule, stack_rule
from policy.values import OUTPUT, SECRET, SIGNATURE, UNKNOWN_MARKS, Block, UnknownValueError, show
from tests.policy.harness import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS: Facts = {"on": ("aws:*",), "severity": Severity.LOW, "controls": ("S3.1",), "remediation": "remediation it"}


def resource(**inputs: object) -> Resource:
    return Resource(Origin(type="aws:s3/bucket:Bucket", urn="urn:it", name="it"), inputs)


def rule_of(when_unknown: WhenUnknown = WhenUnknown.FAIL) -> Rule:
    facts: Facts = {**FACTS, "when_unknown": when_unknown}

    @resource_rule("test-rule", **facts)
    def rule(it: Resource, _settings: Settings) -> Iterator[str]:
        """Title."""
        if it.get("known") == "bad":
            yield "known is bad"
        if it.get("guarded") == "bad":
            yield "guarded is bad"

    return rule


def kinds(rule: Rule, it: Resource) -> list[Kind]:
    return [verdict.kind for verdict in judge_resource(rule, it, Settings({}))]


def test_what_was_found_before_an_unknown_is_kept() -> None:
    it = resource(known="bad", guarded=UNKNOWN)
    assert kinds(rule_of(), it) == [Kind.VIOLATION, Kind.UNKNOWN]
    assert kinds(rule_of(WhenUnknown.DEFER), it) == [Kind.VIOLATION, Kind.DEFERRED]
    assert kinds(rule_of(WhenUnknown.PASS), it) == [Kind.VIOLATION]


@pytest.mark.parametrize("mark", sorted(UNKNOWN_MARKS))
def test_every_spelling_of_an_unknown_is_one(mark: str) -> None:
    assert kinds(rule_of(), resource(guarded=mark)) == [Kind.UNKNOWN]


def test_a_value_that_no_json_holds_is_unknown() -> None:
    assert kinds(rule_of(), resource(guarded=object())) == [Kind.UNKNOWN], "a reader's own marker must not pass"


def test_a_rule_that_raises_is_a_violation_that_names_it() -> None:
    @resource_rule("broken-rule", **FACTS)
    def broken(_it: Resource, _settings: Settings) -> Iterator[str]:
        """Title."""
        yield "found first"
        raise KeyError("surprise")

    verdicts = judge_resource(broken, resource(), Settings({}))
    assert [verdict.kind for verdict in verdicts] == [Kind.VIOLATION, Kind.BROKEN]
    assert verdicts[1].message == (
        "broken-rule: it: the rule itself failed with KeyError: 'surprise'. Remediation: remediation it."
    )


def test_a_rule_that_raises_at_once_is_a_violation_too() -> None:
    def judge(_it: Resource, _settings: Settings) -> list[str]:
        """Title."""
        raise TypeError("at once")

    verdicts = judge_resource(resource_rule("broken-rule", **FACTS)(judge), resource(), Settings({}))
    assert [verdict.kind for verdict in verdicts] == [Kind.BROKEN]


def test_a_stack_rule_that_raises_is_a_violation_of_the_stack() -> None:
    @stack_rule("broken-stack-rule", **FACTS)
    def broken(_stack: Stack, _settings: Settings) -> Iterator[Breach]:
        """Title."""
        yield Breach(None, "found first")
        raise RuntimeError

    assert [v.kind for v in judge_stack(broken, Stack(()), Settings({}))] == [Kind.VIOLATION, Kind.BROKEN]


def test_a_rule_without_a_docstring_is_refused() -> None:
    def judge(_it: Resource, _settings: Settings) -> list[str]:
        return []

    with pytest.raises(ValueError, match="docstring is its title"):
        resource_rule("silent-rule", **FACTS)(judge)


@pytest.mark.parametrize("name", ["Upper-Case", "one", "under_score", "-dash", "double--dash"])
def test_a_rule_name_that_is_not_kebab_case_is_refused(name: str) -> None:
    def judge(_it: Resource, _settings: Settings) -> list[str]:
        """Title."""
        return []

    with pytest.raises(ValueError, match="kebab case"):
        resource_rule(name, **FACTS)(judge)


def test_a_setting_that_the_rule_does_not_have_is_refused() -> None:
    declared = {"minimumDays": Setting(7, {"type": "integer"}, "days")}
    assert Settings(declared).number("minimumDays") == 7
    assert Settings(declared, {"minimumDays": 14.0}).number("minimumDays") == 14
    with pytest.raises(ValueError, match="no such setting: minimumDay; this rule has: minimumDays"):
        Settings(declared, {"minimumDay": 14})


def envelope(signature: str, **content: object) -> dict[str, object]:
    return {SIGNATURE: signature, **content}


def test_secret_and_output_envelopes_are_opened() -> None:
    block = Block(
        {
            "wire": envelope(SECRET, value="a"),
            "state": envelope(SECRET, plaintext='"b"'),
            "output": envelope(OUTPUT, value=envelope(SECRET, value="c")),
            "pending": envelope(OUTPUT),
            "sealed": envelope(SECRET, ciphertext="v1:xyz"),
        }
    )
    assert [block.get(key) for key in ("wire", "state", "output")] == ["a", "b", "c"]
    for key in ("pending", "sealed"):
        assert block.has(key), "it is there"
        with pytest.raises(UnknownValueError):
            block.get(key)


def test_a_list_of_one_and_the_bare_object_read_alike() -> None:
    for inputs in ({"a": {"b": True}}, {"a": [{"b": True}]}):
        assert Block(inputs).get("a.b") is True


def test_every_element_of_a_list_is_judged_with_its_place() -> None:
    block = Block({"a": [{"b": 1}, {"c": 2}]})
    assert [path for path, _ in block.each("a.b")] == ["a[0].b", "a[1].b"]


def test_an_unknown_on_the_way_makes_what_is_below_unknown() -> None:
    with pytest.raises(UnknownValueError) as raised:
        Block({"a": UNKNOWN}, "it").get("a.b")
    assert raised.value.path == "it.a.b"


def test_null_and_empty_are_not_set() -> None:
    block = Block({"null": None, "empty": "", "none": [], "zero": 0, "false": False})
    assert [key for key in block.inputs if block.has(key)] == ["zero", "false"]


def test_values_are_shown_as_a_reviewer_writes_them() -> None:
    shown = [show(value) for value in (True, 7.0, 1.5, ["a", "b"], [], None, UNKNOWN, {"a": 1}, "x")]
    assert shown == ["true", "7", "1.5", "a, b", "empty", "not set", "not known before the update", '{"a": 1}', "x"]


def test_a_link_is_seen_by_dependency_and_by_value() -> None:
    said = {"id": "id-1", "arn": "arn-1", "name": ""}
    target = Resource(Origin(type="t", urn="urn:target", name="n"), {"bucket": "b"}, outputs=said)
    origin = Origin(type="t", urn="urn:other", name="o", property_dependencies={"bucket": ("urn:target",)})
    assert Resource(origin, {"bucket": UNKNOWN}).refers_to(target, "bucket")
    assert not Resource(origin, {"bucket": UNKNOWN}).refers_to(target, "other")
    for value in ("id-1", "arn-1", "b"):
        assert resource(bucket=value).refers_to(target, "bucket")
    assert not resource(bucket="").refers_to(target, "bucket"), "an empty name is no name"


def test_json_text_of_an_envelope_is_parsed_once() -> None:
    assert Block({"a": envelope(SECRET, plaintext=json.dumps("7"))}).get("a") == "7"
