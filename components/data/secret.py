"""The secret that opens a data service: kept by Secrets Manager under the `secrets` key, with a value from birth.

The value is drawn in memory when the secret is made, and never again: later runs keep what the state holds, encrypted,
and rotation makes that worthless, at once in RDS, at the second rotation in ElastiCache. The service takes the value
from the version's output, not from the draw, so that a run which ends half-way, or a version that is lost and made
again, leaves secret and service with the same value.

RDS could manage the password itself, but refuses to for a source of read replicas. Write-only arguments (`password_wo`)
would keep the value out of the state, but give secret and service one draw each after a run that ended half-way.
"""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import secretsmanager

from components.base import child, named, stateful

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD_LENGTH: Final = 40
"""Characters; ElastiCache takes 16 to 128, RDS for PostgreSQL 8 to 128."""
RECOVERY_DAYS: Final = 30
"""Days in which a deleted secret can be brought back (Secrets Manager's longest)."""
_ALPHABET: Final = string.ascii_letters + string.digits  # what both RDS and ElastiCache accept


@dataclass(frozen=True, kw_only=True)
class SecretArgs:
    """What a secret is built from."""

    description: str
    """What it opens."""
    key_arn: pulumi.Output[str]
    """Key of the domain `secrets`."""
    content: Mapping[str, str]
    """What the secret says beside the password: who logs in, and what rotation must change."""


class Secret(pulumi.ComponentResource):
    """A secret and the value it is born with."""

    arn: pulumi.Output[str]
    """ARN of the secret."""
    password: pulumi.Output[str]
    """The value at birth, secret; the service is created with it."""

    def __init__(self, name: str, args: SecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Secret", name, None, opts)
        secret = secretsmanager.Secret(
            named(name, "secret"),
            description=args.description,
            kms_key_id=args.key_arn,
            recovery_window_in_days=RECOVERY_DAYS,
            opts=stateful(self),
        )
        version = secretsmanager.SecretVersion(
            named(name, "birth"),
            secret_id=secret.id,
            secret_string=pulumi.Output.secret(json.dumps({**args.content, "password": draw_password()})),
            opts=child(self, ignore_changes=["secretString"]),  # every run draws anew; only the first draw counts
        )
        self.arn = secret.arn
        self.password = pulumi.Output.secret(version.secret_string.apply(password_of))
        self.register_outputs({"arn": self.arn})


def draw_password() -> str:
    """Return a new password of letters and digits, 238 bits of chance."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(PASSWORD_LENGTH))


def password_of(secret_string: str | None) -> str:
    """Return the password in a secret's JSON value.

    Raises:
        ValueError: The value holds none.
    """
    password = json.loads(secret_string or "{}").get("password")
    if not isinstance(password, str) or not password:
        raise ValueError("the secret's value holds no password")
    return password
