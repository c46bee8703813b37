"""Whom the trust policy of a role lets in, and which identity providers have other tenants than its owner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.reading.conditions import says_who
from policy.reading.logic import sift, some
from policy.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Collection

    from policy.reading.conditions import Test
    from policy.reading.statement import Principal, Statement

_PROVIDER: Final = ":oidc-provider/"
_SAML: Final = ":saml-provider/"
_BY_AUDIENCE: Final = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"}
)
"""Issuers whose audience is the owner's: an identity pool, or an application that the owner registered."""
_AUDIENCES: Final = frozenset({"aud", "app_id", "oaud", "azp"})
_OWNER_CLAIMS: Final = frozenset(
    {"repository_owner", "repository_owner_id", "repository_id", "enterprise_id", "namespace_id", "organization_id"}
)
_PARTS: Final = re.compile(r"[:/]")
_OWNER_AT: Final = {"pulumi": 3, "system": 2}
"""Part of a subject that names its owner, by its first part; else the second: `repo:OWNER/...`,
`project_path:OWNER/...`, `organization:OWNER:...`, `org/OWNER/...`."""


def owner_is_fixed(subject: str) -> bool:
    """Tell whether a pattern of subjects names the owner whose workloads may come, without a wildcard up to its end.

    GitHub: repo:OWNER/REPOSITORY:CONTEXT. GitLab: project_path:GROUP/PROJECT:... Kubernetes:
    system:serviceaccount:NAMESPACE:NAME.
    """
    if "${" in subject:
        return False
    start = re.split(r"[*?]", subject, maxsplit=1)[0]
    if start == subject:
        return bool(subject)
    whole = _PARTS.split(start)[:-1]
    last = _OWNER_AT.get(whole[0], 1) if whole else 1
    return len(whole) > last and all(whole[: last + 1])


def is_bound(statement: Statement) -> bool:
    """Tell whether a condition on the token keeps out other tenants of the identity providers that it trusts.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    providers = [one for one in statement.principals if one.kind == "Federated"]
    return not some(providers, lambda one: not _binds(statement, one))


def _binds(statement: Statement, provider: Principal) -> bool:
    issuer = provider.text.partition(_PROVIDER)[2] or provider.text
    if _SAML in issuer:
        return True
    return some(statement.conditions, lambda test: _names_tenant(test, issuer))


def _names_tenant(test: Test, issuer: str) -> bool:
    asked, _, claim = test.key.rpartition(":")
    if not test.needs_key or not test.equals or asked != issuer.lower():
        return False
    if claim in _AUDIENCES and issuer.lower() in _BY_AUDIENCE:
        return test.fixed(lambda value: value)
    if claim == "sub":
        return bool(test.values) and not some(test.values, lambda value: not owner_is_fixed(_text(value, test)))
    return claim in _OWNER_CLAIMS and test.fixed(lambda value: value)


def _text(value: object, test: Test) -> str:
    if not isinstance(value, str):
        raise UnknownValueError(test.where)
    return value


def strangers(statement: Statement, own: Collection[str]) -> list[str]:
    """Return the principals of other accounts that a statement trusts, with no condition that says more than which.

    Args:
        statement: one of a role's trust.
        own: accounts that are trusted; where there are none, only whole accounts count as strangers.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    if not statement.allows:
        return []

    def strange(one: Principal) -> bool:
        if one.kind not in ("AWS", "*") or not one.account.isdigit() or one.account in own:
            return False
        return bool(own) or one.is_account

    found = list(sift(statement.principals, strange))
    return [one.text for one in found] if found and not some(statement.conditions, _says_more) else []


def _says_more(test: Test) -> bool:
    """Tell whether a condition names who in the account, or shares a secret with it."""
    if test.key == "sts:externalid":
        return test.needs_key and test.equals and test.fixed(lambda value: value)
    return says_who(test)
