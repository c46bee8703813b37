"""Bedrock's Converse, always through the guardrail.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (2026-11)
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.agents.task import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.agents.settings import Guarded

LONGEST_ANSWER: Final = 4096
"""Tokens of an answer."""
_INTERVENED: Final = "guardrail_intervened"
_FILTERED: Final = "content_filtered"
_HARMLESS: Final = frozenset({"NONE", "ANONYMIZED"})
"""What a guardrail may have done to an answer that is an answer still."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bedrock:
    """A model behind a guardrail.

    Attributes:
        bedrock: A client of `bedrock-runtime`.
        guarded: Which model, which guardrail.
    """

    bedrock: Any
    guarded: Guarded

    def answer(self, prompt: str) -> Outcome:
        """Return what the model answers, or that the guardrail refuses prompt or answer.

        A refusal is logged with what the guardrail's policies found, by kind and action; the prompt is not.

        Raises:
            botocore.exceptions.ClientError: Bedrock refused the call.
            ValueError: There is neither an answer nor a refusal.
        """
        said = self.bedrock.converse(
            modelId=self.guarded.model,
            messages=[{"role": "user", "content": [{"text": prompt}]}],
            inferenceConfig={"maxTokens": LONGEST_ANSWER},
            guardrailConfig={
                "guardrailIdentifier": self.guarded.guardrail,
                "guardrailVersion": self.guarded.version,
                "trace": "enabled",
            },
        )
        text = "".join(part.get("text", "") for part in said["output"]["message"]["content"])
        found = sorted(set(_found(said.get("trace", {}))))
        if said["stopReason"] == _FILTERED or (said["stopReason"] == _INTERVENED and not _masked_only(found)):
            logger.warning("refused by the guardrail", extra={"guardrail": self.guarded.guardrail, "found": found})
            return Outcome(State.REFUSED, reason=text or "refused by the guardrail")
        if not text:
            raise ValueError(f"no answer: it stopped by {said['stopReason']!r}")
        return Outcome(State.DONE, text=text)


def _masked_only(found: list[tuple[str, str]]) -> bool:
    """Say whether a guardrail that intervened only masked; where it does not say what it found, it did not."""
    return bool(found) and all(action in _HARMLESS for _, action in found)


def _found(trace: object, policy: str = "") -> Iterator[tuple[str, str]]:
    """Each finding of a trace: the policy it is of, and what was done."""
    if isinstance(trace, dict):
        if isinstance(trace.get("action"), str):
            yield policy, trace["action"]
        for name, value in trace.items():
            yield from _found(value, name if name.endswith("Policy") else policy)
    elif isinstance(trace, list):
        for value in trace:
            yield from _found(value, policy)
