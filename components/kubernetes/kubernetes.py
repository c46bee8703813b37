"""The Kubernetes layer: namespaces with their bounds, classes, controllers, pooling, and the application's way in.

Everything goes through one provider, made from the cluster's kubeconfig once nodes and add-ons are ready for pods. What
EKS installs as an add-on is not here (docs/adr/0013-kubernetes-layer.md), nor is the application.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes

from components.base import child, named
from components.kubernetes import application, device_plugin, fargate
from components.kubernetes.classes import classes
from components.kubernetes.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs
from components.kubernetes.karpenter import Karpenter, KarpenterArgs
from components.kubernetes.load_balancer_controller import ControllerArgs, LoadBalancerController
from components.kubernetes.manifest import declare, service_account
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.outputs import KubernetesOutputs
from components.kubernetes.pgbouncer import PgBouncer, PgBouncerArgs
from config.cluster import Cluster
from config.facts.instances import table
from config.facts.services import ADDON_ACCOUNTS, AGENTS
from config.rules.kubernetes import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.cluster.outputs import ClusterOutputs
    from components.data.outputs import DataOutputs
    from components.edge.outputs import RegionalEdgeOutputs
    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.cluster import Cluster as ClusterSettings
    from config.cluster import NodeGroup, PodIdentity, WorkloadName
    from config.identity import Identity
    from config.karpenter import NodePool
    from config.kubernetes import Kubernetes as KubernetesSettings


@dataclass(frozen=True, kw_only=True)
class KubernetesArgs:
    """What the layer is built from."""

    settings: KubernetesSettings
    """The stack file's `kubernetes`."""
    cluster_settings: ClusterSettings
    """The stack file's `cluster`: version, node groups, identities."""
    identity: Identity
    """The stack file's `identity`."""
    cluster: ClusterOutputs
    """Cluster that everything goes to."""
    network: NetworkOutputs
    """Blocks that pods may reach."""
    keys: KeysOutputs
    """`cluster` encrypts volumes, `secrets` the pooled user's secret."""
    data: DataOutputs | None
    """Database that PgBouncer stands before; no PgBouncer without one."""
    database: str | None
    """Database that PgBouncer's clients name; None where there is none."""
    edge: RegionalEdgeOutputs | None = None
    """Target group that the application's pods become targets of; None = no controller, no way in."""
    pooler_secret_arn: pulumi.Output[str] | None = None
    """Secret of the pooled user where another stack made it: a standby's replica. None in a primary."""
    pooler_after: Sequence[pulumi.Resource] = ()
    """What makes that replica: PgBouncer's pods do not start without it."""


