"""Answers that refuse a request, and how they are described."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.event_handler import Response

from services.agents.messages import Refusal, Wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

JSON: Final = "application/json"
REFUSED: Final[dict[str, Any]] = {JSON: {"model": Refusal}}
REFUSALS: Final[dict[int, Any]] = {
    HTTPStatus.UNAUTHORIZED: {"description": "No token, or one that names no tenant", "content": REFUSED},
    HTTPStatus.UNPROCESSABLE_ENTITY: {"description": "Not what is asked for here", "content": REFUSED},
    HTTPStatus.SERVICE_UNAVAILABLE: {"description": "Ask again, with the same key", "content": REFUSED},
}
"""Status -> what it means on every route that needs a token."""


def refusal(
    status: HTTPStatus,
    headers: dict[str, str | list[str]] | None = None,
    *,
    message: str = "",
    wrong: Sequence[Wrong] = (),
) -> Response[str]:
    """Return an answer that refuses a request.

    Args:
        status: Its status.
        headers: Headers of it.
        message: Why; by default what the status says.
        wrong: What is wrong with the request.
    """
    said = Refusal(message=message or status.phrase, wrong=list(wrong))
    return Response(status, JSON, said.model_dump_json(), headers=headers)
