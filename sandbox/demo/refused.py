"""A prompt that a guardrail refuses, by what the guardrail says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLES: Final[Mapping[str, str]] = {
    "AWS_ACCESS_KEY": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "CREDIT_DEBIT_CARD_NUMBER": "4111 1111 1111 1111",
    "EMAIL": "ann@example.com",
    "IP_ADDRESS": "192.0.2.1",
    "MAC_ADDRESS": "00:00:5E:00:53:01",
    "PHONE": "+1 202 555 0100",
    "URL": "https://example.com/",
    "US_SOCIAL_SECURITY_NUMBER": "078-05-1120",
}
"""Kind of personal data of Bedrock -> one that is nobody's: of documentation, of tests, or withdrawn."""


def prompt(guardrail: Mapping[str, Any]) -> str | None:
    """Return a prompt that a guardrail refuses; None where it names neither words nor personal data of `SAMPLES`.

    Args:
        guardrail: As `GetGuardrail` answers it. Filters of content and denied topics are judged by a model of AWS, so
            that no prompt is certain to be refused by them.
    """
    for word in guardrail.get("wordPolicy", {}).get("words", []):
        return f"How is {word['text']} made?"
    for kind in guardrail.get("sensitiveInformationPolicy", {}).get("piiEntities", []):
        if kind["action"] == "BLOCK" and kind["type"] in SAMPLES:
            return f"Whose is {SAMPLES[kind['type']]}?"
    return None
