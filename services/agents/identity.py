"""Whose request it is: a tenant and a subject, from the claims of a token that was verified before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_TENANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""What a tenant may be called: a part of keys of a table and of a bucket."""


class Unidentified(Exception):  # noqa: N818 - answered with 401
    """It is not known whose request it is."""


@dataclass(frozen=True)
class Identity:
    """Whose request it is.

    Attributes:
        tenant: The tenant: 1 to 64 letters, digits and `_.-`, of which the first is a letter or a digit.
        subject: Who of it.
    """

    tenant: str
    subject: str


def identify(claims: Mapping[str, object], tenant_claim: str) -> Identity:
    """Return whose token it is.

    Args:
        claims: What the token says.
        tenant_claim: The claim that names the tenant, such as `custom:tenant`.

    Raises:
        Unidentified: A claim is missing or is no tenant.
    """
    tenant, subject = claims.get(tenant_claim), claims.get("sub")
    if not isinstance(tenant, str) or not _TENANT.fullmatch(tenant):
        raise Unidentified(f"claim {tenant_claim!r}: not a tenant")
    if not isinstance(subject, str) or not subject:
        raise Unidentified("claim 'sub': missing")
    return Identity(tenant, subject)
