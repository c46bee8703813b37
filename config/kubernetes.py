"""What runs on the cluster beside the application: namespaces and their bounds, storage classes, controllers, pooling.

The API server is private, so `pulumi up` of a stack with this section runs where it can be reached: in the VPC, or
through it (docs/adr/0013-kubernetes-layer.md).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.cluster import KubernetesName, LabelKey, LabelValue
from config.controller import Cpu, Image, Memory, Replicas, Resources
from config.karpenter import Karpenter


class Quota(Section):
    """What all pods of a namespace may ask for together."""

    cpu: Cpu
    """Requested CPU."""
    memory: Memory
    """Requested memory; limits may be as much."""
    pods: Annotated[int, Field(ge=1, le=10000)]
    """Pods."""
    storage: Memory
    """Requested storage of all volumes."""


class Namespace(Section):
    """A namespace: pods in it keep to a pod-security standard, and reach and are reached by what is named here only."""

    pod_security: Literal["restricted", "baseline", "privileged"] = "restricted"
    """Pod-security standard that is enforced; what breaks `restricted` is reported in any case."""
    reach: tuple[Literal["data", "https", "api", "traces"], ...] = ()
    """What its pods reach beside DNS and each other: `data` = PostgreSQL and Redis of the VPC; `https` = port
    443 anywhere, which AWS's own services need; `api` = the Kubernetes API server; `traces` = the agent of their node
    that takes traces (`cluster.traces`)."""
    webhook_ports: Annotated[tuple[Annotated[int, Field(ge=1, le=65535)], ...], Field(max_length=10)] = ()
    """Ports on which its pods answer the API server, as admission webhooks do; let in from the VPC. What it does not
    reach it waits for, whenever somebody makes what the webhook is to see."""
    quota: Quota
    """Bounds of the namespace."""
    defaults: Resources
    """What a container gets that does not say."""


class Application(Section):
    """How requests reach the application's pods, which its own pipeline deploys into the namespace of its identity."""

    selector: Annotated[dict[LabelKey, LabelValue], Field(min_length=1)]
    """Labels of its pods."""
    port: Literal[443]
    """Port on which they answer by TLS: the one that the nodes' security group admits from the load balancer."""
    max_unavailable_percent: Annotated[int, Field(ge=1, le=50)]
    """Pods that may be taken away at once when nodes are drained."""


class StorageClass(Section):
    """Volumes that pods may ask for; encrypted by the `cluster` key, made in the zone of the pod."""

    type: Literal["gp3", "io2"]
    """EBS volume type."""
    iops: Annotated[int, Field(ge=100, le=256000)] | None = None
    """Provisioned IOPS; gp3 includes 3000; io2 requires a value."""
    throughput_mibps: Annotated[int, Field(ge=125, le=2000)] | None = None
    """Throughput of gp3 in MiB/s; 125 are included."""
    default: bool = False
    """Taken where a claim names no class; one class is."""
    retain: bool = False
    """True = a volume outlives its claim, and somebody must delete it."""


class ClusterAutoscaler(Section):
    """Adds nodes for pods that find none to the groups with `autoscaler: true`, and removes idle ones."""

    image: Image
    """Its minor version is the cluster's."""
    replicas: Replicas
    """One works, the others wait."""
    resources: Resources
    """Of each replica."""
    priority: KubernetesName
    """One of `priorities`."""
    idle_below_percent: Annotated[int, Field(ge=0, le=100)]
    """A node whose pods ask for less of its CPU and memory is idle."""
    idle_minutes: Annotated[int, Field(ge=1, le=1440)]
    """Minutes for which a node must be idle until it is removed."""


class LoadBalancerController(Section):
    """AWS Load Balancer Controller: keeps the pods' addresses in the target group of the edge."""

    image: Image
    """Controller."""
    replicas: Replicas
    """One works, the others wait."""
    resources: Resources
    """Of each replica."""
    priority: KubernetesName
    """One of `priorities`."""


class DevicePlugin(Section):
    """NVIDIA's device plugin: offers `nvidia.com/gpu` on the nodes of the groups with GPUs."""

    image: Image
    """Plugin."""
    resources: Resources
    """On each node."""


class PgBouncer(Section):
    """PgBouncer in transaction mode before the stack's own PostgreSQL.

    A migration creates the user with the password of the secret, and without `rds_iam`: PgBouncer cannot hold tokens.
    Statements that outlive a transaction (LISTEN, session advisory locks, SET) need a connection without it.
    """

    namespace: KubernetesName
    """One of `namespaces`; its pods must reach `data`, and `https` for the secret."""
    image: Image
    """Image with `pgbouncer` and a shell; runs as any user."""
    user: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    """Database user; not the master."""
    replicas: Replicas
    """Pods, in different zones where they can be."""
    resources: Resources
    """Of each pod."""
    priority: KubernetesName
    """One of `priorities`."""
    max_client_connections: Annotated[int, Field(ge=10, le=100000)]
    """Connections that each pod takes."""
    pool_size: Annotated[int, Field(ge=1, le=5000)]
    """Connections of each pod to the database; times the replicas they must fit its `max_connections`."""
    prepared_statements: Annotated[int, Field(ge=0, le=10000)]
    """Prepared statements kept for each client, which its transactions find on any connection; 0 = none."""


class Kubernetes(Section):
    """The Kubernetes layer of the stack."""

    namespaces: Annotated[dict[KubernetesName, Namespace], Field(min_length=1)]
    """Namespaces by name; `platform` holds the controllers, and is required where there are any."""
    priorities: dict[KubernetesName, Annotated[int, Field(ge=-1000000000, le=1000000000)]]
    """Priority classes: pods of a higher one push others off a full node."""
    storage_classes: Annotated[dict[KubernetesName, StorageClass], Field(min_length=1)]
    """Storage classes by name."""
    application: Application | None = None
    """The application's way in; needs `cluster.identities.application`."""
    cluster_autoscaler: ClusterAutoscaler | None = None
    """None = no node is added for a pod that finds none."""
    karpenter: Karpenter | None = None
    """None = no node pool."""
    load_balancer_controller: LoadBalancerController | None = None
    """None = nobody keeps targets; needs the add-on cert-manager, which issues its certificate."""
    device_plugin: DevicePlugin | None = None
    """Required where a node group has GPUs."""
    pgbouncer: PgBouncer | None = None
    """None = clients connect to the database themselves; needs the add-ons cert-manager and
    aws-secrets-store-csi-driver-provider."""