class Kubernetes(pulumi.ComponentResource):
    """All that runs on the cluster beside the application."""

    outputs: KubernetesOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: KubernetesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # Without the identifier a kubeconfig that a preview does not know, as with each new node group, is another
        # cluster to the provider: it would show every object replaced.
        provider = pulumi_kubernetes.Provider(
            name,
            kubeconfig=args.cluster.kubeconfig,
            cluster_identifier=args.cluster.arn,
            opts=pulumi.ResourceOptions(depends_on=args.cluster.admitted),  # no input of it comes from these rules
        )
        inside = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[provider]))
        super().__init__("platform:kubernetes:Kubernetes", name, None, inside)
        self._name = name
        self._args = args
        self._classes = {
            (one["kind"], one["metadata"]["name"]): declare(self, name, one)
            for one in classes(args.settings, args.keys.arn("cluster"))
        }
        self._spaces = self._namespaces()
        accounts = self._service_accounts()
        self._fargate()
        self._cluster_autoscaler()
        self._karpenter()
        self._device_plugin()
        self._application(self._load_balancer_controller())
        pooler = self._pgbouncer()
        self.outputs = KubernetesOutputs(
            pooler_host=pooler.host if pooler else None,
            pooler_secret_arn=pooler.secret_arn if pooler else None,
            agents=self._agents(accounts),
        )
        self.register_outputs({"poolerHost": self.outputs.pooler_host})

    def _namespaces(self) -> Mapping[str, Namespace]:
        version, vpc = self._args.cluster_settings.version, str(self._args.network.cidr)
        ports = self._args.network.ports_of("isolated")
        return {
            namespace: Namespace(
                named(self._name, namespace),
                NamespaceArgs(namespace=namespace, settings=settings, version=version, vpc=vpc, data_ports=ports),
                opts=child(self),
            )
            for namespace, settings in self._args.settings.namespaces.items()
        }

    def _ready(self, namespace: str, priority: str) -> list[pulumi.Resource]:
        """Return what pods of a namespace need first: itself with its bounds, and the class that they name."""
        return [*self._spaces[namespace].ready, self._classes["PriorityClass", priority]]

    def _service_accounts(self) -> Mapping[WorkloadName, pulumi.Resource]:
        """Make the service accounts that roles of other areas are bound to, where the namespace is one of ours."""
        return {
            workload: declare(
                self,
                self._name,
                service_account(pods.service_account, pods.namespace, self._role_on_fargate(pods)),
                space=self._spaces[pods.namespace].space,
            )
            for workload, pods in self._args.cluster_settings.identities.items()
            if pods.namespace in self._spaces
        }

    def _role_on_fargate(self, pods: PodIdentity) -> pulumi.Output[str] | None:
        """Return the role of a service account whose pods run on Fargate; None = pod identity hands it over."""
        args = self._args
        if args.data is None or not args.cluster_settings.on_fargate(pods.namespace):
            return None
        name = args.data.pod_roles.get(pods)
        return None if name is None else pulumi.Output.concat(f"arn:aws:iam::{args.identity.account_id}:role/", name)

    def _fargate(self) -> None:
        """Admit pods on Fargate where the cluster's nodes are admitted, as data services and load balancers do."""
        args = self._args
        groups = [args.cluster.security_group_id, args.network.group_of(Cluster.serves)]
        for one in fargate.policies(args.cluster_settings.fargate_profiles, groups):
            declare(self, self._name, one, space=self._spaces[one["metadata"]["namespace"]].space)

    def _agents(self, accounts: Mapping[WorkloadName, pulumi.Resource]) -> list[pulumi.Resource]:
        """Return what is made in the namespace of CloudWatch's agents, where the stack file has it."""
        space = self._spaces.get(ADDON_ACCOUNTS[AGENTS][0])
        return [*space.ready, *[accounts[one] for one in accounts if one == "monitoring"]] if space else []

    def _cluster_autoscaler(self) -> None:
        settings = self._args.settings.cluster_autoscaler
        if settings is None:
            return
        args = ClusterAutoscalerArgs(
            settings=settings,
            identity=self._args.identity,
            cluster=self._args.cluster,
            space=self._spaces[PLATFORM].space,
            ready=self._ready(PLATFORM, settings.priority),
        )
        ClusterAutoscaler(named(self._name, "cluster-autoscaler"), args, opts=child(self))

    def _karpenter(self) -> None:
        settings = self._args.settings.karpenter
        if settings is None:
            return
        args = KarpenterArgs(
            settings=settings,
            identity=self._args.identity,
            cluster=self._args.cluster,
            network=self._args.network,
            key_arn=self._args.keys.arn("cluster"),
            space=self._spaces[PLATFORM].space,
            ready=self._ready(PLATFORM, settings.priority),
        )
        Karpenter(named(self._name, "karpenter"), args, opts=child(self))

    def _device_plugin(self) -> None:
        settings, karpenter = self._args.settings.device_plugin, self._args.settings.karpenter
        every = [*self._args.cluster_settings.node_groups.values(), *(karpenter.pools.values() if karpenter else ())]
        groups = [group for group in every if has_gpus(group)]
        if settings and groups:
            declare(self, self._name, device_plugin.daemon_set(settings, groups))

    def _load_balancer_controller(self) -> LoadBalancerController | None:
        settings, edge = self._args.settings.load_balancer_controller, self._args.edge
        if settings is None or edge is None or edge.pods is None:
            return None
        args = ControllerArgs(
            settings=settings,
            identity=self._args.identity,
            cluster=self._args.cluster,
            vpc_id=self._args.network.vpc_id,
            target_group_arn=edge.pods.arn,
            space=self._spaces[PLATFORM].space,
            ready=self._ready(PLATFORM, settings.priority),
        )
        return LoadBalancerController(named(self._name, "load-balancer-controller"), args, opts=child(self))

    def _application(self, controller: LoadBalancerController | None) -> None:
        args, settings = self._args, self._args.settings.application
        pods = args.cluster_settings.identities.get("application")
        if settings is None or pods is None:
            return
        space = self._spaces[pods.namespace].space
        for one in application.manifests(settings, pods, str(args.network.cidr)):
            declare(self, self._name, one, space=space)
        if controller and args.edge and args.edge.pods:
            bound = application.binding(settings, pods, args.edge.pods.arn)
            declare(self, self._name, bound, space=space, after=controller.kinds)

    def _pgbouncer(self) -> PgBouncer | None:
        args, settings = self._args, self._args.settings.pgbouncer
        postgres = args.data.postgres if args.data else None
        if settings is None or postgres is None or args.database is None:
            return None
        pods = args.cluster_settings.identities.get("application")
        pooling = PgBouncerArgs(
            settings=settings,
            identity=args.identity,
            cluster=args.cluster,
            keys=args.keys,
            address=postgres.address,
            database=args.database,
            clients=[pods.namespace] if pods else [],
            secret_arn=args.pooler_secret_arn,
            space=self._spaces[settings.namespace].space,
            ready=[*self._ready(settings.namespace, settings.priority), *args.pooler_after],
        )
        return PgBouncer(named(self._name, "pgbouncer"), pooling, opts=child(self))


def has_gpus(group: NodeGroup | NodePool) -> bool:
    """Return whether a node of the group or pool may have GPUs."""
    return any(one in table() and table()[one].gpus for one in group.instance_types)
