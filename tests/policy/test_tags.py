"""Tags come from the resource and from its provider, and the provider writes them as JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.identity import Identity
from policy.rules.tagging import REQUIRED, taggable_types
from tests.policy.cases.overall import MISSING_TAG, TAGS, VPC
from tests.policy.harness import UNKNOWN, Made, Outcome, engine, findings, offline

Judge = Callable[[str, Sequence[Made]], Outcome]
TEXT = json.dumps({"tags": TAGS})
BY_BOTH = pytest.mark.parametrize("judge", [offline, engine], ids=["offline", "engine"])


def provider(default_tags: object) -> Made:
    return Made(type="pulumi:providers:aws", name="main", inputs={"region": "us-east-1", "defaultTags": default_tags})


def stack(default_tags: object, **inputs: object) -> list[Made]:
    main = provider(default_tags)
    return [main, Made(type="aws:ec2/vpc:Vpc", provider=main.urn, inputs=inputs)]


@BY_BOTH
@pytest.mark.parametrize("written", [TEXT, {"tags": TAGS}], ids=["text", "object"])
def test_default_tags_of_the_provider_count(judge: Judge, written: object) -> None:
    assert judge("tags-required", stack(written)) == "silent"


@BY_BOTH
def test_the_tags_of_the_resource_win(judge: Judge) -> None:
    assert judge("tags-required", stack(TEXT, tags={"DataClass": "secretive"})) == "violation"


@BY_BOTH
def test_when_one_unknown_tag_hides_all_of_them_the_parts_still_tell(judge: Judge) -> None:
    named = {"Name": UNKNOWN}
    assert judge("tags-required", stack(TEXT, tagsAll=UNKNOWN, tags=named)) == "silent"
    assert judge("tags-required", stack(None, tagsAll=UNKNOWN, tags=named)) == "violation"


@BY_BOTH
@pytest.mark.parametrize(
    ("default_tags", "inputs"),
    [(UNKNOWN, {}), (TEXT, {"tags": UNKNOWN}), (TEXT, {"tags": {"Owner": UNKNOWN}})],
    ids=["default tags", "all own tags", "a required tag"],
)
def test_what_hides_a_required_tag_fails_closed(judge: Judge, default_tags: object, inputs: dict[str, object]) -> None:
    assert judge("tags-required", stack(default_tags, **inputs)) == "unknown"


@BY_BOTH
def test_a_resource_without_provider_or_tags_is_missed_by_nothing(judge: Judge) -> None:
    assert judge("tags-required", [Made(type="aws:ec2/vpc:Vpc")]) == "violation"


def test_each_fault_is_reported() -> None:
    [missing] = [f for f in findings([MISSING_TAG]) if f.rule.name == "tags-required"]
    assert missing.problem.startswith("tag Owner is not set; allowed: ")
    assert len([f for f in findings([Made(type=VPC.type)]) if f.rule.name == "tags-required"]) == len(TAGS)


def test_the_whole_value_must_match() -> None:
    tricky = replace(VPC, inputs={"tagsAll": {**TAGS, "Environment": "prod-eu"}})
    assert offline("tags-required", [tricky]) == "violation", "prod is allowed, prod-eu is not"


def test_a_config_may_ask_for_other_tags() -> None:
    rules = {"tags-required": {"required": {"Team": "[a-z]+"}}}
    assert offline("tags-required", [Made(type=VPC.type, inputs={"tagsAll": {"Team": "x"}})], rules=rules) == "silent"
    assert offline("tags-required", [VPC], rules=rules) == "violation"


def test_types_that_take_no_default_tags_are_left_alone() -> None:
    assert "aws:ec2/vpc:Vpc" in taggable_types()
    assert (
        not {"aws:ec2/route:Route", "aws:autoscaling/group:Group", "aws:iam/rolePolicy:RolePolicy"} & taggable_types()
    )


TAKEN = {"Project": "system", "Environment": "environment", "CostCenter": "cost_center", "DataClass": "data_class"}


@pytest.mark.parametrize("tag", TAKEN)
@given(data=st.data())
def test_what_a_stack_file_may_say_is_a_tag_that_the_rule_takes(tag: str, data: st.DataObject) -> None:
    """The pack stands alone, so its patterns are a second list: none may be narrower than the settings are."""
    shape = Identity.model_json_schema()["properties"][TAKEN[tag]]
    longest, shortest = shape.get("maxLength", 99), shape.get("minLength", 0)
    texts = st.sampled_from(shape["enum"]) if "enum" in shape else st.from_regex(shape["pattern"], fullmatch=True)
    value = data.draw(texts.filter(lambda text: shortest <= len(text) <= longest))
    assert re.fullmatch(REQUIRED[tag], value), f"{TAKEN[tag]}: a stack file may say {value}, the rule refuses it"
