"""Where things are: the environment of a function or of a container, judged at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

QUEUE: Final = "QUEUE_TASKS_URL"
TASKS: Final = "TABLE_TASKS_NAME"
CONNECTIONS: Final = "TABLE_CONNECTIONS_NAME"
ARTIFACTS: Final = "BUCKET_ARTIFACTS_NAME"
SOCKETS: Final = "SOCKETS_ENDPOINT"
"""Where messages to sockets are posted: the API's own name, or `https://<api>.execute-api.<region>.amazonaws.com/<stage>`
where its default endpoint is on."""
MODEL: Final = "MODEL_ID"
GUARDRAIL: Final = "GUARDRAIL_ID"
GUARDRAIL_VERSION: Final = "GUARDRAIL_VERSION"
DATABASE_HOST: Final = "POSTGRES_HOST"
DATABASE_PORT: Final = "POSTGRES_PORT"
DATABASE: Final = "POSTGRES_DATABASE"
DATABASE_USER: Final = "POSTGRES_USER"
ISSUER: Final = "TOKENS_ISSUER"
AUDIENCE: Final = "TOKENS_AUDIENCE"
KEYS: Final = "TOKENS_KEYS_URL"
TENANT_CLAIM: Final = "TOKENS_TENANT_CLAIM"


class Unset(ValueError):  # noqa: N818 - what is the matter, not whose error it is
    """The environment lacks something, or has something impossible."""


def need(environment: Mapping[str, str], *names: str) -> list[str]:
    """Return what variables say.

    Raises:
        Unset: Some are not set; all of them are named.
    """
    if missing := [name for name in names if not environment.get(name)]:
        raise Unset(f"not set: {', '.join(missing)}")
    return [environment[name] for name in names]


def tenant_claim(environment: Mapping[str, str]) -> str:
    """Return the claim of a token that names the tenant; `tenant` by default."""
    return environment.get(TENANT_CLAIM) or "tenant"


@dataclass(frozen=True)
class Guarded:
    """A model behind a guardrail.

    Attributes:
        model: Id or ARN of the model or of its inference profile.
        guardrail: Id or ARN of the guardrail.
        version: Its version, a number: DRAFT changes under those who use it.
    """

    model: str
    guardrail: str
    version: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Guarded:
        """Read it.

        Raises:
            Unset: A variable is missing, or the version is no number.
        """
        model, guardrail, version = need(environment, MODEL, GUARDRAIL, GUARDRAIL_VERSION)
        if not re.fullmatch(r"[1-9][0-9]{0,7}", version):
            raise Unset(f"{GUARDRAIL_VERSION}: {version!r} is not the number of a version")
        return cls(model, guardrail, version)
