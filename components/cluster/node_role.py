"""The IAM role of the nodes: join the cluster, pull images, be reached by Session Manager. Nothing that a pod needs."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_aws import iam

from components.base import child, named
from components.iam import trust_service

POLICIES: Final = {
    # kubelet describes its instance; the pod identity agent exchanges tokens (eks-auth:AssumeRoleForPodIdentity)
    "worker": "AmazonEKSWorkerNodePolicy",
    # read-only image pulls; AmazonEC2ContainerRegistryReadOnly would also list and scan
    "images": "AmazonEC2ContainerRegistryPullOnly",
    # Session Manager in place of SSH: no key pair, no open port
    "sessions": "AmazonSSMManagedInstanceCore",
}
"""Managed policies of the node role. Without AmazonEKS_CNI_Policy: the CNI has a role of its own by pod identity."""


class NodeRole(pulumi.ComponentResource):
    """Role that every node of the cluster assumes."""

    arn: pulumi.Output[str]
    """ARN, known once every policy is attached: no node starts before its permissions."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:NodeRole", name, None, opts)
        role = iam.Role(
            named(name, "role"),
            description="Nodes of the EKS cluster",
            assume_role_policy=trust_service("ec2.amazonaws.com", reason="EC2 hands the role to each node"),
            opts=child(self),
        )
        attachments = [
            iam.RolePolicyAttachment(
                named(name, purpose),
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=child(self),
            )
            for purpose, policy in POLICIES.items()
        ]
        self.arn = pulumi.Output.all(role.arn, *[attachment.urn for attachment in attachments]).apply(
            lambda values: str(values[0])
        )
        self.register_outputs({"arn": self.arn})
