"""Fargate profiles: pods that run without nodes, and the role by which Fargate starts them (docs/adr/0065-fargate.md).

EKS takes one change of profiles at a time, so each waits for the one before. It makes the access entry of the role
itself. A profile's pods join the cluster's own security group; what else admits them, the Kubernetes layer says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import eks as aws_eks
from pulumi_aws import iam

from components.base import child, named, singleton
from components.cluster.plan import cluster_name
from components.iam import trust_service
from config.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.network.outputs import NetworkOutputs
    from config.cluster import Cluster as ClusterSettings
    from config.cluster import FargateProfile
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class FargateArgs:
    """What the profiles are built from."""

    settings: ClusterSettings
    """The stack file's `cluster`; it has profiles."""
    identity: Identity
    """The stack file's `identity`."""
    cluster_name: pulumi.Output[str]
    """Cluster that they belong to."""
    network: NetworkOutputs
    """Subnets that their pods live in."""


class Fargate(pulumi.ComponentResource):
    """All profiles of the cluster, and the role that their pods are started by."""

    profiles: Sequence[aws_eks.FargateProfile]
    """The profiles, in the order in which they are made."""

    def __init__(self, name: str, args: FargateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:Fargate", name, None, opts)
        self._name = name
        self._args = args
        role = self._role()
        # Profiles name their role; without this policy Fargate pulls no image.
        before: list[pulumi.Resource] = [
            iam.RolePolicyAttachment(
                named(name, "images"),
                role=role.name,
                policy_arn="arn:aws:iam::aws:policy/AmazonEKSFargatePodExecutionRolePolicy",
                opts=child(self),
            )
        ]
        self.profiles = []
        for short, profile in args.settings.fargate_profiles.items():
            made = self._profile(short, profile, role, before)
            before = [made]
            self.profiles = [*self.profiles, made]
        self.register_outputs({})

    def _role(self) -> iam.Role:
        identity = self._args.identity
        profiles = f"arn:aws:eks:{identity.region}:{identity.account_id}:fargateprofile/{cluster_name(identity)}/*"
        return iam.Role(
            named(self._name, "role"),
            description="Fargate: pulls images of pods and joins them to the cluster",
            assume_role_policy=trust_service(
                "eks-fargate-pods.amazonaws.com",
                reason="Fargate starts pods of this cluster's profiles",
                conditions={"ArnLike": {"aws:SourceArn": profiles}},
            ),
            opts=child(self),
        )

    def _profile(
        self, short: str, profile: FargateProfile, role: iam.Role, before: Sequence[pulumi.Resource]
    ) -> aws_eks.FargateProfile:
        network = self._args.network
        return aws_eks.FargateProfile(
            named(self._name, short),
            cluster_name=self._args.cluster_name,
            fargate_profile_name=short,
            pod_execution_role_arn=role.arn,
            subnet_ids=network.subnets(profile.tier or network.tier_of(Cluster.serves), profile.zones),
            selectors=[
                aws_eks.FargateProfileSelectorArgs(namespace=one.namespace, labels=one.labels or None)
                for one in profile.selectors
            ],
            opts=singleton(child(self, depends_on=before)),
        )
