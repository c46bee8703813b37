"""What the documents of an identity let it do: everything, a whole service, or some actions on all there is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from policy.reading.actions import by_service
from policy.reading.logic import every, sift, some
from policy.reading.patterns import NEARLY_ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.reading.conditions import Test
    from policy.reading.statement import Statement

_BOUND: Final = (
    "iam:permissionsboundary", "iam:policyarn", "iam:resourcearn", "kms:viaservice", "kms:resourcealiases",
    "kms:requestalias", "kms:encryptioncontext", "kms:grantisforawsresource", "dynamodb:leadingkeys",
    "s3:dataaccesspoint", "bedrock:inferenceprofilearn",
)  # fmt: skip
"""Beginnings of condition keys that say which identities, policies or resources are meant, or through what."""
_BOUND_WITHIN: Final = (":resourcetag/",)


@dataclass(frozen=True)
class Step:
    """Something that lets its holder become more than it is."""

    action: str
    kind: str
    """What the action is done to, as ARNs of IAM begin; empty: anything of the service."""
    what: str
    """In words."""
    of: str = ""
    """The service whose ARNs say what it is done to; empty: that of the action."""

    @property
    def service(self) -> str:
        """The service whose resources are meant."""
        return self.of or self.action.partition(":")[0]


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
    Step("sts:AssumeRole", "role/", "assume any role that lets the account in", of="iam"),
    Step("lambda:UpdateFunctionCode", "function:", "run its code as the role of any function"),
    Step("lambda:UpdateFunctionConfiguration", "function:", "put a layer of its own below any function"),
    Step("iam:PutRolePermissionsBoundary", "role/", "widen the boundary of any role"),
    Step("iam:PutUserPermissionsBoundary", "user/", "widen the boundary of any user"),
    Step("iam:DetachRolePolicy", "role/", "take away what denies any role"),
    Step("iam:DeleteRolePolicy", "role/", "take away what denies any role"),
    Step("iam:UpdateAccessKey", "user/", "switch old keys of any user on"),
    Step("iam:CreateServiceSpecificCredential", "user/", "make passwords of any user"),
    Step("iam:ResetServiceSpecificCredential", "user/", "change passwords of any user"),
    Step("iam:UploadSSHPublicKey", "user/", "log in as any user"),
    Step("iam:UploadSigningCertificate", "user/", "sign as any user"),
    Step("iam:DeactivateMFADevice", "user/", "take the second factor of any user away"),
    Step("iam:UpdateSAMLProvider", "saml-provider/", "vouch for whom it likes"),
    Step("ssm:SendCommand", "instance/", "run commands as the role of any instance", of="ec2"),
    Step("ssm:StartSession", "instance/", "log in to any instance", of="ec2"),
    Step("ec2-instance-connect:SendSSHPublicKey", "instance/", "log in to any instance", of="ec2"),
    Step("ecs:ExecuteCommand", "task/", "run commands as the role of any task"),
    Step("eks:CreateAccessEntry", "cluster/", "let itself into any cluster"),
    Step("eks:AssociateAccessPolicy", "access-entry/", "administer any cluster"),
    Step("codebuild:StartBuild", "project/", "run commands as the role of any project"),
    Step("cloudformation:UpdateStack", "stack/", "act as the role of any stack"),
    Step("cloudformation:ExecuteChangeSet", "stack/", "act as the role of any stack"),
    Step("states:UpdateStateMachine", "stateMachine:", "act as the role of any state machine"),
    Step("sagemaker:CreatePresignedNotebookInstanceUrl", "notebook-instance/", "be the role of any notebook"),
    Step("datapipeline:PutPipelineDefinition", "pipeline/", "act as the role of any pipeline"),
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


def taken(statements: Sequence[Statement], steps: Sequence[Step]) -> Iterator[Step]:
    """Yield those of some actions that are allowed on all there is, with no condition that says on which.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    allowing = [each for each in statements if each.allows]
    denying = [each for each in statements if each.denies and not each.conditions]

    def is_taken(step: Step) -> bool:
        return every(
            lambda: some(allowing, lambda each: _takes(each, step)),
            lambda: not some(denying, lambda each: _takes(each, step)),
        )

    yield from sift(steps, is_taken)


def _takes(statement: Statement, step: Step) -> bool:
    return every(
        lambda: statement.actions.cover(step.action),
        lambda: statement.resources.cover_all(step.service, step.kind),
        lambda: not some(statement.conditions, says_which),
    )


def says_which(test: Test) -> bool:
    """Tell whether a condition says which resources are meant, or through what."""
    return test.needs_key and (test.key.startswith(_BOUND) or any(part in test.key for part in _BOUND_WITHIN))
