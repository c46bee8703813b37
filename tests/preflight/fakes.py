"""An account that answers as set, for what the embedded AWS cannot be brought to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from preflight.account import Account

if TYPE_CHECKING:
    from collections.abc import Mapping


class FakeAccount(Account):
    """Answers calls from a table of operations; a call that is not in it fails the test."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.calls, self._answers = 0, answers

    def ask(self, service: str, operation: str, region: str, **request: Any) -> Any:  # noqa: ANN401  boto3 has no types
        """Return the answer to an operation, or raise it."""
        del region, request
        self.calls += 1
        answer = self._answers[f"{service}:{operation}"]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def has_endpoint(self, service: str, region: str) -> bool:
        """Whether a service is known to have an endpoint in a region."""
        return bool(service and region)
