"""Models and guardrail as they are registered: what is filtered, when there is a new number, who may call what."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from components.inference import digest
from config.inference import Guardrail
from review.order import only_by_depends_on
from review.recording import record_stack
from review.verdict import judge
from tests.config import containersfile
from tests.config.containersfile import GONE
from tests.config.functionsfile import STACK, WITH_INFERENCE, accepted

if TYPE_CHECKING:
    from review.graph import Graph

GUARDRAIL: Final = "arn:aws:bedrock:recorded:000000000000:guardrail/inference-guardrail"
PROFILE: Final = "arn:aws:bedrock:eu-west-1:100000000004:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0"
MESSAGES: Final = WITH_INFERENCE["inference"]["guardrail"]
PLAIN: Final = Guardrail.model_validate(MESSAGES)
RECORDS: Final = ("inference-log", "inference-logging", "inference-recorder", "inference-recorder-rights")


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A small stack of functions, one of which calls models."""
    return record_stack(STACK, accepted(WITH_INFERENCE))


@pytest.fixture(scope="module")
def shop() -> Graph:
    """Prod with containers, whose worker calls models."""
    return record_stack(containersfile.STACK, containersfile.accepted())


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def statements(graph: Graph, name: str) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in json.loads(inputs(graph, name)["policy"])["Statement"]}


def test_every_kind_is_filtered_as_strongly_as_it_can_be_and_the_guardrail_is_under_the_key(graph: Graph) -> None:
    made = inputs(graph, "inference-guardrail")
    found = {
        one["type"]: (one["inputStrength"], one["outputStrength"])
        for one in made["contentPolicyConfig"]["filtersConfigs"]
    }
    assert found.pop("PROMPT_ATTACK") == ("HIGH", "NONE"), "it is sought in prompts alone"
    assert list(found.values()) == [("HIGH", "HIGH")] * 5
    assert made["wordPolicyConfig"] == {"managedWordListsConfigs": [{"type": "PROFANITY"}]}
    assert made["kmsKeyArn"].endswith("keys-data")
    assert not {"topicPolicyConfig", "sensitiveInformationPolicyConfig", "contextualGroundingPolicyConfig"} & set(made)


def test_a_guardrail_asks_all_that_the_file_names(shop: Graph) -> None:
    made = inputs(shop, "inference-guardrail")
    found = {one["type"]: one for one in made["contentPolicyConfig"]["filtersConfigs"]}
    assert (found["INSULTS"]["inputStrength"], found["INSULTS"]["outputStrength"]) == ("LOW", "MEDIUM")
    (topic,) = made["topicPolicyConfig"]["topicsConfigs"]
    assert (topic["name"], topic["type"], topic["examples"]) == ("prices", "DENY", ["What will it go for?"])
    assert made["wordPolicyConfig"]["wordsConfigs"] == [{"text": "sold under the hand"}]
    sensitive = made["sensitiveInformationPolicyConfig"]
    assert {one["type"]: one["action"] for one in sensitive["piiEntitiesConfigs"]} == {
        "EMAIL": "ANONYMIZE",
        "PASSWORD": "BLOCK",
    }
    assert sensitive["regexesConfigs"] == [{"name": "lots", "pattern": r"L-\d{6}", "action": "ANONYMIZE"}]
    least = {one["type"]: one["threshold"] for one in made["contextualGroundingPolicyConfig"]["filtersConfigs"]}
    assert least == {"GROUNDING": 0.7, "RELEVANCE": 0.5}


