"""IAM: nobody may do everything, or make itself somebody who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.documents import unknown_document
from policy.reading.harm import DATA, OPENING
from policy.reading.permissions import ESCALATION, everything, taken, whole_services
from policy.rule import Rule, Severity, WhenUnknown, resource_rule
from policy.table import forbidden
from policy.tokens import ATTACHMENTS, INLINE_PERMISSIONS, PERMISSIONS, ROLES, USERS
from policy.values import Mark, UnknownValueError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.reading.documents import Document
    from policy.reading.permissions import Step
    from policy.resources import Resource
    from policy.rule import Settings

_ADMIN_POLICIES: Final = frozenset(
    {"AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "AdministratorAccess-Amplify", "SystemAdministrator",
     "AdministratorAccess-AWSElasticBeanstalk"}
)  # fmt: skip
_WHOLE_BY_OTHER_NAMES: Final = frozenset(
    {"SecretsManagerReadWrite", "AWSKeyManagementServicePowerUser", "DatabaseAdministrator", "NetworkAdministrator",
     "DataScientist", "AmazonCognitoPowerUser"}
)  # fmt: skip
"""Policies of AWS that allow a service, or most of it, on everything, besides those that end in FullAccess."""
_ATTACHED: Final = (
    "policyArn", "policyArns", "managedPolicyArn", "managedPolicyArns", "policyAttachments", "managedPolicies",
)  # fmt: skip
_GUARDS: Final = ("policy", "inlinePolicies", "inlinePolicy")
HOLDERS: Final = (*PERMISSIONS, *INLINE_PERMISSIONS, *ROLES)
_TRUST: Final = "assumeRolePolicy"
_GUIDE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"


def permissions(holder: Resource) -> Iterator[Document]:
    """Yield what a policy, or a role's inline policies, permit; then raise where one is not known yet."""
    yield from (document for document in holder.documents if not document.where.startswith(_TRUST))
    unknown = unknown_document(holder)
    if unknown and not unknown.startswith(_TRUST):
        raise UnknownValueError(unknown)


