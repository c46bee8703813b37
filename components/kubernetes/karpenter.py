"""Karpenter: starts nodes for pods that find none, in its pools, and takes them away (docs/adr/0064-karpenter.md).

Its pods run on nodes of the node groups only: a controller on a node of its own could end the node that it runs on.
Its nodes have a role of their own, which an access entry lets into the cluster; the entry of the node groups' role is
EKS's. On destroy pools go before the controller, which ends their nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import eks as aws_eks
from pulumi_aws import iam

from components.base import child, named
from components.cluster.node_role import NodeRole
from components.cluster.plan import cluster_name
from components.kubernetes.access import granted
from components.kubernetes.interruptions import Interruptions
from components.kubernetes.karpenter_rights import EVERYWHERE, HERE, Reach, statements
from components.kubernetes.manifest import Manifest, declare, disruption_budget, service_account
from components.kubernetes.node_definitions import definitions
from components.kubernetes.node_pools import Ground, node_class, node_pool
from components.kubernetes.pod_role import PodRole, PodRoleArgs
from components.kubernetes.pods import Workload, container, deployment, http_probe
from components.providers import default_tags
from config.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from components.cluster.outputs import ClusterOutputs
    from components.network.outputs import NetworkOutputs
    from config.identity import Identity
    from config.karpenter import Karpenter as KarpenterSettings
    from config.karpenter import NodePool

NAME: Final = "karpenter"
NAMESPACE: Final = "platform"
_HEALTH, _METRICS = 8081, 8080
NOT_ON_ITS_OWN: Final[Manifest] = {
    "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [
                {
                    "matchExpressions": [
                        {"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"},
                        {"key": "eks.amazonaws.com/nodegroup", "operator": "Exists"},
                    ]
                }
            ]
        }
    }
}
"""Nodes of a managed node group, and of no pool."""


@dataclass(frozen=True, kw_only=True)
class KarpenterArgs:
    """What the controller is built from."""

    settings: KarpenterSettings
    """The stack file's `kubernetes.karpenter`."""
    identity: Identity
    """The stack file's `identity`."""
    cluster: ClusterOutputs
    """Cluster that its nodes join."""
    network: NetworkOutputs
    """Subnets and security groups of its nodes."""
    key_arn: pulumi.Output[str]
    """Key of its nodes' volumes."""
    space: pulumi.Resource
    """Its namespace."""
    ready: Sequence[pulumi.Resource]
    """What its pods need first: the namespace with its bounds, and their priority class."""


