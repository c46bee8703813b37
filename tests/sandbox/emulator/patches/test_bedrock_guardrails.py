"""A guardrail is read back as AWS reads it, changed as a whole, numbered with a description, refused as by AWS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

WORDS: Final = {"wordsConfig": [{"text": "refund"}], "managedWordListsConfig": [{"type": "PROFANITY"}]}
ASKED: Final[dict[str, Any]] = {
    "name": "agents",
    "description": "Held against",
    "blockedInputMessaging": "Not asked here.",
    "blockedOutputsMessaging": "Not answered here.",
    "topicPolicyConfig": {"topicsConfig": [{"name": "prices", "definition": "What it costs", "type": "DENY"}]},
    "contentPolicyConfig": {
        "filtersConfig": [
            {"type": "HATE", "inputStrength": "HIGH", "outputStrength": "LOW"},
            {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"},
        ]
    },
    "wordPolicyConfig": WORDS,
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}],
        "regexesConfig": [{"name": "lots", "pattern": r"L-\d{6}", "action": "BLOCK"}],
    },
    "contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 0.7}]},
}


def filtered(*kinds: dict[str, str]) -> dict[str, Any]:
    return {"contentPolicyConfig": {"filtersConfig": list(kinds)}}


WRONG: Final[dict[str, dict[str, Any]]] = {
    "a name of other letters": {"name": "an agent's"},
    "a message that is too long": {"blockedInputMessaging": "x" * 501},
    "more topics than it has": {
        "topicPolicyConfig": {
            "topicsConfig": [{"name": f"t{at}", "definition": "What", "type": "DENY"} for at in range(31)]
        }
    },
    "a definition that is too long": {
        "topicPolicyConfig": {"topicsConfig": [{"name": "t", "definition": "x" * 201, "type": "DENY"}]}
    },
    "a topic twice": {"topicPolicyConfig": {"topicsConfig": [{"name": "t", "definition": "What", "type": "DENY"}] * 2}},
    "no such content": filtered({"type": "LIES", "inputStrength": "LOW", "outputStrength": "LOW"}),
    "no such strength": filtered({"type": "HATE", "inputStrength": "TOTAL", "outputStrength": "LOW"}),
    "an attack in answers": filtered({"type": "PROMPT_ATTACK", "inputStrength": "LOW", "outputStrength": "LOW"}),
    "a filter twice": filtered(*[{"type": "HATE", "inputStrength": "LOW", "outputStrength": "LOW"}] * 2),
    "no such personal data": {
        "sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [{"type": "SHOE_SIZE", "action": "BLOCK"}]}
    },
    "too sure": {"contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "RELEVANCE", "threshold": 1.0}]}},
}
"""What is changed in the request."""


def refusal(call: Any, **given: Any) -> str:  # noqa: ANN401 - a method of boto3
    with pytest.raises(ClientError) as refused:
        call(**given)
    return str(refused.value.response["Error"]["Code"])


@pytest.fixture
def bedrock(aws: Aws) -> Client:
    return aws("bedrock")


def test_what_aws_refuses_is_refused_of_a_new_one_and_of_a_change(bedrock: Client) -> None:
    made = bedrock.create_guardrail(**{**ASKED, "name": "made"})["guardrailId"]
    for name, change in WRONG.items():
        asked = {**ASKED, **change}
        assert refusal(bedrock.create_guardrail, **asked) == "ValidationException", name
        assert refusal(bedrock.update_guardrail, guardrailIdentifier=made, **asked) == "ValidationException", name


def test_it_is_read_back_in_the_words_of_an_answer(bedrock: Client) -> None:
    made = bedrock.create_guardrail(**ASKED)
    assert re.fullmatch(r"[a-z0-9]{12}", made["guardrailId"]), "AWS has no other ids"
    assert made["guardrailArn"].endswith(f":guardrail/{made['guardrailId']}")
    for identifier in (made["guardrailId"], made["guardrailArn"]):
        found = bedrock.get_guardrail(guardrailIdentifier=identifier)
        assert [one["name"] for one in found["topicPolicy"]["topics"]] == ["prices"]
        assert {one["type"]: one["outputStrength"] for one in found["contentPolicy"]["filters"]} == {
            "HATE": "LOW",
            "PROMPT_ATTACK": "NONE",
        }
        assert found["wordPolicy"] == {"words": [{"text": "refund"}], "managedWordLists": [{"type": "PROFANITY"}]}
        assert [one["type"] for one in found["sensitiveInformationPolicy"]["piiEntities"]] == ["EMAIL"]
        assert [one["name"] for one in found["sensitiveInformationPolicy"]["regexes"]] == ["lots"]
        assert found["contextualGroundingPolicy"]["filters"] == [{"type": "GROUNDING", "threshold": 0.7}]
        assert found["description"] == "Held against"


def test_a_change_is_the_whole_of_it_and_versions_stay_as_they_were(bedrock: Client) -> None:
    made = bedrock.create_guardrail(**ASKED)["guardrailId"]
    first = bedrock.create_guardrail_version(guardrailIdentifier=made, description="first")["version"]
    kept = {key: value for key, value in ASKED.items() if not key.endswith("Config")}
    bedrock.update_guardrail(guardrailIdentifier=made, wordPolicyConfig=WORDS, **kept)
    second = bedrock.create_guardrail_version(guardrailIdentifier=made, description="second")["version"]
    assert (first, second) == ("1", "2")
    for version, description, has in (("1", "first", True), ("2", "second", False)):
        found = bedrock.get_guardrail(guardrailIdentifier=made, guardrailVersion=version)
        assert (found["version"], found["description"], "topicPolicy" in found) == (version, description, has)


def test_a_version_is_deleted_by_itself_and_the_guardrail_with_all(bedrock: Client) -> None:
    made = bedrock.create_guardrail(**ASKED)["guardrailId"]
    for _ in range(2):
        bedrock.create_guardrail_version(guardrailIdentifier=made)
    bedrock.delete_guardrail(guardrailIdentifier=made, guardrailVersion="1")
    missing = {"guardrailIdentifier": made, "guardrailVersion": "1"}
    assert refusal(bedrock.get_guardrail, **missing) == "ResourceNotFoundException"
    assert refusal(bedrock.delete_guardrail, **missing) == "ResourceNotFoundException"
    assert bedrock.get_guardrail(guardrailIdentifier=made, guardrailVersion="2")["version"] == "2"
    bedrock.delete_guardrail(guardrailIdentifier=made)
    assert refusal(bedrock.get_guardrail, guardrailIdentifier=made) == "ResourceNotFoundException"
