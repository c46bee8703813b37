"""One EKS add-on at an exact version, with the role of its service account by pod identity where it calls AWS.

Raw `aws.eks.Addon`: pulumi-eks's components have no pod identity. Conflicts are resolved in favour of what is declared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import eks as aws_eks
from pulumi_aws import iam

from components.base import child, named
from components.iam import Statement, document, trust_pods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.cluster import AddonName


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """Service account of an add-on that calls AWS, and the managed policy that AWS keeps for it."""

    namespace: str
    """Kubernetes namespace that EKS installs the add-on into."""
    name: str
    """Kubernetes service account."""
    policy: str
    """AWS managed policy, below `arn:aws:iam::aws:policy/`."""
    uses_volume_key: bool = False
    """True if it makes volumes under the `cluster` key."""


SERVICE_ACCOUNTS: Final[Mapping[AddonName, ServiceAccount]] = {
    "vpc-cni": ServiceAccount(namespace="kube-system", name="aws-node", policy="AmazonEKS_CNI_Policy"),
    "aws-ebs-csi-driver": ServiceAccount(
        namespace="kube-system",
        name="ebs-csi-controller-sa",
        policy="service-role/AmazonEBSCSIDriverPolicy",
        uses_volume_key=True,
    ),
    "amazon-cloudwatch-observability": ServiceAccount(
        namespace="amazon-cloudwatch", name="cloudwatch-agent", policy="CloudWatchAgentServerPolicy"
    ),
}
"""Add-ons that call AWS (EKS user guide, "AWS add-ons", 2026-11); the others need no role."""

BEFORE_NODES: Final[tuple[AddonName, ...]] = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")
"""Add-ons that run on every node and make it ready; all others need nodes to run on."""


@dataclass(frozen=True, kw_only=True)
class AddonArgs:
    """What an add-on is built from."""

    addon: AddonName
    """EKS's name of the add-on."""
    version: str
    """Exact version."""
    cluster_name: pulumi.Output[str]
    """Cluster that it is installed on."""
    cluster_arn: str
    """The only cluster whose pods may assume the add-on's role."""
    volume_key_arn: pulumi.Output[str] | None = None
    """Key of the volumes that the EBS driver makes; None for any other add-on."""
    configuration: Mapping[str, object] = field(default_factory=dict)
    """Configuration values, as the add-on's own schema names them; empty = its defaults."""
    after: Sequence[pulumi.Resource] = ()
    """What the add-on's pods need to start: node groups, a role that the stack gives them."""
    own_role: bool = True
    """Whether an add-on that calls AWS brings its role; False = its service account has one of the stack's."""


class Addon(pulumi.ComponentResource):
    """An add-on and, where it calls AWS, its role."""

    addon: aws_eks.Addon
    """The add-on itself, for nodes that need it before they start."""

    def __init__(self, name: str, args: AddonArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:Addon", name, None, opts)
        self._name = name
        self._args = args
        account = SERVICE_ACCOUNTS.get(args.addon) if args.own_role else None
        self.addon = self._addon(account, self._role(account) if account else None)
        self.register_outputs({"arn": self.addon.arn})

    def _addon(self, account: ServiceAccount | None, role_arn: pulumi.Output[str] | None) -> aws_eks.Addon:
        associations = (
            [aws_eks.AddonPodIdentityAssociationArgs(role_arn=role_arn, service_account=account.name)]
            if account and role_arn
            else None
        )
        return aws_eks.Addon(
            named(self._name, "addon"),
            cluster_name=self._args.cluster_name,
            addon_name=self._args.addon,
            addon_version=self._args.version,
            configuration_values=json.dumps(self._args.configuration, sort_keys=True)
            if self._args.configuration
            else None,
            pod_identity_associations=associations,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            # An add-on whose pods find no node stays DEGRADED until the provider's wait ends in an error.
            opts=child(self, depends_on=self._args.after),
        )

    def _role(self, account: ServiceAccount) -> pulumi.Output[str]:
        role = iam.Role(
            named(self._name, "role"),
            description=f"Pods of the EKS add-on {self._args.addon}",
            assume_role_policy=trust_pods(
                cluster_arn=self._args.cluster_arn, namespace=account.namespace, service_account=account.name
            ),
            opts=child(self),
        )
        policies: list[pulumi.Resource] = [
            iam.RolePolicyAttachment(
                named(self._name, "policy"),
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{account.policy}",
                opts=child(self),
            )
        ]
        if account.uses_volume_key and self._args.volume_key_arn is not None:
            policies.append(self._volume_key_policy(role, self._args.volume_key_arn))
        return pulumi.Output.all(role.arn, *[policy.urn for policy in policies]).apply(lambda values: str(values[0]))

    def _volume_key_policy(self, role: iam.Role, key_arn: pulumi.Output[str]) -> iam.RolePolicy:
        key = [key_arn]
        return iam.RolePolicy(
            named(self._name, "volume-key"),
            role=role.name,
            policy=document(
                Statement(
                    sid="EncryptVolumes",
                    reason="persistent volumes are encrypted by the cluster key; the managed policy names no key",
                    actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
                    resources=key,
                ),
                Statement(
                    sid="LendKeyToVolumes",
                    reason="EC2 decrypts the volume's data key by a grant when it attaches the volume",
                    actions=["kms:CreateGrant"],
                    resources=key,
                    conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
                ),
            ),
            opts=child(self),
        )
