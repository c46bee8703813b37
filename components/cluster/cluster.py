"""The EKS cluster of a stack: control plane, node groups, add-ons, and the monitoring role.

Not here: what runs on the cluster, and the application role (it needs the data services, so it stands there).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import iam

from components.base import child, named
from components.cluster.addon import BEFORE_NODES, SERVICE_ACCOUNTS, Addon, AddonArgs
from components.cluster.control_plane import ControlPlane, ControlPlaneArgs
from components.cluster.fargate import Fargate, FargateArgs
from components.cluster.monitoring import Monitoring, MonitoringArgs
from components.cluster.node_group import NodeGroup, NodeGroupArgs
from components.cluster.node_role import NodeRole
from components.cluster.outputs import ClusterOutputs
from components.cluster.plan import cluster_arn, cni_configuration
from config.facts.services import ADDON_ACCOUNTS, AGENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.cluster import AddonName
    from config.cluster import Cluster as ClusterSettings
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """What the cluster is built from."""

    settings: ClusterSettings
    """The stack file's `cluster`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Subnets and security groups."""
    keys: KeysOutputs
    """`cluster` encrypts secrets and volumes, `logs` the control-plane logs."""
    tags: Mapping[str, str]
    """Tags of the stack, for what EC2 makes out of a launch template; the provider's default tags do not reach it."""
    active: bool = False
    """Whether a standby serves in its primary's place; a primary has no counts of its own for that."""


class Cluster(pulumi.ComponentResource):
    """EKS cluster with its node groups and add-ons."""

    outputs: ClusterOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:Cluster", name, None, opts)
        self._name = name
        self._args = args
        self._control_plane = self._make_control_plane()
        self._node_role = NodeRole(named(name, "nodes"), opts=child(self))
        foundation = self._addons(BEFORE_NODES, after=())
        groups = self._node_groups(after=[made.addon for made in foundation])
        for_all = self._untainted(groups)
        later = [addon for addon in args.settings.addons if addon not in (*BEFORE_NODES, AGENTS)]
        addons = self._addons(later, after=[made.group for made in for_all])
        monitoring = self._monitoring()
        provider = self._identity_provider()
        if args.settings.fargate_profiles:
            self._fargate()
        ready = [*[made.group_name for made in for_all], *[made.addon.arn for made in (*foundation, *addons)]]
        self.outputs = ClusterOutputs(
            name=self._control_plane.name,
            arn=cluster_arn(args.identity),
            security_group_id=self._control_plane.component.cluster_security_group_id,
            oidc_issuer=self._control_plane.component.oidc_issuer,
            identity_provider_arn=provider.arn if provider else None,
            node_role_arn=self._node_role.arn,
            kubeconfig=self._control_plane.kubeconfig_after(ready),
            admitted=self._control_plane.admitted,
            ready_name=pulumi.Output.all(
                self._control_plane.name, *ready, *([monitoring.association.association_arn] if monitoring else [])
            ).apply(lambda values: str(values[0])),
            pod_roles={args.settings.identities["monitoring"]: monitoring.role_name} if monitoring else {},
            group_names={group: made.group_name for group, made in zip(args.settings.node_groups, groups, strict=True)},
        )
        self.register_outputs({"name": self.outputs.name, "arn": self.outputs.arn})

    def _make_control_plane(self) -> ControlPlane:
        args = ControlPlaneArgs(
            settings=self._args.settings,
            identity=self._args.identity,
            network=self._args.network,
            keys=self._args.keys,
        )
        return ControlPlane(named(self._name, "control-plane"), args, opts=child(self))

    def _addons(self, names: Collection[AddonName], after: Sequence[pulumi.Resource]) -> list[Addon]:
        addons = self._args.settings.addons
        return [
            Addon(
                named(self._name, addon),
                AddonArgs(
                    addon=addon,
                    version=addons[addon].version,
                    cluster_name=self._control_plane.name,
                    cluster_arn=cluster_arn(self._args.identity),
                    volume_key_arn=self._args.keys.arn("cluster"),
                    configuration=self._configuration(addon),
                    after=after,
                ),
                opts=child(self),
            )
            for addon in names
        ]

    def _configuration(self, addon: AddonName) -> Mapping[str, object]:
        settings = self._args.settings
        if addon != "vpc-cni":
            return {}
        return cni_configuration(settings.pod_addresses, network_policies=settings.network_policies)

    def _node_groups(self, after: Sequence[pulumi.Resource]) -> list[NodeGroup]:
        settings = self._args.settings
        return [
            NodeGroup(
                named(self._name, group),
                NodeGroupArgs(
                    group=group,
                    settings=group_settings,
                    version=settings.version,
                    cluster=self._control_plane.component,
                    network=self._args.network,
                    key_arn=self._args.keys.arn("cluster"),
                    node_role_arn=self._node_role.arn,
                    tags=self._args.tags,
                    after=after,
                    cluster_name=self._control_plane.name,
                    active=self._args.active,
                ),
                opts=child(self),
            )
            for group, group_settings in settings.node_groups.items()
        ]

    def _untainted(self, groups: Sequence[NodeGroup]) -> Sequence[NodeGroup]:
        """Return the groups that any pod may run on. DNS does not wait for GPUs, which a region may be out of."""
        settings = self._args.settings.node_groups.values()
        return [made for made, group in zip(groups, settings, strict=True) if not group.taints]

    def _fargate(self) -> None:
        args = FargateArgs(
            settings=self._args.settings,
            identity=self._args.identity,
            cluster_name=self._control_plane.name,
            network=self._args.network,
        )
        Fargate(named(self._name, "fargate"), args, opts=child(self))

    def _identity_provider(self) -> iam.OpenIdConnectProvider | None:
        """Make the IAM identity provider of the cluster where pods of an identity run on Fargate."""
        settings = self._args.settings
        if not any(settings.on_fargate(one.namespace) for one in settings.identities.values()):
            return None
        return iam.OpenIdConnectProvider(
            named(self._name, "identity-provider"),
            url=pulumi.Output.concat("https://", self._control_plane.component.oidc_issuer),
            client_id_lists=["sts.amazonaws.com"],
            opts=child(self),
        )

    def _monitoring(self) -> Monitoring | None:
        pods = self._args.settings.identities.get("monitoring")
        if pods is None:
            return None
        for addon in self._args.settings.addons:
            account = SERVICE_ACCOUNTS.get(addon)
            same = account and (account.namespace, account.name) == (pods.namespace, pods.service_account)
            if account and same and addon != AGENTS:
                raise ValueError(
                    f"cluster.identities.monitoring: service account {account.namespace}/{account.name} already has "
                    f"the role of add-on {addon}, and takes one only; leave the identity or the add-on out"
                )
        args = MonitoringArgs(
            pods=pods,
            identity=self._args.identity,
            traces=self._args.settings.traces and (pods.namespace, pods.service_account) == ADDON_ACCOUNTS[AGENTS],
            cluster_name=self._control_plane.name,
        )
        return Monitoring(named(self._name, "monitoring"), args, opts=child(self))
