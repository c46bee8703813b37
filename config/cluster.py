"""The EKS cluster: control plane, node groups, add-ons, access."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from config.base import Section
from config.facts.limits import EKS_NODES_PER_GROUP, FARGATE_LABELS, FARGATE_PROFILES, FARGATE_SELECTORS
from config.identity import ZoneLetter
from config.network import LogRetentionDays, TierName
from config.scaling import ActiveCounts, Policies
from config.serving import Member, Outward, Port

ControlPlaneLog = Literal["api", "audit", "authenticator", "controllerManager", "scheduler"]
AmiType = Literal[
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NVIDIA",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64_NVIDIA",
]
LabelKey = Annotated[
    str,
    Field(
        pattern=r"^(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/)?"
        r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"
    ),
]
LabelValue = Annotated[str, Field(pattern=r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$")]
KubernetesName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]


class Scaling(Section):
    """Node counts, given per zone or for the whole group."""

    per: Literal["zone", "group"]
    """`group`: the counts are the node group's; `zone`: they are meant for each zone, so the group gets as many times
    each as the network has zones, which EC2 Auto Scaling spreads evenly."""
    min: Annotated[int, Field(ge=0, le=EKS_NODES_PER_GROUP)]
    """Fewest nodes."""
    desired: Annotated[int, Field(ge=0, le=EKS_NODES_PER_GROUP)]
    """Nodes at creation and when the group is replaced; in between its owner moves the number. Refresh before you
    change minimum or maximum: the provider sends the last known number along (docs/runbooks/sizing.md)."""
    max: Annotated[int, Field(ge=1, le=EKS_NODES_PER_GROUP)]
    """Most nodes (EKS allows 450 in a managed node group)."""


class RootVolume(Section):
    """Root volume of each node; always encrypted by the `cluster` key."""

    type: Literal["gp3", "io2"] = "gp3"
    """EBS volume type."""
    size_gib: Annotated[int, Field(ge=20, le=16384)]
    """Size in GiB."""
    iops: Annotated[int, Field(ge=100, le=256000)] | None = None
    """Provisioned IOPS; gp3 includes 3000 and takes up to 500 per GiB (80,000 at most); io2 requires a value."""
    throughput_mibps: Annotated[int, Field(ge=125, le=2000)] | None = None
    """gp3 throughput in MiB/s; 125 are included; at most a quarter of a MiB/s per provisioned IOPS."""


class Taint(Section):
    """A Kubernetes taint that keeps other pods off."""

    compared_by = ("key", "effect")

    key: LabelKey
    """Taint key."""
    value: LabelValue = "true"
    """Taint value."""
    effect: Literal["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"] = "NO_SCHEDULE"
    """What happens to pods without a matching toleration (EKS's spelling)."""


class NodeGroup(Section):
    """One EKS managed node group."""

    instance_types: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]
    """EC2 instance types, most wanted first; all of one architecture and offered in the region."""
    capacity_type: Literal["ON_DEMAND", "SPOT"] = "ON_DEMAND"
    """Purchase option."""
    ami_type: AmiType = "AL2023_x86_64_STANDARD"
    """EKS-optimised image family; must fit the architecture and, for GPU types, carry the NVIDIA drivers."""
    tier: TierName | None = None
    """Private tier that the nodes live in; none = that of the cluster."""
    zones: Annotated[tuple[ZoneLetter, ...], Field(max_length=6)] = ()
    """Zones of `network.zones` that the nodes live in, for types that not every zone has; with `scaling.per: group`
    only. Empty = all of them, the default."""
    scaling: Scaling
    """Node counts."""
    autoscaler: bool = False
    """True = the cluster autoscaler owns the size: it adds nodes for pods that find none, and removes idle ones."""
    policies: Policies | None = None
    """Scaling policies own the size, by CPU utilisation. With neither owner the size stays what somebody made it."""
    active: ActiveCounts | None = None
    """Counts while a standby serves in its primary's place (`recovery.standby.active`); none = as ever."""
    root_volume: RootVolume
    """Root volume of each node."""
    labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)
    """Kubernetes labels."""
    taints: tuple[Taint, ...] = ()
    """Kubernetes taints."""


class FargateSelector(Section):
    """Pods that Fargate takes: those of a namespace, or of them those with all of some labels."""

    namespace: KubernetesName
    """One of `kubernetes.namespaces`, whose pods need no daemon set, no EBS volume and no GPU."""
    labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=FARGATE_LABELS)] = Field(default_factory=dict)
    """Labels that a pod must have; none = every pod of the namespace."""

    def __hash__(self) -> int:
        """Return a hash of both, for lists that hold each entry once."""
        return hash((self.namespace, *sorted(self.labels.items())))


class FargateProfile(Section):
    """Pods that run on Fargate in place of nodes. Nothing of a profile changes in place: each change makes it anew."""

    selectors: Annotated[tuple[FargateSelector, ...], Field(min_length=1, max_length=FARGATE_SELECTORS)]
    """What it takes: pods that any of them names."""
    tier: TierName | None = None
    """Private tier that the pods live in; none = that of the cluster."""
    zones: Annotated[tuple[ZoneLetter, ...], Field(max_length=6)] = ()
    """Zones of `network.zones` that the pods live in; empty = all of them."""


