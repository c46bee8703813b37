"""IAM role for a service with managed policies attached, as a component of its own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import iam

from standins.ekscomponent.kubeconfig import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
        super().__init__("eks:index:ServiceRole", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.role = iam.Role(
            f"{name}-role",
            description="Allows EKS to manage clusters on your behalf.",
            assume_role_policy=trust("eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
            tags=tags,
            opts=inside,
        )
        attachments = [
            iam.RolePolicyAttachment(
                f"{name}-{suffix(f'arn:aws:iam::aws:policy/{policy}')}",
                policy_arn=pulumi.Output.format("arn:{0}:iam::aws:policy/{1}", partition, policy),
                role=self.role.name,
                opts=inside,
            )
            for policy in policies
        ]
        self.ready = [self.role, *attachments]
        self.register_outputs({"resolvedRole": self.role, "directRole": self.role})
