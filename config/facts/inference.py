"""What Bedrock takes of a guardrail, which models it offers where, and where profiles send what they are asked.

Sources: Bedrock API reference, CreateGuardrail and its shapes (2026-11-30); Bedrock User Guide, "Model support by AWS
Region in Amazon Bedrock" and "Supported foundation models" (as of 2026-02-15), "Supported Regions and models for
inference profiles" (2026-11-30). A model that is not here is refused: add it with the regions of AWS's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

FilterKind = Literal["SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT", "PROMPT_ATTACK"]
"""Content that a guardrail filters; the last one is sought in prompts alone."""
Strength = Literal["NONE", "LOW", "MEDIUM", "HIGH"]
Personal = Literal[
    "ADDRESS",
    "AGE",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "CA_HEALTH_NUMBER",
    "CA_SOCIAL_INSURANCE_NUMBER",
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_EXPIRY",
    "CREDIT_DEBIT_CARD_NUMBER",
    "DRIVER_ID",
    "EMAIL",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "IP_ADDRESS",
    "LICENSE_PLATE",
    "MAC_ADDRESS",
    "NAME",
    "PASSWORD",
    "PHONE",
    "PIN",
    "SWIFT_CODE",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
    "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
    "URL",
    "USERNAME",
    "US_BANK_ACCOUNT_NUMBER",
    "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
    "US_PASSPORT_NUMBER",
    "US_SOCIAL_SECURITY_NUMBER",
    "VEHICLE_IDENTIFICATION_NUMBER",
]
"""Personal data that a guardrail knows by kind."""
PROMPT_ATTACK: Final = "PROMPT_ATTACK"
TOPICS: Final = 30
"""Most denied topics of a guardrail."""
WORDS: Final = 10_000
"""Most words of a guardrail."""
PATTERNS: Final = 10
"""Most regular expressions of a guardrail."""

ENDPOINT: Final = "bedrock-runtime"
"""Interface endpoint by which models are called without a way to the internet."""
GLOBAL: Final = "global"
"""What the name of a profile begins with whose requests any commercial region may answer."""
GEOGRAPHIES: Final[Mapping[str, tuple[str, ...]]] = {
    "apac": ("ap-",),
    "au": ("ap-southeast-2", "ap-southeast-4"),
    "ca": ("ca-",),
    "eu": ("eu-",),
    GLOBAL: ("",),
    "jp": ("ap-northeast-1", "ap-northeast-3"),
    "us": ("us-",),
}
"""What the name of an inference profile of AWS begins with -> what the regions begin with that may answer."""


@dataclass(frozen=True)
class Offered:
    """Where a model is offered."""

    alone: frozenset[str]
    """Regions that answer for it by themselves."""
    profile: frozenset[str]
    """Regions from which an inference profile of it may be called."""


def _offered(alone: str = "", profile: str = "") -> Offered:
    return Offered(frozenset(alone.split()), frozenset(profile.split()))


_OPEN: Final = "ap-northeast-1 ap-south-1 eu-west-2 sa-east-1 us-east-1 us-east-2 us-west-2 eu-south-1 eu-west-1"
_US: Final = "us-east-1 us-east-2 us-west-2"
_NOVA: Final = (
    "ap-east-2 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-5 "
    f"ap-southeast-7 eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3 il-central-1 me-central-1 {_US}"
)
_CLAUDE: Final = (
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 "
    "ap-southeast-4 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 "
    f"eu-west-3 sa-east-1 us-west-1 {_US}"
)
_CLAUDE_3: Final = (
    "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-central-2 "
    "eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-west-2"
)
MODELS: Final[Mapping[str, Offered]] = {
    "amazon.nova-2-lite-v1:0": _offered(
        profile=f"{_NOVA} ap-southeast-4 ca-central-1 ca-west-1 eu-west-2 us-west-1",
    ),
    "amazon.nova-lite-v1:0": _offered(
        "ap-northeast-1 ap-southeast-2 ap-southeast-3 eu-north-1 eu-west-2 me-central-1 us-east-1",
        f"{_NOVA} ap-southeast-4 ca-central-1 ca-west-1 us-west-1",
    ),
    "amazon.nova-micro-v1:0": _offered("ap-southeast-2 eu-west-2 us-east-1", _NOVA),
    "amazon.nova-premier-v1:0": _offered(profile=_US),
    "amazon.nova-pro-v1:0": _offered(
        "ap-southeast-2 ap-southeast-3 eu-west-2 me-central-1 us-east-1", f"{_NOVA} ap-southeast-4 us-west-1"
    ),
    "anthropic.claude-3-haiku-20240307-v1:0": _offered(_CLAUDE_3, "eu-central-1 us-east-2"),
    "anthropic.claude-haiku-4-5-20251001-v1:0": _offered(profile=_CLAUDE),
    "anthropic.claude-opus-4-5-20251101-v1:0": _offered(profile=_CLAUDE),
    "anthropic.claude-opus-4-6-v1": _offered(profile=f"{_CLAUDE} ap-southeast-5"),
    "anthropic.claude-sonnet-4-20250514-v1:0": _offered(
        profile=f"{_NOVA} ap-northeast-3 ap-south-2 ap-southeast-4 us-west-1"
    ),
    "anthropic.claude-sonnet-4-5-20250929-v1:0": _offered(
        profile=f"{_CLAUDE} af-south-1 ca-west-1 me-south-1 mx-central-1"
    ),
    "meta.llama3-3-70b-instruct-v1:0": _offered("us-east-2", _US),
    "mistral.ministral-3-14b-instruct": _offered(_OPEN),
    "mistral.ministral-3-8b-instruct": _offered(_OPEN),
    "openai.gpt-oss-120b-1:0": _offered(f"{_OPEN} ap-southeast-3 eu-central-1 eu-north-1"),
    "openai.gpt-oss-20b-1:0": _offered(f"{_OPEN} ap-southeast-3 eu-central-1 eu-north-1"),
}
"""Models that answer text, by id."""


def geography(model_id: str) -> str | None:
    """Return the geography of an inference profile; None = a model of the region itself."""
    first = model_id.partition(".")[0]
    return first if first in GEOGRAPHIES else None
