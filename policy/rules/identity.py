"""IAM: nobody is administrator of everything, and roles are assumed by whom they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.document import statements
from policy.rule import Rule, Severity, WhenUnknown, resource_rule
from policy.table import forbidden
from policy.tokens import ATTACHMENTS, PERMISSIONS, ROLES, USERS
from policy.values import Mark, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.document import Statement
    from policy.resources import Resource
    from policy.rule import Settings

_EVERY_ACTION: Final = ("*", "*:*")
_ADMIN_POLICIES: Final = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
_GUARDS: Final = ("policy", "inlinePolicies")


def _permissions(holder: Resource) -> Iterator[Statement]:
    """Yield the statements of a policy, or of a role's inline policies."""
    if holder.type in ROLES:
        for inline in holder.blocks("inlinePolicies"):
            yield from statements(inline, "policy")
    else:
        yield from statements(holder, "policy")


@resource_rule(
    "iam-no-admin-policy",
    on=(*PERMISSIONS, *ROLES),
    severity=Severity.CRITICAL,
    controls=("IAM.1", "CIS-1.15", "CKV_AWS_62"),
    when_unknown=WhenUnknown.DEFER,
    remediation="name the actions and the resources that the work needs",
    guards=_GUARDS,
)
def no_admin_policy(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy allows every action on every resource.

    A policy that names ARNs of the same update is judged again during it, before it is made.
    """
    for statement in _permissions(holder):
        if statement.allows and "*" in statement.resources and set(statement.actions) & set(_EVERY_ACTION):
            yield f"policy: {statement.label} allows every action on every resource; allowed: named ones"


@resource_rule(
    "iam-no-star-actions",
    on=(*PERMISSIONS, *ROLES),
    severity=Severity.HIGH,
    controls=("IAM.21", "CKV_AWS_63", "AWS-0345"),
    when_unknown=WhenUnknown.DEFER,
    remediation="name the actions, or the resources on which the service may do everything",
    guards=_GUARDS,
)
def no_star_actions(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy allows a whole service on every resource."""
    for statement in _permissions(holder):
        if statement.allows and "*" in statement.resources:
            whole = [action for action in statement.actions if action.endswith(":*") and action != "*:*"]
            if whole:
                yield f"policy: {statement.label} allows {', '.join(whole)} on every resource; allowed: named actions"


@resource_rule(
    "iam-no-admin-managed",
    on=(*ATTACHMENTS, *ROLES),
    severity=Severity.HIGH,
    controls=("IAM.1", "CKV_AWS_274", "CKV2_AWS_56"),
    when_unknown=WhenUnknown.PASS,
    remediation="attach a policy that names what the work needs",
    guards=("policyArn", "managedPolicyArns"),
)
def no_admin_managed(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No role carries one of AWS's administrator policies.

    Their ARNs are constants, so one that is not known yet is a policy of the program itself.
    """
    keys = ("managedPolicyArns",) if holder.type in ROLES else ("policyArn",)
    for where, value in (leaf for key in keys for leaf in holder.each(key)):
        found = value if isinstance(value, list | tuple) else [value]
        for arn in (plain(item) for item in found):
            if not isinstance(arn, Mark) and str(arn).rpartition("/")[2] in _ADMIN_POLICIES:
                yield f"{where} is {arn}; allowed: any policy but {', '.join(_ADMIN_POLICIES)}"


@resource_rule(
    "iam-trust-not-public",
    on=ROLES,
    severity=Severity.CRITICAL,
    controls=("CKV_AWS_60", "CKV_AWS_61"),
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="name the principals, or add a condition on the organization or the source",
    guards=("assumeRolePolicy",),
)
def trust_not_public(role: Resource, _settings: Settings) -> Iterator[str]:
    """Roles are assumed by whom they name."""
    for statement in statements(role, "assumeRolePolicy"):
        if statement.is_public:
            yield f"assumeRolePolicy: {statement.label} trusts everyone; allowed: named principals"


RULES: Final[tuple[Rule, ...]] = (
    no_admin_policy,
    no_star_actions,
    no_admin_managed,
    trust_not_public,
    forbidden(
        "iam-no-users", "People and programs come by role, not as IAM users",
        why="A user's keys never expire.",
        on=USERS, severity=Severity.MEDIUM, controls=("CIS-1.20", "CKV_AWS_273"),
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        remediation="use a role: single sign-on for people, pod identity or instance roles for programs",
    ),
)  # fmt: skip