@resource_rule(
    "iam-no-admin-policy",
    on=HOLDERS,
    severity=Severity.CRITICAL,
    controls=(
        "IAM.1",
        "CIS-1.15",
        "CKV_AWS_1",
        "CKV_AWS_49",
        "CKV_AWS_62",
        "CKV_AWS_63",
        "CKV_AWS_107",
        "CKV_AWS_108",
        "CKV_AWS_109",
        "CKV_AWS_110",
        "CKV_AWS_286",
        "CKV_AWS_287",
        "CKV_AWS_288",
        "CKV_AWS_289",
        "CKV2_AWS_40",
        "AWS-0057",
    ),
    when_unknown=WhenUnknown.DEFER,
    remediation="name the actions and the resources that the work needs",
    guards=_GUARDS,
)
def no_admin_policy(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy allows every action on every resource.

    However it says so: by stars, by leaving out a few with NotAction, or by a list of ARNs that holds everything. A
    policy that names ARNs of the same update is judged again during it, before it is made.
    """
    for document in permissions(holder):
        if everything(document.statements):
            yield f"{document.where} allows every action on every resource; allowed: named ones"


@resource_rule(
    "iam-no-star-actions",
    on=HOLDERS,
    severity=Severity.HIGH,
    controls=("IAM.21", "CKV_AWS_49", "CKV_AWS_63", "CKV_AWS_109", "CKV_AWS_289", "CKV2_AWS_40"),
    when_unknown=WhenUnknown.DEFER,
    remediation="name the actions, or the resources on which the service may do everything",
    guards=_GUARDS,
)
def no_star_actions(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy allows a whole service on every resource.

    Nine tenths of a service's actions are the whole of it. One that allows everything breaks iam-no-admin-policy alone.
    """
    for document in permissions(holder):
        whole = [] if everything(document.statements) else list(whole_services(document.statements))
        if whole:
            shown = ", ".join(f"{service}:*" for service in whole[:_SHOWN]) + (", ..." if len(whole) > _SHOWN else "")
            yield f"{document.where} allows {shown} on every resource; allowed: named actions"


_SHOWN: Final = 5


@resource_rule(
    "iam-no-escalation",
    on=HOLDERS,
    severity=Severity.HIGH,
    controls=("CKV_AWS_107", "CKV_AWS_110", "CKV_AWS_286", "CKV_AWS_287", "NIST-AC-6"),
    url=_GUIDE,
    when_unknown=WhenUnknown.DEFER,
    remediation="name the roles, users or policies by ARN, or bind the statement by iam:PermissionsBoundary",
    guards=_GUARDS,
)
def no_escalation(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy lets its holder become more than it is.

    Who may rewrite any policy, write any role's, or run a workload as any role has what they have. Actions on named
    roles, users and policies are fine, and so are those under a permissions boundary or on tagged ones.
    """
    yield from _on_all(holder, ESCALATION)


def _on_all(holder: Resource, steps: Sequence[Step]) -> Iterator[str]:
    """Yield what is allowed on all; a document that allows everything breaks iam-no-admin-policy alone."""
    for document in permissions(holder):
        found = [] if everything(document.statements) else list(taken(document.statements, steps))
        if found:
            shown = "; ".join(f"{step.action} ({step.what})" for step in found[:_SHOWN])
            more = f"; {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            yield f"{document.where} allows {shown}{more}; allowed: on named ones"


@resource_rule(
    "iam-no-data-on-all",
    on=HOLDERS,
    severity=Severity.HIGH,
    controls=("KMS.1", "KMS.2", "CKV_AWS_107", "CKV_AWS_108", "CKV_AWS_287", "CKV_AWS_288"),
    when_unknown=WhenUnknown.DEFER,
    remediation="name the resources by ARN or by their beginning, or bind the statement by a tag of the resource",
    guards=_GUARDS,
)
def no_data_on_all(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy lets its holder read or change data wherever it is.

    Secrets, parameters, what keys encrypt, objects, items, messages, databases, snapshots, code. All of a kind is all,
    in one account or region, too. A condition on the resource's tag, or on the service that decrypts, says which.
    """
    yield from _on_all(holder, DATA)


@resource_rule(
    "iam-no-opening-on-all",
    on=HOLDERS,
    severity=Severity.HIGH,
    controls=("CKV_AWS_109", "CKV_AWS_289", "NIST-AC-6"),
    url=_GUIDE,
    when_unknown=WhenUnknown.DEFER,
    remediation="name the resources by ARN, or bind the statement by a tag of the resource",
    guards=_GUARDS,
)
def no_opening_on_all(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No policy lets its holder open what it likes to others, or blind who watches.

    Policies of resources, access lists, shares of snapshots and images; trails, detectors, backups and keys. Grants of
    keys for resources of AWS are fine.
    """
    yield from _on_all(holder, OPENING)


@resource_rule(
    "iam-no-admin-managed",
    on=(*ATTACHMENTS, *ROLES),
    severity=Severity.HIGH,
    controls=("IAM.1", "CKV_AWS_274", "CKV_AWS_275", "CKV2_AWS_56"),
    when_unknown=WhenUnknown.PASS,
    remediation="attach a policy that names what the work needs",
    guards=_ATTACHED,
)
def no_admin_managed(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No role carries one of AWS's administrator policies.

    Their ARNs are constants, so one that is not known yet is a policy of the program itself.
    """
    for where, arn in _attached(holder):
        if arn.rpartition("/")[2] in _ADMIN_POLICIES:
            yield f"{where} is {arn}; allowed: any policy but {', '.join(sorted(_ADMIN_POLICIES))}"


@resource_rule(
    "iam-no-star-managed",
    on=(*ATTACHMENTS, *ROLES),
    severity=Severity.HIGH,
    controls=("IAM.21", "NIST-AC-6"),
    when_unknown=WhenUnknown.PASS,
    remediation="attach a policy that names what the work needs",
    guards=_ATTACHED,
)
def no_star_managed(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No role carries a policy of AWS that allows a whole service on everything.

    Those whose names end in FullAccess, and some whose names do not say so. It is what iam-no-star-actions refuses in a
    document. Administrators' policies break iam-no-admin-managed alone.
    """
    for where, arn in _attached(holder):
        name = arn.rpartition("/")[2]
        whole = name.endswith("FullAccess") or name in _WHOLE_BY_OTHER_NAMES
        if ":iam::aws:policy/" in arn and whole and name not in _ADMIN_POLICIES:
            yield f"{where} is {arn}; allowed: policies that name actions or resources"


def _attached(holder: Resource) -> Iterator[tuple[str, str]]:
    """Yield path and ARN of each attached policy that is known."""
    for where, value in (leaf for key in _ATTACHED for leaf in holder.each(key)):
        found = value if isinstance(value, list | tuple) else [value]
        yield from ((where, str(arn)) for arn in map(plain, found) if not isinstance(arn, Mark))


RULES: Final[tuple[Rule, ...]] = (
    no_admin_policy,
    no_star_actions,
    no_escalation,
    no_data_on_all,
    no_opening_on_all,
    no_admin_managed,
    no_star_managed,
    forbidden(
        "iam-no-users", "People and programs come by role, not as IAM users",
        why="A user's keys never expire.",
        on=USERS, severity=Severity.MEDIUM, controls=("CIS-1.20", "CKV_AWS_273", "CKV_AWS_348"),
        url=_GUIDE,
        remediation="use a role: single sign-on for people, pod identity or instance roles for programs",
    ),
)  # fmt: skip