class Karpenter(pulumi.ComponentResource):
    """Controller, queue, role of the nodes, and pools."""

    def __init__(self, name: str, args: KarpenterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:kubernetes:Karpenter", name, None, opts)
        self._name = name
        self._args = args
        self._role = NodeRole(named(name, "nodes"), opts=child(self))
        self._profile = iam.InstanceProfile(
            named(name, "profile"), role=self._role.arn.apply(lambda arn: arn.rpartition("/")[2]), opts=child(self)
        )
        entry = aws_eks.AccessEntry(
            named(name, "entry"),
            cluster_name=args.cluster.name,
            principal_arn=self._role.arn,
            type="EC2_LINUX",
            opts=child(self),
        )
        self._interruptions = Interruptions(named(name, "interruptions"), child(self))
        self._pools([entry, *self._interruptions.sources, *self._controller()])
        self.register_outputs({"queueName": self._interruptions.queue_name})

    def _controller(self) -> list[pulumi.Resource]:
        """Make the controller; return it with its rights, without which it ends no node."""
        args = self._args
        kinds = [declare(self, self._name, one) for one in definitions()]
        role = PodRoleArgs(
            purpose="Karpenter: starts and ends nodes of its pools",
            cluster=args.cluster,
            namespace=NAMESPACE,
            service_account=NAME,
            statements=statements(self._reach()),
        )
        rights = PodRole(named(self._name, "pods"), role, opts=child(self))
        made = [declare(self, self._name, one, space=args.space) for one in manifests(args.settings)]
        pods = deployment(workload(args.settings, args.identity, self._interruptions.queue_name))
        running = declare(self, self._name, pods, after=[*args.ready, *kinds, rights.association, *made])
        return [running, rights.policy]

    def _reach(self) -> Reach:
        args, pools = self._args, self._args.settings.pools.values()
        places = {(self._tier(pool), zone) for pool in pools for zone in pool.zones or args.network.zones}
        return Reach(
            identity=args.identity,
            subnet_ids=[args.network.subnet_ids[tier][zone] for tier, zone in sorted(places)],
            security_group_ids=self._groups(),
            node_role_arn=self._role.arn,
            profile_arn=self._profile.arn,
            queue_arn=self._interruptions.queue_arn,
            key_arn=args.key_arn,
            spot=any("SPOT" in pool.capacity_types for pool in pools),
        )

    def _tier(self, pool: NodePool) -> str:
        return pool.tier or self._args.network.tier_of(Cluster.serves)

    def _groups(self) -> list[pulumi.Output[str]]:
        return [self._args.cluster.security_group_id, self._args.network.group_of(Cluster.serves)]

    def _pools(self, after: Sequence[pulumi.Resource]) -> None:
        """Make the pools: after the controller, so that they are destroyed while it still ends their nodes."""
        args = self._args
        for short, pool in args.settings.pools.items():
            ground = Ground(
                subnet_ids=args.network.subnets(self._tier(pool), pool.zones),
                security_group_ids=self._groups(),
                zone_names=[args.network.zone_names[zone] for zone in pool.zones or args.network.zones],
                instance_profile=self._profile.name,
                key_arn=args.key_arn,
                tags=default_tags(args.identity),
            )
            nodes = declare(self, self._name, node_class(short, pool, ground), after=after)
            declare(self, self._name, node_pool(short, pool, ground), after=[nodes])


def manifests(settings: KarpenterSettings) -> Iterator[Manifest]:
    """Yield service account, roles and disruption budget."""
    yield service_account(NAME, NAMESPACE)
    yield from granted(NAME, NAMESPACE, EVERYWHERE, HERE)
    selector = {"app.kubernetes.io/name": NAME}
    yield disruption_budget(NAME, NAMESPACE, selector, max(1, settings.replicas - 1))


def workload(settings: KarpenterSettings, identity: Identity, queue: pulumi.Input[str]) -> Workload:
    """Return its pods; one works, the others wait for its lease."""
    given: Mapping[str, pulumi.Input[str]] = {
        "AWS_REGION": identity.region,
        "CLUSTER_NAME": cluster_name(identity),
        "EKS_CONTROL_PLANE": "true",
        "HEALTH_PROBE_PORT": str(_HEALTH),
        "INTERRUPTION_QUEUE": queue,
        "METRICS_PORT": str(_METRICS),
        "SYSTEM_NAMESPACE": NAMESPACE,
    }
    own = {"CPU_REQUESTS": ("requests.cpu", "1m"), "MEMORY_LIMIT": ("limits.memory", "1")}
    one = container(
        "controller",
        settings.image,
        settings.resources,
        env=[
            *({"name": name, "value": value} for name, value in given.items()),
            *(
                {
                    "name": name,
                    "valueFrom": {
                        "resourceFieldRef": {"containerName": "controller", "resource": field, "divisor": unit}
                    },
                }
                for name, (field, unit) in own.items()
            ),
        ],
        ports=[{"name": "health", "containerPort": _HEALTH}, {"name": "metrics", "containerPort": _METRICS}],
        livenessProbe=http_probe("/healthz", "health"),
        readinessProbe=http_probe("/readyz", "health"),
    )
    return Workload(
        name=NAME,
        namespace=NAMESPACE,
        containers=[one],
        replicas=settings.replicas,
        priority=settings.priority,
        talks_to_api=True,
        affinity=NOT_ON_ITS_OWN,
    )
