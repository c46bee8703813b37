"""Cluster autoscaler: adds nodes for pods that find none, to the groups that have its tag (docs/adr/0012-scaling.md).

Its role may resize groups with that tag only. Not here: the tag; the node groups set it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi

from components.base import child, named
from components.cluster.node_group import AUTOSCALER_TAG
from components.cluster.plan import cluster_name
from components.iam import Statement
from components.kubernetes.access import Rule, granted
from components.kubernetes.manifest import Manifest, declare, disruption_budget, service_account
from components.kubernetes.pod_role import PodRole, PodRoleArgs
from components.kubernetes.pods import Workload, container, deployment, http_probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.cluster.outputs import ClusterOutputs
    from config.identity import Identity
    from config.kubernetes import ClusterAutoscaler as ClusterAutoscalerSettings

NAME: Final = "cluster-autoscaler"
NAMESPACE: Final = "platform"
_PORT: Final = 8085
_READ: Final = ("get", "list", "watch")
EVERYWHERE: Final = (
    Rule(groups=[""], resources=["events"], verbs=["create", "patch"]),
    Rule(groups=[""], resources=["pods/eviction"], verbs=["create"]),
    Rule(groups=[""], resources=["pods/status"], verbs=["update"]),
    Rule(groups=[""], resources=["nodes"], verbs=[*_READ, "update"]),
    Rule(
        groups=[""],
        resources=[
            *("namespaces", "pods", "services", "replicationcontrollers"),
            *("persistentvolumeclaims", "persistentvolumes"),
        ],
        verbs=_READ,
    ),
    Rule(groups=["apps"], resources=["daemonsets", "replicasets", "statefulsets"], verbs=_READ),
    Rule(groups=["batch"], resources=["jobs", "cronjobs"], verbs=_READ),
    Rule(groups=["policy"], resources=["poddisruptionbudgets"], verbs=_READ),
    Rule(
        groups=["storage.k8s.io"],
        resources=["storageclasses", "csinodes", "csidrivers", "csistoragecapacities", "volumeattachments"],
        verbs=_READ,
    ),
    Rule(groups=["resource.k8s.io"], resources=["resourceclaims", "resourceslices", "deviceclasses"], verbs=_READ),
)
"""What it simulates the scheduler from, and how it empties a node."""
HERE: Final = (
    Rule(groups=[""], resources=["configmaps"], verbs=["create", "list", "watch"]),
    Rule(
        groups=[""],
        resources=["configmaps"],
        verbs=["get", "update", "delete"],
        names=["cluster-autoscaler-status", "cluster-autoscaler-priority-expander"],
    ),
    Rule(groups=["coordination.k8s.io"], resources=["leases"], verbs=["create"]),
    Rule(groups=["coordination.k8s.io"], resources=["leases"], verbs=["get", "update"], names=[NAME]),
)
"""Its status, and which replica works."""


@dataclass(frozen=True, kw_only=True)
class ClusterAutoscalerArgs:
    """What the autoscaler is built from."""

    settings: ClusterAutoscalerSettings
    """The stack file's `kubernetes.cluster_autoscaler`."""
    identity: Identity
    """The stack file's `identity`."""
    cluster: ClusterOutputs
    """Cluster that it scales."""
    space: pulumi.Resource
    """Its namespace."""
    ready: Sequence[pulumi.Resource]
    """What its pods need first: the namespace with its bounds, and their priority class."""


class ClusterAutoscaler(pulumi.ComponentResource):
    """The autoscaler with its role."""

    def __init__(self, name: str, args: ClusterAutoscalerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:kubernetes:ClusterAutoscaler", name, None, opts)
        role = PodRoleArgs(
            purpose="Cluster autoscaler: resizes the node groups that have its tag",
            cluster=args.cluster,
            namespace=NAMESPACE,
            service_account=NAME,
            statements=statements(args.identity),
        )
        association = PodRole(named(name, "pods"), role, opts=child(self)).association
        made = [declare(self, name, one, space=args.space) for one in manifests(args.settings)]
        pods = deployment(workload(args.settings, args.identity))
        declare(self, name, pods, after=[*args.ready, association, *made])
        self.register_outputs({})


def manifests(settings: ClusterAutoscalerSettings) -> Iterator[Manifest]:
    """Yield service account, roles and disruption budget."""
    yield service_account(NAME, NAMESPACE)
    yield from granted(NAME, NAMESPACE, EVERYWHERE, HERE)
    selector = {"app.kubernetes.io/name": NAME}
    yield disruption_budget(NAME, NAMESPACE, selector, max(1, settings.replicas - 1))


def workload(settings: ClusterAutoscalerSettings, identity: Identity) -> Workload:
    """Return its pods; one works, the others wait for its lease."""
    arguments = [
        "--cloud-provider=aws",
        f"--namespace={NAMESPACE}",
        f"--node-group-auto-discovery=asg:tag={AUTOSCALER_TAG}={cluster_name(identity)}",
        "--aws-use-static-instance-list=true",  # the list comes from another region's price service otherwise
        "--expander=least-waste",
        f"--scale-down-utilization-threshold={settings.idle_below_percent / 100:g}",
        f"--scale-down-unneeded-time={settings.idle_minutes}m",
        "--skip-nodes-with-local-storage=false",
        f"--leader-elect-resource-name={NAME}",
        f"--leader-elect-resource-namespace={NAMESPACE}",
        f"--address=:{_PORT}",
    ]
    one = container(
        NAME,
        settings.image,
        settings.resources,
        command=["./cluster-autoscaler"],
        args=arguments,
        env=[{"name": "AWS_REGION", "value": identity.region}],
        ports=[{"name": "http", "containerPort": _PORT}],
        livenessProbe=http_probe("/health-check", "http"),
        readinessProbe=http_probe("/health-check", "http"),
    )
    return Workload(
        name=NAME,
        namespace=NAMESPACE,
        containers=[one],
        replicas=settings.replicas,
        priority=settings.priority,
        talks_to_api=True,
    )


def statements(identity: Identity) -> tuple[Statement, ...]:
    """Return what it may do in AWS."""
    cluster = cluster_name(identity)
    where = f"{identity.region}:{identity.account_id}"
    return (
        Statement(
            sid="SeeGroups",
            reason="it learns sizes, tags and instance types of the groups; these calls know no resource",
            actions=[
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ],
            resources=["*"],
        ),
        Statement(
            sid="SeeNodeGroups",
            reason="labels and taints of a group without nodes, to know which pods it would take",
            actions=["eks:DescribeNodegroup"],
            resources=[f"arn:aws:eks:{where}:nodegroup/{cluster}/*/*"],
        ),
        Statement(
            sid="ResizeItsGroups",
            reason="adds a node, or ends a given one; only in groups that the stack file gives it",
            actions=["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
            resources=[f"arn:aws:autoscaling:{where}:autoScalingGroup:*:autoScalingGroupName/*"],
            conditions={"StringEquals": {f"aws:ResourceTag/{AUTOSCALER_TAG}": cluster}},
        ),
    )
