"""AWS Load Balancer Controller: keeps pods' addresses in the target groups that bindings name.

It makes no load balancer, rule or security group: its role may only add targets to, and take them from, this stack's
target group. So its admission webhooks, which fill in what bindings leave out, are not registered either; the
certificate is there because its server does not start without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi

from components.base import child, named
from components.cluster.plan import cluster_name
from components.iam import Statement
from components.kubernetes.access import Rule, granted
from components.kubernetes.certificate import certificate, secret_volume
from components.kubernetes.manifest import Manifest, declare, disruption_budget, service_account
from components.kubernetes.pod_role import PodRole, PodRoleArgs
from components.kubernetes.pods import Workload, container, deployment, http_probe
from components.kubernetes.target_definitions import GROUP, definitions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.cluster.outputs import ClusterOutputs
    from config.identity import Identity
    from config.kubernetes import LoadBalancerController as ControllerSettings

NAME: Final = "aws-load-balancer-controller"
NAMESPACE: Final = "platform"
CERTIFICATE_DIRECTORY: Final = "/tmp/k8s-webhook-server/serving-certs"  # noqa: S108 where its server looks
_HEALTH, _METRICS = 61779, 8080
_READ: Final = ("get", "list", "watch")
EVERYWHERE: Final = (
    Rule(
        groups=[GROUP],
        resources=["targetgroupbindings", "ingressclassparams"],
        verbs=[*_READ, "create", "update", "patch", "delete"],
    ),
    Rule(groups=[GROUP], resources=["targetgroupbindings/status"], verbs=["update", "patch"]),
    Rule(groups=[""], resources=["events"], verbs=["create", "patch"]),
    Rule(groups=[""], resources=["pods"], verbs=_READ),
    Rule(groups=[""], resources=["pods/status"], verbs=["update", "patch"]),
    Rule(groups=[""], resources=["services", "nodes", "namespaces", "endpoints", "configmaps"], verbs=_READ),
    Rule(groups=["discovery.k8s.io"], resources=["endpointslices"], verbs=_READ),
    Rule(groups=["networking.k8s.io"], resources=["ingresses", "ingressclasses"], verbs=_READ),
)
"""What it watches, and what it writes back."""
HERE: Final = (
    Rule(groups=["coordination.k8s.io"], resources=["leases"], verbs=["create"]),
    Rule(
        groups=["coordination.k8s.io"],
        resources=["leases"],
        verbs=["get", "update", "patch"],
        names=["aws-load-balancer-controller-leader"],
    ),
)
"""Which replica works."""


@dataclass(frozen=True, kw_only=True)
class ControllerArgs:
    """What the controller is built from."""

    settings: ControllerSettings
    """The stack file's `kubernetes.load_balancer_controller`."""
    identity: Identity
    """The stack file's `identity`."""
    cluster: ClusterOutputs
    """Cluster that it serves."""
    vpc_id: pulumi.Output[str]
    """Its VPC; pods may not ask the metadata service for it."""
    target_group_arn: pulumi.Output[str]
    """Target group that it keeps."""
    space: pulumi.Resource
    """Its namespace."""
    ready: Sequence[pulumi.Resource]
    """What its pods need first: the namespace with its bounds, and their priority class."""


class LoadBalancerController(pulumi.ComponentResource):
    """The controller with its role and its kinds."""

    kinds: Sequence[pulumi.Resource]
    """Definitions of its kinds; objects of them come later, and go before."""

    def __init__(self, name: str, args: ControllerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:kubernetes:LoadBalancerController", name, None, opts)
        self.kinds = [declare(self, name, one) for one in definitions()]
        role = PodRoleArgs(
            purpose="AWS Load Balancer Controller: keeps the targets of the stack's load balancer",
            cluster=args.cluster,
            namespace=NAMESPACE,
            service_account=NAME,
            statements=statements(args.target_group_arn),
        )
        association = PodRole(named(name, "pods"), role, opts=child(self)).association
        made = [declare(self, name, one, space=args.space) for one in manifests(args.settings)]
        declare(self, name, deployment(workload(args)), after=[*args.ready, *self.kinds, association, *made])
        self.register_outputs({})


def manifests(settings: ControllerSettings) -> Iterator[Manifest]:
    """Yield all but definitions and pods."""
    yield service_account(NAME, NAMESPACE)
    yield from granted(NAME, NAMESPACE, EVERYWHERE, HERE)
    yield from certificate(NAME, NAMESPACE, [f"{NAME}.{NAMESPACE}.svc"])
    yield disruption_budget(NAME, NAMESPACE, {"app.kubernetes.io/name": NAME}, max(1, settings.replicas - 1))


def workload(args: ControllerArgs) -> Workload:
    """Return its pods; one works, the others wait for its lease."""
    settings = args.settings
    arguments = [
        f"--cluster-name={cluster_name(args.identity)}",
        f"--aws-region={args.identity.region}",
        pulumi.Output.concat("--aws-vpc-id=", args.vpc_id),
        "--enable-shield=false",
        "--enable-waf=false",
        "--enable-wafv2=false",
        "--feature-gates=NLBGatewayAPI=false,ALBGatewayAPI=false",
        f"--health-probe-bind-addr=:{_HEALTH}",
        f"--metrics-bind-addr=:{_METRICS}",
    ]
    one = container(
        "controller",
        settings.image,
        settings.resources,
        args=arguments,
        ports=[{"name": "health", "containerPort": _HEALTH}, {"name": "metrics", "containerPort": _METRICS}],
        livenessProbe=http_probe("/healthz", "health"),
        readinessProbe=http_probe("/readyz", "health"),
        volumeMounts=[{"name": "certificate", "mountPath": CERTIFICATE_DIRECTORY, "readOnly": True}],
    )
    return Workload(
        name=NAME,
        namespace=NAMESPACE,
        containers=[one],
        replicas=settings.replicas,
        priority=settings.priority,
        volumes=[secret_volume("certificate", NAME)],
        talks_to_api=True,
    )


def statements(target_group_arn: pulumi.Output[str]) -> tuple[Statement, ...]:
    """Return what it may do in AWS."""
    return (
        Statement(
            sid="SeeTargets",
            reason="it compares the targets there are with the pods; these calls know no resource",
            actions=[
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            resources=["*"],
        ),
        Statement(
            sid="KeepTargets",
            reason="pods that come are added to the stack's target group, and those that go are taken out",
            actions=["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            resources=[target_group_arn],
        ),
    )
