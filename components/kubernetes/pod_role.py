"""The IAM role of the pods of one service account, by pod identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import eks as aws_eks
from pulumi_aws import iam

from components.base import child, named
from components.iam import Statement, document, trust_pods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.cluster.outputs import ClusterOutputs


@dataclass(frozen=True, kw_only=True)
class PodRoleArgs:
    """What the role is built from."""

    purpose: str
    """What the pods do, for who reads the console."""
    cluster: ClusterOutputs
    """Cluster that they run on."""
    namespace: str
    """Their namespace."""
    service_account: str
    """Their service account."""
    statements: Sequence[Statement]
    """What they may do."""


class PodRole(pulumi.ComponentResource):
    """Role and association."""

    association: aws_eks.PodIdentityAssociation
    """Pods that start before it get no credentials until they start again."""
    policy: iam.RolePolicy
    """What they may do; what only they can undo must not outlive it."""

    def __init__(self, name: str, args: PodRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:kubernetes:PodRole", name, None, opts)
        role = iam.Role(
            named(name, "role"),
            description=args.purpose,
            assume_role_policy=trust_pods(
                cluster_arn=args.cluster.arn, namespace=args.namespace, service_account=args.service_account
            ),
            opts=child(self),
        )
        self.policy = iam.RolePolicy(
            named(name, "policy"), role=role.name, policy=document(*args.statements), opts=child(self)
        )
        self.association = aws_eks.PodIdentityAssociation(
            named(name, "identity"),
            cluster_name=args.cluster.name,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            opts=child(self),
        )
        self.register_outputs({})