@pytest.mark.parametrize(
    "change",
    [
        {"profanity": False},
        {"words": ["refund"]},
        {"filters": {"HATE": {"answers": "LOW"}}},
        {"topics": {"prices": {"definition": "What it will cost"}}},
        {"blocked_personal": ["EMAIL"]},
        {"masked_personal": ["EMAIL"]},
        {"patterns": {"lots": {"expression": "L"}}},
        {"grounding": 0.0},
        {"relevance": 0.5},
        {"blocked_prompt": "No."},
        {"blocked_answer": "No."},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_change_makes_another_version_and_keeps_the_old_one(change: dict[str, Any], graph: Graph) -> None:
    assert set(change) <= set(Guardrail.model_fields)
    assert digest(Guardrail.model_validate({**MESSAGES, **change})) != digest(PLAIN)
    assert digest(Guardrail.model_validate(dict(reversed(MESSAGES.items())))) == digest(PLAIN), "no order changes it"
    version = inputs(graph, "inference-version")
    assert (version["description"], version["skipDestroy"]) == (digest(PLAIN), True)


def test_a_role_calls_exactly_its_models_and_only_through_the_guardrail_by_its_number(graph: Graph) -> None:
    found = statements(graph, "functions-answer-policy")
    through = {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"}
    calls = {sid: one for sid, one in found.items() if "bedrock:InvokeModel" in one["Action"]}
    assert {sid: one["Condition"] for sid, one in calls.items()} == {
        "CallModels": {"StringEquals": through},
        "CallProfileWise": {"StringEquals": through},
        "CallBehindWise": {"StringEquals": {**through, "bedrock:InferenceProfileArn": PROFILE}},
    }
    actions = {tuple(one["Action"]) for one in calls.values()}
    assert actions == {("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")}
    assert calls["CallModels"]["Resource"] == ["arn:aws:bedrock:eu-west-1::foundation-model/openai.gpt-oss-20b-1:0"]
    assert calls["CallProfileWise"]["Resource"] == [PROFILE]
    assert calls["CallBehindWise"]["Resource"] == [
        f"arn:aws:bedrock:{region}::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"
        for region in ("eu-west-1", "eu-central-1", "eu-north-1", "eu-west-3")
    ]
    assert (found["ApplyGuardrail"]["Action"], found["ApplyGuardrail"]["Resource"]) == (
        *(["bedrock:ApplyGuardrail"], [GUARDRAIL]),
    )
    assert found["OpenGuardrail"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "bedrock.eu-west-1.amazonaws.com"}
    }
    assert not [one for one in statements(graph, "functions-remind-policy").values() if "bedrock" in str(one)]


def test_a_task_and_a_function_know_model_and_guardrail_and_no_key_is_in_clear(graph: Graph, shop: Graph) -> None:
    variables = inputs(graph, "functions-answer-function")["environment"]["variables"]
    assert {name: variables[name] for name in ("MODEL_ID", "MODEL_SMALL_ID", "GUARDRAIL_ID", "GUARDRAIL_VERSION")} == {
        **dict.fromkeys(("MODEL_ID", "MODEL_SMALL_ID"), "openai.gpt-oss-20b-1:0"),
        "GUARDRAIL_ID": "inference-guardrail-id",
        "GUARDRAIL_VERSION": "1",
    }
    arn = WITH_INFERENCE["inference"]["provider_keys"]["anthropic"]
    assert variables["ANTHROPIC_SECRET"] == arn
    assert arn in statements(graph, "functions-answer-policy")["ReadSecrets"]["Resource"]
    (container,) = json.loads(inputs(shop, "containers-worker-definition")["containerDefinitions"])
    task = {one["name"]: one["value"] for one in container["environment"]}
    assert task["MODEL_ID"] == task["MODEL_SMALL_ID"] == "openai.gpt-oss-20b-1:0"
    assert task["GUARDRAIL_VERSION"] == "1"
    secret = "arn:aws:secretsmanager:us-east-1:100000000004:secret:shop/anthropic-AbCdEf"
    assert container["secrets"] == [{"name": "ANTHROPIC_API_KEY", "valueFrom": secret}]
    assert statements(shop, "containers-worker-execution-policy")["ReadSecrets"]["Resource"] == [secret]
    assert "ReadSecrets" not in statements(shop, "containers-worker-task-policy")


def test_calls_are_recorded_under_the_key_without_their_text_unless_the_file_says_so(graph: Graph) -> None:
    log = inputs(graph, "inference-log")
    assert (log["name"], log["retentionInDays"], log["kmsKeyId"].rpartition("/")[2]) == (
        *("/ledger/prod/inference", 90, "keys-logs"),
    )
    made = inputs(graph, "inference-logging")["loggingConfig"]
    assert made["cloudwatchConfig"]["logGroupName"] == log["name"]
    assert {value for key, value in made.items() if key.endswith("Enabled")} == {False}
    (right,) = statements(graph, "inference-recorder-rights").values()
    assert right["Resource"][0].endswith(":log-stream:aws/bedrock/modelinvocations")
    assert ("inference-logging", "inference-recorder-rights") in {
        (edge.later, edge.earlier) for edge in only_by_depends_on(graph)
    }
    said = record_stack(STACK, accepted({**WITH_INFERENCE, "inference.logs_text": True}))
    assert inputs(said, "inference-logging")["loggingConfig"]["textDataDeliveryEnabled"] is True


def test_what_something_else_records_the_stack_leaves_alone() -> None:
    there = {"inference.account_logging": "there", "inference.log_retention_days": GONE}
    graph = record_stack(STACK, accepted({**WITH_INFERENCE, **there}))
    assert not {one.name for one in graph.resources} & set(RECORDS)
    assert graph.named("inference-version")


def test_the_data_key_is_used_by_way_of_bedrock_where_there_is_a_guardrail_alone(graph: Graph) -> None:
    services = statements(graph, "keys-data")["UsedThroughServices"]["Condition"]["StringEquals"]["kms:ViaService"]
    assert "bedrock.eu-west-1.amazonaws.com" in services
    assert "bedrock" not in json.dumps(statements(record_stack(STACK, accepted()), "keys-data"))
    assert "bedrock" not in json.dumps(statements(graph, "keys-secrets"))


def test_the_pack_passes_and_names_a_profile_that_prompts_leave_the_region_by(graph: Graph) -> None:
    alone = {"inference.models.wise": GONE, "functions.answer.role.inference.models": ["small"]}
    bare, small, both = (
        {
            f"{one.rule.name}: {one.message}"
            for one in judge(made, environment="prod", today=date(2026, 11, 30)).findings
        }
        for made in (record_stack(STACK, accepted()), record_stack(STACK, accepted({**WITH_INFERENCE, **alone})), graph)
    )
    assert small - bare == set()
    found = both - small
    assert {one.partition(":")[0] for one in found} == {"data-egress-allow-list"}
    assert any("environment.variables" in one for one in found), "the function is given the profile"
    assert any(" policy leads to" in one for one in found), "and its role may call it"
