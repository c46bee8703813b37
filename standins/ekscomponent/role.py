"""IAM role for a service with managed policies attached, as a component of its own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam

from standins.ekscomponent.kubeconfig import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_SERVICE: Final = "eks.amazonaws.com"
_DESCRIPTION: Final = "Allows EKS to manage clusters on your behalf."


def suffix(policy: str) -> str:
    """Return the part of an attachment's name that stands for its policy: eight digits of the ARN's SHA-1."""
    return hashlib.sha1(policy.encode(), usedforsecurity=False).hexdigest()[:8]


def trust(service: str, actions: Sequence[str]) -> str:
    """Return the trust policy that lets a service assume the role."""
    statement = {"Action": list(actions), "Effect": "Allow", "Principal": {"Service": [service]}}
    return compact({"Version": "2012-10-17", "Statement": [statement]})


class ServiceRole(pulumi.ComponentResource):
    """`eks:index:ServiceRole`: the role is usable when `ready` has been created, not before."""

    role: iam.Role
    ready: list[pulumi.Resource]
    """The role and its attachments; depend on them."""

    def __init__(
        self,
        name: str,
        policies: Sequence[str],
        partition: pulumi.Output[str],
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        arns = {
            f"arn:aws:iam::aws:policy/{policy}": pulumi.Output.format("arn:{0}:iam::aws:policy/{1}", partition, policy)
            for policy in policies
        }
        attached = [{"id": identity, "arn": arn} for identity, arn in arns.items()]
        inputs = {"service": _SERVICE, "description": _DESCRIPTION, "managedPolicyArns": attached, "tags": tags}
        super().__init__("eks:index:ServiceRole", name, inputs, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.role = iam.Role(
            f"{name}-role",
            description=_DESCRIPTION,
            assume_role_policy=trust(_SERVICE, ["sts:AssumeRole", "sts:TagSession"]),
            tags=tags,
            opts=inside,
        )
        attachments = [
            iam.RolePolicyAttachment(
                f"{name}-{suffix(identity)}",
                policy_arn=arn,
                role=self.role.name,
                opts=inside,
            )
            for identity, arn in arns.items()
        ]
        self.ready = [self.role, *attachments]
        self.register_outputs({"resolvedRole": self.role, "directRole": self.role})
