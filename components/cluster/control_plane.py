"""The control plane: pulumi-eks's `Cluster` with access entries, a private endpoint, encrypted secrets and all logs.

EKS's own group lets its members reach the API server; blocks that the stack file admits get a rule each.

Not here: nodes and add-ons. pulumi-eks would register kube-proxy and vpc-cni add-ons, a default node group and security
groups of its own; all four are switched off, so that each thing is made in one place. The service role is pulumi-eks's,
as another one would replace a cluster that stands; it gets the use of the secrets' key here. No IAM OIDC provider: pods
get their roles through EKS Pod Identity, and for those on Fargate `cluster.py` makes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_eks as eks
from pulumi_aws import cloudwatch, iam, vpc
from pulumi_aws import eks as aws_eks

from components.base import child, named, stateful
from components.cluster.plan import cluster_name, control_plane_log_group
from components.iam import Statement, document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network

    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.cluster import AccessEntry
    from config.cluster import Cluster as ClusterSettings
    from config.identity import Identity

_API_PORT: Final = 443


@dataclass(frozen=True, kw_only=True)
class ControlPlaneArgs:
    """What the control plane is built from."""

    settings: ClusterSettings
    """The stack file's `cluster`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """The control plane's interfaces go into the cluster's tier."""
    keys: KeysOutputs
    """`cluster` encrypts secrets, `logs` the control-plane logs."""


class ControlPlane(pulumi.ComponentResource):
    """EKS control plane and its log group."""

    component: eks.Cluster
    """pulumi-eks's component; node groups take it whole."""
    name: pulumi.Output[str]
    """Physical name, known once the cluster stands."""
    admitted: Sequence[vpc.SecurityGroupIngressRule]
    """Rules that let whoever deploys reach the API server."""

    def __init__(self, name: str, args: ControlPlaneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:ControlPlane", name, None, opts)
        self._name = name
        self._args = args
        self.component = self._cluster(self._log_group())
        physical_name = cluster_name(args.identity)
        # Taken from an output of the cluster, not written down again: it orders add-ons and associations after the
        # cluster, and on destroy before it, which depends_on a remote component does not.
        self.name = self.component.cluster_security_group_id.apply(lambda _: physical_name)
        self._use_of_secrets_key()
        self.admitted = [self._admit(block) for block in args.settings.private_access_cidrs]
        self.register_outputs({"name": self.name})

    def kubeconfig_after(self, ready: Sequence[pulumi.Output[str]]) -> pulumi.Output[str]:
        """Return the kubeconfig, known once `ready` is.

        Args:
            ready: What pods need to start, such as nodes and add-ons.
        """
        return pulumi.Output.all(self.component.kubeconfig_json, *ready).apply(lambda values: str(values[0]))

    def _admit(self, block: IPv4Network) -> vpc.SecurityGroupIngressRule:
        """Let a block reach the API server."""
        key = f"api-{str(block).translate(str.maketrans('./', '--'))}"
        return vpc.SecurityGroupIngressRule(
            named(self._name, key),
            security_group_id=self.component.cluster_security_group_id,
            ip_protocol="tcp",
            from_port=_API_PORT,
            to_port=_API_PORT,
            cidr_ipv4=str(block),
            description="Kubernetes API from who operates the cluster",
            tags={"Name": f"{cluster_name(self._args.identity)}-{key}"},
            opts=child(self),
        )

    def _log_group(self) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, "logs"),
            name=control_plane_log_group(cluster_name(self._args.identity)),
            retention_in_days=self._args.settings.log_retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _cluster(self, log_group: cloudwatch.LogGroup) -> eks.Cluster:
        settings = self._args.settings
        public = [str(block) for block in settings.public_access_cidrs]
        return eks.Cluster(
            named(self._name, "eks"),
            name=cluster_name(self._args.identity),
            version=settings.version,
            vpc_id=self._args.network.vpc_id,
            private_subnet_ids=self._args.network.subnets_of(settings.serves),
            endpoint_private_access=True,
            endpoint_public_access=bool(public),
            public_access_cidrs=public or None,
            authentication_mode=eks.AuthenticationMode.API,
            access_entries={name: access_entry(entry) for name, entry in settings.access.items()},
            encryption_config_key_arn=self._args.keys.arn("cluster"),
            enabled_cluster_log_types=list(settings.logs),
            deletion_protection=True,
            upgrade_policy=aws_eks.ClusterUpgradePolicyArgs(support_type=settings.support),
            bootstrap_self_managed_addons=False,
            use_default_vpc_cni=True,
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
            create_oidc_provider=False,
            skip_default_node_group=True,
            skip_default_security_groups=True,
            # Where the log group is missing, EKS makes it itself: unencrypted, kept for ever, and then in our way.
            opts=stateful(self, depends_on=[log_group]),
        )

    def _use_of_secrets_key(self) -> iam.RolePolicy:
        """Let the cluster's role use the key of Kubernetes secrets; the managed policy names no key."""
        role_arn: pulumi.Output[str] = self.component.eks_cluster.apply(lambda cluster: cluster.role_arn)
        return iam.RolePolicy(
            named(self._name, "secrets-key"),
            role=role_arn.apply(lambda arn: arn.rpartition("/")[2]),
            policy=document(
                Statement(
                    sid="UseSecretsKey",
                    reason="EKS checks the key, and opens secrets' data keys, as this role",
                    actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
                    resources=[self._args.keys.arn("cluster")],
                )
            ),
            opts=child(self),
        )


def access_entry(entry: AccessEntry) -> eks.AccessEntryArgs:
    """Return the EKS access entry of a principal: one access policy, for the cluster or for some namespaces."""
    scope = aws_eks.AccessPolicyAssociationAccessScopeArgs(
        type="namespace" if entry.namespaces else "cluster",
        namespaces=list(entry.namespaces) or None,
    )
    policy = eks.AccessPolicyAssociationArgs(
        policy_arn=f"arn:aws:eks::aws:cluster-access-policy/{entry.policy}", access_scope=scope
    )
    return eks.AccessEntryArgs(principal_arn=entry.principal_arn, access_policies={entry.policy: policy})
