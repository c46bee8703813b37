"""Trust policies of roles: who may assume them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.accounts import own_accounts
from policy.reading.documents import statements
from policy.reading.logic import sift
from policy.reading.trust import is_bound, strangers
from policy.rule import Rule, Setting, Severity, WhenUnknown, resource_rule
from policy.tokens import ROLES
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.reading.statement import Statement
    from policy.resources import Resource
    from policy.rule import Settings

_TRUST: Final = "assumeRolePolicy"
_GUIDE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide"


@resource_rule(
    "iam-trust-not-public",
    on=ROLES,
    severity=Severity.CRITICAL,
    controls=("CKV_AWS_60",),
    url=f"{_GUIDE}/id_roles_update-role-trust-policy.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="name the principals, or add a condition on the organization or the source",
    guards=(_TRUST,),
)
def trust_not_public(role: Resource, _settings: Settings) -> Iterator[str]:
    """Roles are assumed by whom they name."""
    for statement in sift(statements(role, _TRUST), lambda each: each.is_public):
        yield f"{_TRUST}: {statement.label} trusts everyone; allowed: named principals"


@resource_rule(
    "iam-oidc-sub-bound",
    on=ROLES,
    severity=Severity.CRITICAL,
    controls=("CKV_AWS_358", "CKV_AWS_393"),
    url=f"{_GUIDE}/id_roles_create_for-idp_oidc.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="add a condition on the provider's sub with owner and repository, or namespace and service account",
    guards=(_TRUST,),
)
def subject_bound(role: Resource, _settings: Settings) -> Iterator[str]:
    """Roles for tokens of an identity provider say whose tokens.

    GitHub, GitLab, HCP Terraform and their like vouch for every customer, and a cluster for every pod, with one and the
    same audience. So `sub` has to name an owner or a namespace, with no wildcard up to its end. Issuers whose audience
    is the owner's own, such as a Cognito identity pool, may be bound by it.
    """

    def loose(statement: Statement) -> bool:
        return statement.allows and not is_bound(statement)

    for statement in sift(statements(role, _TRUST), loose):
        yield f"{_TRUST}: {statement.label} trusts tokens of other tenants; allowed: a sub with a fixed owner"


@resource_rule(
    "iam-trust-other-account",
    on=ROLES,
    severity=Severity.HIGH,
    controls=("CKV_AWS_61", "NIST-AC-3"),
    url=f"{_GUIDE}/id_roles_create_for-user_externalid.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="add a condition on sts:ExternalId, the organization or the principal, or name the account in accounts",
    settings={
        "accounts": Setting(
            [],
            {"type": "array", "items": {"type": "string"}},
            "accounts that roles may trust; default: allowedAccountIds of the role's provider",
        )
    },
    guards=(_TRUST,),
)
def trusts_no_stranger(role: Resource, settings: Settings) -> Iterator[str]:
    """Roles trust other accounts only under a condition.

    An account's administrators choose who comes in its name. Which account is one's own the provider says by
    allowedAccountIds; where it does not, whole accounts need a condition, and named roles of any account are fine.
    """
    own = {*settings.strings("accounts"), *own_accounts(role)}
    for statement in sift(statements(role, _TRUST), lambda each: bool(strangers(each, own))):
        shown = show(strangers(statement, own))
        yield f"{_TRUST}: {statement.label} trusts {shown}; allowed: accounts of one's own, or a condition"


RULES: Final[tuple[Rule, ...]] = (trust_not_public, subject_bound, trusts_no_stranger)
