"""The guardrail, and the version of it that roles call by its number.

Bedrock takes no list without an entry: what there is none of is left out.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final, get_args

from pulumi_aws import bedrock

from components.base import child, named
from config.facts.inference import PROMPT_ATTACK, FilterKind
from config.inference import Filter

if TYPE_CHECKING:
    import pulumi

    from config.inference import Guardrail as Settings

KINDS: Final[tuple[FilterKind, ...]] = get_args(FilterKind)


def filters(settings: Settings) -> list[bedrock.GuardrailContentPolicyConfigFiltersConfigArgsDict]:
    """Return the content filters, those that are not named as strong as they can be."""
    found = {kind: settings.filters.get(kind, Filter()) for kind in KINDS}
    return [
        {
            "type": kind,
            "input_strength": one.prompts,
            "output_strength": "NONE" if kind == PROMPT_ATTACK else one.answers or "HIGH",
        }
        for kind, one in found.items()
    ]


def _topics(settings: Settings) -> bedrock.GuardrailTopicPolicyConfigArgsDict | None:
    if not settings.topics:
        return None
    return {
        "topics_configs": [
            {"name": short, "definition": one.definition, "examples": list(one.examples), "type": "DENY"}
            for short, one in settings.topics.items()
        ]
    }


def _words(settings: Settings) -> bedrock.GuardrailWordPolicyConfigArgsDict | None:
    made: bedrock.GuardrailWordPolicyConfigArgsDict = {}
    if settings.words:
        made["words_configs"] = [{"text": one} for one in settings.words]
    if settings.profanity:
        made["managed_word_lists_configs"] = [{"type": "PROFANITY"}]
    return made or None


def _sensitive(settings: Settings) -> bedrock.GuardrailSensitiveInformationPolicyConfigArgsDict | None:
    made: bedrock.GuardrailSensitiveInformationPolicyConfigArgsDict = {}
    kinds = {
        **dict.fromkeys(settings.masked_personal, "ANONYMIZE"),
        **dict.fromkeys(settings.blocked_personal, "BLOCK"),
    }
    if kinds:
        made["pii_entities_configs"] = [{"type": kind, "action": action} for kind, action in kinds.items()]
    if settings.patterns:
        made["regexes_configs"] = [
            {"name": short, "pattern": one.expression, "action": one.handling}
            for short, one in settings.patterns.items()
        ]
    return made or None


def _grounding(settings: Settings) -> bedrock.GuardrailContextualGroundingPolicyConfigArgsDict | None:
    least = {"GROUNDING": settings.grounding, "RELEVANCE": settings.relevance}
    asked = {kind: one for kind, one in least.items() if one is not None}
    return {"filters_configs": [{"type": kind, "threshold": one} for kind, one in asked.items()]} if asked else None


def digest(settings: Settings) -> str:
    """Return what changes with the guardrail and with nothing else, and so makes a version of it."""
    said = json.dumps(settings.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def build_guardrail(
    parent: pulumi.Resource, name: str, settings: Settings, key_arn: pulumi.Output[str]
) -> tuple[bedrock.Guardrail, bedrock.GuardrailVersion]:
    """Make the guardrail and a version of it, which stays when the next one is made: who calls by its number may."""
    made = bedrock.Guardrail(
        named(name, "guardrail"),
        description="What prompts and answers are held against",
        kms_key_arn=key_arn,
        blocked_input_messaging=settings.blocked_prompt,
        blocked_outputs_messaging=settings.blocked_answer,
        content_policy_config={"filters_configs": filters(settings)},
        topic_policy_config=_topics(settings),
        word_policy_config=_words(settings),
        sensitive_information_policy_config=_sensitive(settings),
        contextual_grounding_policy_config=_grounding(settings),
        opts=child(parent),
    )
    version = bedrock.GuardrailVersion(
        named(name, "version"),
        guardrail_arn=made.guardrail_arn,
        description=digest(settings),
        skip_destroy=True,
        opts=child(parent),
    )
    return made, version
