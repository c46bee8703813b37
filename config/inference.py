"""Inference: models of Bedrock that roles may call, and the guardrail that every call goes through."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.facts.codes import Region
from config.facts.inference import PATTERNS, TOPICS, WORDS, FilterKind, Personal, Strength, geography
from config.network import LogRetentionDays
from config.task import Provider, SecretArn, ShortName

Message = Annotated[str, Field(min_length=1, max_length=500)]
Handling = Literal["BLOCK", "ANONYMIZE"]
"""What becomes of what is found: the whole text is refused, or the part is masked."""
Confidence = Annotated[float, Field(ge=0, le=0.99)]


class Model(Section):
    """A model that roles may name."""

    model_id: Annotated[
        str, Field(pattern=r"^((apac|au|ca|eu|global|jp|us)\.)?[a-z0-9-]+\.[a-z0-9.-]+(:\d+)?$", max_length=64)
    ]
    """Exact id of a model, such as `amazon.nova-micro-v1:0`, or of an inference profile of AWS, which begins with its
    geography, such as `eu.`: its requests are answered in other regions, too."""
    regions: Annotated[tuple[Region, ...], Field(max_length=20)] = ()
    """Regions to which the profile hands prompts, all of them (`aws bedrock get-inference-profile` names them); they
    leave the stack's region by that. None for a model of the region itself."""

    @property
    def foundation(self) -> str:
        """Return the id of the model, without the geography of a profile."""
        return self.model_id.partition(".")[2] if geography(self.model_id) else self.model_id


class Filter(Section):
    """How strongly content of one kind is filtered."""

    prompts: Strength = "HIGH"
    """In prompts; HIGH by default, NONE = not at all."""
    answers: Strength | None = None
    """In answers; HIGH by default, NONE = not at all. Not of PROMPT_ATTACK, which answers are not."""


class Topic(Section):
    """A topic that is denied."""

    definition: Annotated[str, Field(min_length=10, max_length=200)]
    """What it is about, in a sentence or two."""
    examples: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(max_length=5)] = ()
    """Prompts that are about it, up to five."""


class Pattern(Section):
    """A regular expression for what is sensitive."""

    expression: Annotated[str, Field(min_length=1, max_length=500)]
    """The expression; without look-around, which Bedrock does not take."""
    handling: Handling = "ANONYMIZE"
    """What becomes of what it matches; masked by default."""


class Guardrail(Section):
    """What prompts and answers are held against. Each change makes a version, and roles call by its number."""

    blocked_prompt: Message
    """What is answered in place of a prompt that is refused."""
    blocked_answer: Message
    """What is answered in place of an answer that is refused."""
    filters: dict[FilterKind, Filter] = Field(default_factory=dict)
    """Content filters; a kind that is not named is filtered as strongly as it can be."""
    topics: Annotated[dict[ShortName, Topic], Field(max_length=TOPICS)] = Field(default_factory=dict)
    """Denied topics by name; none by default."""
    words: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(max_length=WORDS)] = ()
    """Words and phrases that are refused; none by default."""
    profanity: bool = True
    """Whether words of AWS's list of profanity are refused, too."""
    blocked_personal: tuple[Personal, ...] = ()
    """Kinds of personal data, such as `PASSWORD`, for which a prompt or an answer is refused; none by default."""
    masked_personal: tuple[Personal, ...] = ()
    """Kinds of personal data, such as `EMAIL`, that are masked; none by default."""
    patterns: Annotated[dict[ShortName, Pattern], Field(max_length=PATTERNS)] = Field(default_factory=dict)
    """Regular expressions of what else is sensitive, by name; none by default."""
    grounding: Confidence | None = None
    """Least confidence, 0 to 0.99, that an answer follows from the source in its request; none = not asked."""
    relevance: Confidence | None = None
    """Least confidence, 0 to 0.99, that an answer is one to the question; none = not asked."""


class Inference(Section):
    """Models of Bedrock, and what every call of them goes through."""

    models: Annotated[dict[ShortName, Model], Field(min_length=1, max_length=10)]
    """Models that roles may name."""
    guardrail: Guardrail
    """What prompts and answers are held against; encrypted by the `data` key."""
    account_logging: Literal["made", "there"] = "made"
    """Invocation logging of Bedrock, one of an account in a region: `made` = this stack sets it, the default; `there` =
    something else has, and keeps it."""
    log_retention_days: LogRetentionDays | None = None
    """Days that records of calls are kept in CloudWatch Logs, encrypted by the `logs` key; needed where the logging is
    `made`."""
    logs_text: bool = False
    """Whether the records hold prompts and answers; by default they say who called what, and how much of it."""
    provider_keys: dict[Provider, SecretArn] = Field(default_factory=dict)
    """Keys of other providers of models, `anthropic` and `vertex`: the ARN of the secret, put there by hand under the
    `secrets` key. Tasks and functions name one by `secrets.<variable>.of`. None by default."""
