"""IAM: nobody may do everything, or make itself somebody who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.documents import unknown_document
from policy.reading.permissions import escalations, everything, whole_services
from policy.rule import Rule, Severity, WhenUnknown, resource_rule
from policy.table import forbidden
from policy.tokens import ATTACHMENTS, INLINE_PERMISSIONS, PERMISSIONS, ROLES, USERS
from policy.values import Mark, UnknownValueError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.reading.documents import Document
    from policy.resources import Resource
    from policy.rule import Settings

_ADMIN_POLICIES: Final = frozenset(
    {"AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "AdministratorAccess-Amplify", "SystemAdministrator",
     "AdministratorAccess-AWSElasticBeanstalk"}
)  # fmt: skip
_ATTACHED: Final = (
    "policyArn", "policyArns", "managedPolicyArn", "managedPolicyArns", "policyAttachments", "managedPolicies",
)  # fmt: skip
_GUARDS: Final = ("policy", "inlinePolicies", "inlinePolicy")
_HOLDERS: Final = (*PERMISSIONS, *INLINE_PERMISSIONS, *ROLES)
_TRUST: Final = "assumeRolePolicy"


def _permissions(holder: Resource) -> Iterator[Document]:
    """Yield what a policy, or a role's inline policies, permit; then raise where one is not known yet."""
    yield from (document for document in holder.documents if not document.where.startswith(_TRUST))
    unknown = unknown_document(holder)
    if unknown and not unknown.startswith(_TRUST):
        raise UnknownValueError(unknown)


@resource_rule(
    "iam-no-admin-policy",
    on=_HOLDERS,
    severity=Severity.CRITICAL,
    controls=("IAM.1", "CIS-1.15", "CKV_AWS_62"),
    when_unknown=WhenUnknown.DEFER,
    remediation="name the actions and the resources that the work needs",
    guards=_GUARDS,
)
def no_admin_policy(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy allows every action on every resource.

    However it says so: by stars, by leaving out a few with NotAction, or by a list of ARNs that holds everything. A
    policy that names ARNs of the same update is judged again during it, before it is made.
    """
    for document in _permissions(holder):
        if everything(document.statements):
            yield f"{document.where} allows every action on every resource; allowed: named ones"


@resource_rule(
    "iam-no-star-actions",
    on=_HOLDERS,
    severity=Severity.HIGH,
    controls=("IAM.21", "CKV_AWS_63"),
    when_unknown=WhenUnknown.DEFER,
    remediation="name the actions, or the resources on which the service may do everything",
    guards=_GUARDS,
)
def no_star_actions(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy allows a whole service on every resource.

    Nine tenths of a service's actions are the whole of it. One that allows everything breaks iam-no-admin-policy alone.
    """
    for document in _permissions(holder):
        whole = [] if everything(document.statements) else list(whole_services(document.statements))
        if whole:
            shown = ", ".join(f"{service}:*" for service in whole[:_SHOWN]) + (", ..." if len(whole) > _SHOWN else "")
            yield f"{document.where} allows {shown} on every resource; allowed: named actions"


_SHOWN: Final = 5


@resource_rule(
    "iam-no-escalation",
    on=_HOLDERS,
    severity=Severity.HIGH,
    controls=("CKV_AWS_286", "NIST-AC-6"),
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="name the roles, users or policies by ARN, or bind the statement by iam:PermissionsBoundary",
    guards=_GUARDS,
)
def no_escalation(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy lets its holder become more than it is.

    Who may rewrite any policy, write any role's, or run a workload as any role has what they have. Actions on named
    roles, users and policies are fine, and so are those under a permissions boundary or on tagged ones.
    """
    for document in _permissions(holder):
        steps = [] if everything(document.statements) else list(escalations(document.statements))
        if steps:
            shown = "; ".join(f"{step.action} ({step.what})" for step in steps)
            yield f"{document.where} allows {shown}; allowed: on named ones"


@resource_rule(
    "iam-no-admin-managed",
    on=(*ATTACHMENTS, *ROLES),
    severity=Severity.HIGH,
    controls=("IAM.1", "CKV_AWS_274", "CKV2_AWS_56"),
    when_unknown=WhenUnknown.PASS,
    remediation="attach a policy that names what the work needs",
    guards=_ATTACHED,
)
def no_admin_managed(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No role carries one of AWS's administrator policies.

    Their ARNs are constants, so one that is not known yet is a policy of the program itself.
    """
    for where, value in (leaf for key in _ATTACHED for leaf in holder.each(key)):
        found = value if isinstance(value, list | tuple) else [value]
        for arn in (plain(item) for item in found):
            if not isinstance(arn, Mark) and str(arn).rpartition("/")[2] in _ADMIN_POLICIES:
                yield f"{where} is {arn}; allowed: any policy but {', '.join(sorted(_ADMIN_POLICIES))}"


RULES: Final[tuple[Rule, ...]] = (
    no_admin_policy,
    no_star_actions,
    no_escalation,
    no_admin_managed,
    forbidden(
        "iam-no-users", "People and programs come by role, not as IAM users",
        why="A user's keys never expire.",
        on=USERS, severity=Severity.MEDIUM, controls=("CIS-1.20", "CKV_AWS_273"),
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        remediation="use a role: single sign-on for people, pod identity or instance roles for programs",
    ),
)  # fmt: skip
