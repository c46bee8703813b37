"""`eks:index:Cluster`: control plane, its role, access entries, Kubernetes provider and add-ons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws
from pulumi_aws import eks

from standins.ekscomponent import access, addons, inputs
from standins.ekscomponent.kubeconfig import compact
from standins.ekscomponent.role import ServiceRole
from standins.ekscomponent.shape import control_plane, core, kubeconfig_of, outputs, present

if TYPE_CHECKING:
    from collections.abc import Mapping

KUBERNETES_VERSION = "4.34.2"
"""Version of the Kubernetes provider the component asks for: the SDK's, of which one renderer serves all."""

OFFICIAL_KUBERNETES = "4.19.0"
"""Version that the official component asks for (pulumi-eks 4.3.0): a second plugin beside the program's own."""

IGNORED = ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"]
"""Set once, at creation: AWS reports other defaults later, and a difference would replace the cluster."""


class Cluster(pulumi.ComponentResource):
    """A cluster with API authentication, without default node group and without default security groups.

    Unlike pulumi-eks it does not wait for the API server of a public endpoint: the embedded AWS has none to wait for.
    """

    outputs: dict[str, Any]

    def __init__(self, name: str, given: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        inputs.refuse(inputs.cluster(given), inputs.CLUSTER)
        super().__init__("eks:index:Cluster", name, dict(given), opts)
        created = None if "serviceRole" in given else self._role(name, given)
        cluster = self._control_plane(name, given, created)
        for addon in ("kube-proxy", "coredns"):
            if addons.wanted(addon, given):
                addons.built_in(name, addon, cluster, given, self)
        provider = self._kubernetes(name, given, cluster)
        entries = access.create(name, cluster, given.get("accessEntries", {}), self)
        vpc_cni = None
        if not given.get("useDefaultVpcCni"):
            inside = pulumi.ResourceOptions(parent=self, depends_on=entries, providers={"kubernetes": provider})
            vpc_cni = addons.VpcCniAddon(f"{name}-vpc-cni", cluster, given, inside)
        role = given["serviceRole"] if created is None else created.role
        made = {"cluster": cluster, "provider": provider, "vpcCni": vpc_cni, "clusterIamRole": role}
        self.outputs = outputs(cluster, core(given, made), given.get("clusterSecurityGroup"))
        self.register_outputs(self.outputs)

    def _role(self, name: str, given: Mapping[str, Any]) -> ServiceRole:
        partition = pulumi_aws.get_partition_output(opts=pulumi.InvokeOptions(parent=self)).apply(
            lambda result: result.partition
        )
        inside = pulumi.ResourceOptions(parent=self)
        return ServiceRole(f"{name}-eksRole", ["AmazonEKSClusterPolicy"], partition, given.get("tags"), inside)

    def _control_plane(self, name: str, given: Mapping[str, Any], created: ServiceRole | None) -> eks.Cluster:
        """Create the control plane once its role has its policies."""
        if created is None:
            arn = pulumi.Output.from_input(given["serviceRole"]).apply(lambda role: role.arn)
        else:
            arn = created.role.arn
        opts = pulumi.ResourceOptions(parent=self, ignore_changes=IGNORED, depends_on=created and created.ready)
        return eks.Cluster(f"{name}-eksCluster", role_arn=arn, opts=opts, **control_plane(name, given))

    def _kubernetes(self, name: str, given: Mapping[str, Any], cluster: eks.Cluster) -> pulumi.ProviderResource:
        document = kubeconfig_of(cluster, given.get("providerCredentialOpts"), with_profile=True)
        mutable = given.get("enableConfigMapMutable")
        config = {
            "kubeconfig": document.apply(compact),
            "enableConfigMapMutable": None if mutable is None else pulumi.Output.from_input(mutable).apply(compact),
        }
        opts = pulumi.ResourceOptions(parent=self, version=KUBERNETES_VERSION)
        return pulumi.ProviderResource("kubernetes", f"{name}-eks-k8s", present(config), opts)
