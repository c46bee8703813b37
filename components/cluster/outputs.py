"""What later areas may know of the cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from config.cluster import PodIdentity


@dataclass(frozen=True, kw_only=True)
class ClusterOutputs(Outputs):
    """The cluster as other areas see it."""

    name: pulumi.Output[str]
    """Physical name; who uses it waits for the control plane, and is destroyed before it."""
    arn: str
    """ARN of the cluster; computed from its name, so it waits for nothing and fits into trust policies."""
    security_group_id: pulumi.Output[str]
    """Security group that EKS makes for the control plane and the nodes."""
    oidc_issuer: pulumi.Output[str]
    """Issuer of service-account tokens, without `https://`."""
    node_role_arn: pulumi.Output[str]
    """Role of every node."""
    kubeconfig: pulumi.Output[str]
    """Kubeconfig of the API server, without a credential in it; known once nodes and add-ons are ready for pods."""
    admitted: Sequence[pulumi.Resource]
    """Rules that let whoever deploys reach the API server. Waited for, not read: a kubeconfig that hangs on a rule yet
    to be made would be unknown to a preview."""
    ready_name: pulumi.Output[str]
    """Physical name, known once pods run and the monitoring identity has its role."""
    group_names: Mapping[str, pulumi.Output[str]]
    """Node group -> the Auto Scaling group that EKS made for it: dimension of its metrics."""
    identity_provider_arn: pulumi.Output[str] | None = None
    """IAM identity provider of the cluster, for pods on Fargate; None where no identity has pods there."""
    pod_roles: Mapping[PodIdentity, pulumi.Output[str]] = field(default_factory=dict)
    """Service account -> name of the role that its pods have by `cluster.identities.monitoring`."""

    def exports(self) -> Mapping[str, pulumi.Input[str]]:
        """Return name and ARN of the cluster."""
        return {"cluster_name": self.name, "cluster_arn": self.arn}


@dataclass(frozen=True, kw_only=True)
class AgentsSpace(Outputs):
    """What the Kubernetes layer has made for CloudWatch's agents; EKS adopts it."""

    objects: Sequence[pulumi.Resource]
    """Their namespace with its bounds, and their service account."""
