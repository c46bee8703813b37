"""What the documents of an identity let it do: everything, a whole service, or more than it was given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from policy.reading.actions import by_service
from policy.reading.logic import every, sift, some
from policy.reading.patterns import NEARLY_ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.reading.statement import Statement

_BOUND: Final = ("iam:permissionsboundary", "iam:policyarn", "aws:resourcetag/", "iam:resourcetag/", "iam:resourcearn")
"""Condition keys that say which identities or policies are meant."""


@dataclass(frozen=True)
class Step:
    """Something that lets its holder become more than it is."""

    action: str
    kind: str
    """What the action is done to, as ARNs of IAM begin; empty: anything of the service."""
    what: str
    """In words."""


ESCALATION: Final = (
    Step("iam:CreatePolicyVersion", "policy/", "rewrite any policy"),
    Step("iam:SetDefaultPolicyVersion", "policy/", "bring back any version of any policy"),
    Step("iam:AttachUserPolicy", "user/", "attach any policy to any user"),
    Step("iam:AttachGroupPolicy", "group/", "attach any policy to any group"),
    Step("iam:AttachRolePolicy", "role/", "attach any policy to any role"),
    Step("iam:PutUserPolicy", "user/", "write a policy of any user"),
    Step("iam:PutGroupPolicy", "group/", "write a policy of any group"),
    Step("iam:PutRolePolicy", "role/", "write a policy of any role"),
    Step("iam:AddUserToGroup", "group/", "join any group"),
    Step("iam:UpdateAssumeRolePolicy", "role/", "let itself assume any role"),
    Step("iam:CreateAccessKey", "user/", "make keys of any user"),
    Step("iam:CreateLoginProfile", "user/", "give any user a password"),
    Step("iam:UpdateLoginProfile", "user/", "change the password of any user"),
    Step("iam:DeleteRolePermissionsBoundary", "role/", "take the boundary of any role away"),
    Step("iam:DeleteUserPermissionsBoundary", "user/", "take the boundary of any user away"),
    Step("iam:PassRole", "role/", "run a workload as any role"),
    Step("sts:AssumeRole", "role/", "assume any role that lets the account in"),
    Step("lambda:UpdateFunctionCode", "function:", "run its code as the role of any function"),
    Step("glue:UpdateDevEndpoint", "devEndpoint/", "log in to any endpoint, and so be its role"),
    Step("sso:PutInlinePolicyToPermissionSet", "permissionSet/", "write a policy of any permission set"),
    Step("sso:AttachManagedPolicyToPermissionSet", "permissionSet/", "attach any policy to any permission set"),
)
"""After the public lists of ways to escalate privileges in AWS (Rhino Security Labs, PMapper), November 2026."""


def everything(statements: Sequence[Statement]) -> bool:
    """Tell whether together they allow every action, or nearly every one, on all resources.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    wide = [each for each in statements if each.allows and _names_all_services(each)]
    if not wide:
        return False
    services = by_service()
    whole = sum(some(wide, partial(_whole, service)) for service in services)
    return whole >= NEARLY_ALL * len(services)


def whole_services(statements: Sequence[Statement]) -> Iterator[str]:
    """Yield the services of which the statements together allow every action on every resource.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    allowed = [each for each in statements if each.allows]
    named = dict.fromkeys(service for each in allowed for service in _services(each))
    yield from sift(named, lambda service: some(allowed, partial(_whole, service)))


def _names_all_services(statement: Statement) -> bool:
    return len(statement.actions.services) == len(by_service())


def _services(statement: Statement) -> Sequence[str]:
    """Return the services that a statement may be about: those of its actions, unless its ARNs name fewer."""
    by_action = statement.actions.services
    by_arn = statement.resources.services
    return [service for service in by_arn if service in by_action] if by_arn else by_action


def _whole(service: str, statement: Statement) -> bool:
    return every(
        lambda: statement.actions.all_of(service, share=NEARLY_ALL), lambda: statement.resources.cover_all(service)
    )


def escalations(statements: Sequence[Statement]) -> Iterator[Step]:
    """Yield what lets the holder become more than it is, on all identities and with no condition that says which.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    allowing = [each for each in statements if each.allows]
    denying = [each for each in statements if each.denies and not each.conditions]

    def taken(step: Step) -> bool:
        return every(
            lambda: some(allowing, lambda each: _takes(each, step)),
            lambda: not some(denying, lambda each: _takes(each, step)),
        )

    yield from sift(ESCALATION, taken)


def _takes(statement: Statement, step: Step) -> bool:
    service = step.action.partition(":")[0]
    return every(
        lambda: statement.actions.cover(step.action),
        lambda: statement.resources.cover_all(service if service != "sts" else "iam", step.kind),
        lambda: not some(statement.conditions, lambda test: test.key.startswith(_BOUND) and test.needs_key),
    )
