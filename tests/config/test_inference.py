"""Models and guardrail of a stack file: what could not work, or would send prompts where nobody said, is refused."""

from __future__ import annotations

from typing import Any, Final

import pytest

from config.facts.inference import GEOGRAPHIES, GLOBAL, MODELS, geography
from config.facts.regions import regions
from config.inference import Model
from tests.config import containersfile
from tests.config.containersfile import GONE, as_written
from tests.config.functionsfile import WITH_INFERENCE, accepted, refused

SMALL: Final = "inference.models.small"
WISE: Final = "inference.models.wise"
GUARDRAIL: Final = "inference.guardrail"
HAIKU: Final = "anthropic.claude-haiku-4-5-20251001-v1:0"
ELSEWHERE: Final = "arn:aws:secretsmanager:eu-central-1:100000000004:secret:clerk/anthropic-AbCdEf"
CASES: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "a model by a pattern": ({f"{SMALL}.model_id": "anthropic.*"}, f"{SMALL}.model_id", ""),
    "every model": ({f"{SMALL}.model_id": "*"}, f"{SMALL}.model_id", ""),
    "a model that nobody knows": ({f"{SMALL}.model_id": "amazon.nova-micro-v2:0"}, f"{SMALL}.model_id", "no model"),
    "a model of other regions": ({f"{SMALL}.model_id": "amazon.nova-micro-v1:0"}, f"{SMALL}.model_id", "not offered"),
    "a model that only profiles lead to": ({f"{SMALL}.model_id": HAIKU}, f"{SMALL}.model_id", "by itself"),
    "a profile that there is none of": (
        {f"{WISE}.model_id": "eu.openai.gpt-oss-20b-1:0"},
        f"{WISE}.model_id",
        "by a profile",
    ),
    "a profile of another geography": ({f"{WISE}.model_id": f"us.{HAIKU}"}, f"{WISE}.model_id", "not called from"),
    "a profile of the whole world": ({f"{WISE}.model_id": f"global.{HAIKU}"}, f"{WISE}.model_id", "any commercial"),
    "a profile to nobody knows where": ({f"{WISE}.regions": []}, f"{WISE}.regions", "nobody says which"),
    "a profile to where it does not go": ({f"{WISE}.regions": ["us-east-1"]}, f"{WISE}.regions[0]", "no profile of eu"),
    "a model of the region that goes elsewhere": (
        {f"{SMALL}.regions": ["eu-central-1"]},
        f"{SMALL}.regions",
        "hands prompts to no other",
    ),
    "prompts that may not leave": ({"identity.data_class": "restricted"}, f"{WISE}.model_id", "is restricted"),
    "an attack in answers": (
        {f"{GUARDRAIL}.filters": {"PROMPT_ATTACK": {"answers": "HIGH"}}},
        f"{GUARDRAIL}.filters.PROMPT_ATTACK.answers",
        "in prompts alone",
    ),
    "a kind of content that there is none of": (
        {f"{GUARDRAIL}.filters": {"LIES": {}}},
        f"{GUARDRAIL}.filters.LIES",
        "",
    ),
    "a strength that there is none of": (
        {f"{GUARDRAIL}.filters": {"HATE": {"prompts": "TOTAL"}}},
        f"{GUARDRAIL}.filters.HATE.prompts",
        "",
    ),
    "personal data of no kind": (
        {f"{GUARDRAIL}.masked_personal": ["SHOE_SIZE"]},
        f"{GUARDRAIL}.masked_personal[0]",
        "",
    ),
    "personal data masked and refused": (
        {f"{GUARDRAIL}.masked_personal": ["EMAIL"], f"{GUARDRAIL}.blocked_personal": ["PHONE", "EMAIL"]},
        f"{GUARDRAIL}.masked_personal[0]",
        "refused already",
    ),
    "confidence that nothing has": ({f"{GUARDRAIL}.grounding": 1.0}, f"{GUARDRAIL}.grounding", ""),
    "confidence below none": ({f"{GUARDRAIL}.relevance": -0.1}, f"{GUARDRAIL}.relevance", ""),
    "no regular expression": (
        {f"{GUARDRAIL}.patterns": {"stamps": {"expression": "[A-Z"}}},
        f"{GUARDRAIL}.patterns.stamps.expression",
        "no regular expression",
    ),
    "an expression that looks behind": (
        {f"{GUARDRAIL}.patterns": {"stamps": {"expression": r"(?<=No )\d+"}}},
        f"{GUARDRAIL}.patterns.stamps.expression",
        "looks ahead or behind",
    ),
    "more topics than a guardrail has": (
        {f"{GUARDRAIL}.topics": {f"t{at}": {"definition": "What nobody asks"} for at in range(31)}},
        f"{GUARDRAIL}.topics",
        "",
    ),
    "records kept for no days": ({"inference.log_retention_days": GONE}, "inference.log_retention_days", "some days"),
    "records that others keep, kept here": (
        {"inference.account_logging": "there"},
        "inference.log_retention_days",
        "something else keeps",
    ),
    "text that others would keep": (
        {"inference.account_logging": "there", "inference.log_retention_days": GONE, "inference.logs_text": True},
        "inference.logs_text",
        "something else keeps",
    ),
    "a key of another region": (
        {"inference.provider_keys": {"anthropic": ELSEWHERE}},
        "inference.provider_keys.anthropic",
        "in eu-central-1",
    ),
    "a key in clear": ({"inference.provider_keys": {"anthropic": "sk-1"}}, "inference.provider_keys.anthropic", ""),
    "a provider without a key": (
        {"functions.answer.secrets.ANTHROPIC_SECRET": {"of": "vertex"}},
        "functions.answer.secrets.ANTHROPIC_SECRET.of",
        "no inference.provider_keys.vertex",
    ),
    "who calls a model that is not allowed": (
        {"functions.answer.role.inference.models": ["smal"]},
        "functions.answer.role.inference.models[0]",
        "not in inference.models",
    ),
    "who calls models where there are none": ({"inference": GONE}, "functions.answer.role.inference", "has the models"),
    "variables of the program": (
        {"functions.answer.environment": {"GUARDRAIL_VERSION": "DRAFT"}},
        "functions.answer.environment.GUARDRAIL_VERSION",
        "set by the program",
    ),
}
"""What is changed, where it is refused, and a part of what is said."""