class PodAddresses(Section):
    """Addresses that the VPC CNI takes for the pods of each node, in place of whole spare interfaces."""

    minimum: Annotated[int, Field(ge=1, le=737)]
    """Addresses a node holds from its start, used or not (`MINIMUM_IP_TARGET`)."""
    warm: Annotated[int, Field(ge=1, le=100)]
    """Free addresses it keeps ready beyond those in use (`WARM_IP_TARGET`)."""


class PodIdentity(Section):
    """A service account whose pods get an IAM role through EKS Pod Identity."""

    namespace: KubernetesName
    """Kubernetes namespace."""
    service_account: KubernetesName
    """Kubernetes service account."""


class Addon(Section):
    """An EKS add-on at an exact version."""

    version: Annotated[str, Field(pattern=r"^v\d+\.\d+\.\d+-eksbuild\.\d+$")]
    """Exact add-on version; a plan must not depend on what is newest today."""


WorkloadName = Literal["application", "monitoring"]
"""application: reads and writes the data services; monitoring: writes metrics and logs to CloudWatch, as the pods of
the add-on amazon-cloudwatch-observability do where it names their account."""
AddonName = Literal[
    "vpc-cni",
    "kube-proxy",
    "coredns",
    "eks-pod-identity-agent",
    "aws-ebs-csi-driver",
    "metrics-server",
    "amazon-cloudwatch-observability",
    "cert-manager",
    "aws-secrets-store-csi-driver-provider",
]


class AccessEntry(Section):
    """An IAM principal that may use the Kubernetes API."""

    principal_arn: Annotated[
        str, Field(pattern=r"^arn:aws:iam::\d{12}:(role|user)/([!-.0-~]+/)*[A-Za-z0-9_+=,.@-]{1,64}$")
    ]
    """IAM role or user."""
    policy: Literal["AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy"]
    """EKS access policy."""
    namespaces: tuple[KubernetesName, ...] = ()
    """Namespaces that the policy holds in; empty = the whole cluster."""


class Cluster(Section):
    """The EKS cluster of the stack."""

    serves: ClassVar[Member] = Member(
        group="eks",
        purpose="Nodes of the Kubernetes cluster",
        called="the cluster",
        kind="private",
        ports=(Port(key="https", called="HTTPS", number=443),),
        clients="public",
        outward=Outward(to="world", why="Pulls images and calls AWS and other services"),
        subnet_tag="kubernetes.io/role/internal-elb",
    )
    version: Annotated[str, Field(pattern=r"^1\.\d{2}$")]
    """Kubernetes minor version, quoted; must be in EKS standard support on the stack file's `as_of` date."""
    support: Literal["STANDARD", "EXTENDED"] = "STANDARD"
    """What EKS does when standard support ends: upgrade by itself, or bill extended support (six times the price)."""
    public_access_cidrs: tuple[IPv4Network, ...] = ()
    """Blocks that may reach the API server over the internet; empty = private endpoint only."""
    private_access_cidrs: Annotated[tuple[IPv4Network, ...], Field(max_length=40)] = ()
    """Blocks that may reach the API server's private addresses, on port 443: of the VPC itself, or of a peer that
    reaches the cluster's tier. Members of the cluster's own group, its nodes, always may; empty = nobody else."""
    tier: TierName | None = None
    """Private tier of the control plane's network interfaces, and of node groups that name none; none = the only one.
    Another one replaces these groups."""
    logs: tuple[ControlPlaneLog, ...] = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    """Control-plane logs sent to CloudWatch."""
    log_retention_days: LogRetentionDays
    """Days that control-plane logs are kept."""
    node_groups: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], NodeGroup], Field(min_length=1, max_length=30)
    ]
    """Managed node groups by name; at least one without taints, for the add-ons to run on."""
    addons: dict[AddonName, Addon]
    """EKS add-ons; vpc-cni, kube-proxy, coredns and eks-pod-identity-agent are required."""
    pod_addresses: PodAddresses | None = None
    """Bound on the addresses that nodes hold. None = the CNI's default, two whole interfaces on each node: as many as
    60 addresses on a c5.4xlarge, which a small subnet cannot give to many nodes."""
    network_policies: bool = False
    """True = the VPC CNI enforces network policies; without it they are taken and do nothing."""
    traces: bool = False
    """True = CloudWatch's agent of each node takes traces of its pods by OTLP, on ports 4317 (gRPC) and 4318 (HTTP) of
    the node's own address, and hands them to X-Ray, which bills each. A pod sends them to its `status.hostIP`; its
    namespace reaches `traces`. False by default."""
    identities: dict[WorkloadName, PodIdentity] = Field(default_factory=dict)
    """Service accounts whose pods get one of the program's workload roles; a workload left out gets no role. By pod
    identity; on Fargate, which has none, by the cluster's own identity provider."""
    fargate_profiles: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], FargateProfile],
        Field(max_length=FARGATE_PROFILES),
    ] = Field(default_factory=dict)
    """Pods that run on Fargate, by the name of a profile."""
    access: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], AccessEntry] = Field(default_factory=dict)
    """IAM principals with access to the Kubernetes API, by a short name."""

    def on_fargate(self, namespace: str) -> bool:
        """Tell whether pods of a namespace run on Fargate, all or some of them."""
        return any(one.namespace == namespace for made in self.fargate_profiles.values() for one in made.selectors)