def _with(changes: dict[str, Any]) -> dict[str, Any]:
    rest = {path: value for path, value in WITH_INFERENCE.items() if path not in changes}
    return {**rest, **{path: value for path, value in changes.items() if value is not GONE or path != "inference"}}


def test_what_cannot_work_or_would_leave_the_region_unsaid_is_refused() -> None:
    wrong = {}
    for name, (changes, path, words) in CASES.items():
        found = refused(_with(changes))
        if path not in found or words not in found[path].what or not found[path].fix:
            wrong[name] = {where: problem.what for where, problem in found.items()}
    assert wrong == {}
    assert accepted(WITH_INFERENCE).inference


@pytest.mark.parametrize("place", GEOGRAPHIES)
def test_no_profile_is_taken_without_its_regions_and_none_where_data_is_restricted(place: str) -> None:
    changes = {f"{WISE}.model_id": f"{place}.{HAIKU}", f"{WISE}.regions": []}
    assert {f"{WISE}.model_id", f"{WISE}.regions"} & set(refused(_with(changes)))
    kept = refused(_with({**changes, "identity.data_class": "restricted"}))
    assert "identity.data_class is restricted" in kept[f"{WISE}.model_id"].what


@pytest.mark.parametrize("model_id", MODELS)
def test_each_model_is_taken_exactly_where_it_is_offered(model_id: str) -> None:
    for named, also in ((model_id, []), (f"eu.{model_id}", ["eu-central-1", "eu-west-1"])):
        where = MODELS[model_id].alone if named == model_id else MODELS[model_id].profile
        found = refused(_with({SMALL: {"model_id": named, "regions": also}}))
        assert (f"{SMALL}.model_id" not in found) is ("eu-west-1" in where)
        assert geography(named) == (None if named == model_id else "eu")
        assert Model(model_id=named).foundation == model_id


def test_regions_of_facts_are_regions_and_geographies_are_apart() -> None:
    assert {one for model in MODELS.values() for one in model.alone | model.profile} <= set(regions())
    assert all(one.alone or one.profile for one in MODELS.values())
    assert not {model_id for model_id in MODELS if geography(model_id)}
    assert GLOBAL in GEOGRAPHIES


def test_a_profile_is_refused_with_its_line() -> None:
    text, problems = as_written({f"{WISE}.model_id": f"global.{HAIKU}"})
    problem = next(one for one in problems if one.path[-1] == "model_id")
    assert problem.line is not None
    assert f"global.{HAIKU}" in text.splitlines()[problem.line - 1]


def test_what_calls_models_without_a_way_to_the_internet_needs_the_endpoint() -> None:
    endpoints = ["ecr.api", "ecr.dkr", "logs", "sqs", "secretsmanager", "kms", "ssmmessages"]
    closed = {"network.tiers.tasks.internet": "none", "network.endpoints.interface": endpoints}
    found = containersfile.refused(closed)
    for path in ("containers.services.worker.tier", "functions.thumbnails.tier"):
        assert "bedrock-runtime" in found[path].what
    assert "bedrock-runtime" not in found.get("containers.services.live.tier", found["functions.thumbnails.tier"]).path
    opened = containersfile.refused({**closed, "network.endpoints.interface": [*endpoints, "bedrock-runtime"]})
    assert not {"containers.services.worker.tier", "functions.thumbnails.tier"} & set(opened)
