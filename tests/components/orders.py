"""Every order that `depends_on` alone asks for, with what needs it; what is not here does not wait."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from review.order import Edge


@dataclass(frozen=True)
class Order:
    """Orders of one kind; names are patterns of logical names."""

    later: str
    earlier: str
    reason: str

    def asks(self, edge: Edge) -> bool:
        """Whether an edge is of this kind."""
        return fnmatchcase(edge.later, self.later) and fnmatchcase(edge.earlier, self.earlier)


ORDERS: Final = (
    Order("api-stage", "api-delivery", "API Gateway would write a policy of its own"),
    Order("sockets-account", "sockets-logger-rights", "API Gateway tries the role when it gets its ARN"),
    Order("sockets-stage", "sockets-account", "API Gateway refuses logs of a WebSocket API without the account's role"),
    Order("sockets-stage", "sockets-error-log", "API Gateway would make the group, unencrypted and for ever"),
    Order("sockets-stage", "sockets-*-route", "API Gateway deploys no WebSocket API without routes"),
    Order("sockets-stage", "sockets-*-reply", "what is deployed replies from the first message on"),
    Order("inference-logging", "inference-recorder-rights", "Bedrock tries the role when it gets its ARN"),
    Order("experiments-*-template", "experiments-*-rights", "FIS tries the role when it sets up the records"),
    Order("audit-recorder", "audit-linked-config", "Config records as its service-linked role, whose ARN is computed"),
    Order("audit-delivery", "audit-recorder", "Config takes no channel where there is no recorder"),
    Order("audit-recording", "audit-delivery", "Config starts no recorder that has nowhere to deliver"),
    Order("audit-*", "audit-recording", "Config refuses a rule where nothing is recorded"),
    Order("audit-*", "audit-hub", "Security Hub takes standards once it is enabled"),
    Order(
        "audit-detector-*", "audit-detector-*", "UpdateDetector writes all features; two calls would undo each other"
    ),
    Order("backup-vault-events", "backup-vault-events", "AWS Backup asks whether it may publish to the topic"),
    Order("cluster-control-plane-eks", "cluster-control-plane-logs", "EKS would make the group, unencrypted"),
    Order("cluster-*-group", "cluster-vpc-cni-addon", "a node without the CNI stays NotReady"),
    Order("cluster-*-group", "cluster-kube-proxy-addon", "a node without it routes to no service"),
    Order("cluster-*-group", "cluster-eks-pod-identity-agent-addon", "pods of a node without it get no credentials"),
    Order("cluster-*-addon", "cluster-*-group", "an add-on whose pods find no node stays DEGRADED"),
    Order(
        "agents-addon", "kubernetes-amazon-cloudwatch-*", "EKS adopts what is there; Pulumi creates only what is not"
    ),
    Order("agents-addon", "kubernetes-serviceaccount-*", "the same"),
    Order("cluster-fargate-*", "cluster-fargate-images", "Fargate pulls no image without it"),
    Order("cluster-fargate-*", "cluster-fargate-*", "EKS takes one change of a cluster's profiles at a time"),
    Order("containers-*-service", "containers-*-policy", "tasks that start before their rights fail"),
    Order("instances-*-group", "instances-*-policy", "instances that start before their rights fail"),
    Order("instances-*-group", "instances-*-sessions", "an instance without the right is reached by nobody"),
    Order("containers-*-service", "containers-capacity", "a cluster gives up no capacity that a service still uses"),
    Order("data-postgres-*", "data-postgres-*-log", "RDS would make the group, unencrypted and for ever"),
    Order("*-firewall-logging", "*-firewall-delivery", "WAF would write a policy of its own"),
    Order("*-function", "*-policy", "the first run of a function needs its rights"),
    Order("functions-*-at-*", "functions-*-scheduler-rights", "the first planned call needs its rights"),
    Order("releases-of-*", "releases-rights", "a release needs its rights"),
    Order("*-rotation-schedule", "*-rotation-permission", "Secrets Manager calls as soon as there is a schedule"),
    Order("data-*-rotation-schedule", "data-*-primary", "the first rotation changes the password of what is there"),
    Order("data-*-rotation-schedule", "data-*-reader-?", "RDS copies no instance whose password is being changed"),
    Order("data-redis-rotation-schedule", "data-redis-group", "the first rotation changes the token of what is there"),
    Order("keys-ebs-encryption", "keys-ebs-default", "volumes made in between would be under the key `aws/ebs`"),
    Order("*-nat-?", "*-internet", "a NAT gateway fails in a VPC without an internet gateway"),
    Order("observability-*-subscription", "observability-*-permission", "SNS calls from the subscription on"),
    Order("bucket-copies-*-out-*", "bucket-copies-*-out-policy", "what the role may not copy yet is not tried again"),
    Order("recovery-buckets-*", "recovery-buckets-*-policy", "what the role may not copy yet is not tried again"),
    Order("recovery-topics-replicator", "recovery-topics-rights", "MSK tries the role when the replicator is made"),
    Order(
        "recovery-topics-replicator", "recovery-topics-source-policy", "MSK asks the primary's cluster for its leave"
    ),
    Order("recovery-images-out", "registry-*", "ECR would make a missing repository, mutable and without our key"),
    Order("recovery-promotion-call", "data-redis-group", "the call asks for the role of a group that is there"),
    Order("recovery-fence-word", "recovery-promotion-call", "users go home when their cache takes writes there"),
    Order("kubernetes", "cluster-control-plane-api-*", "whoever deploys is let in by then"),
    Order("kubernetes-*", "kubernetes-*-namespace-*", "an object lives in its namespace"),
    Order("kubernetes-targetgroupbinding-*", "kubernetes-*-customresourcedefinition-*", "an object needs its kind"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-customresourcedefinition-*", "a controller watches its kinds"),
    Order("kubernetes-*-deployment-*", "kubernetes-priorityclass-*", "a pod that names a missing class is refused"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-resourcequota-quota", "pods are counted from the first on"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-limitrange-defaults", "a running pod gets no defaults"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-networkpolicy-*", "no pod runs before its policies"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-pods-identity", "a pod that starts before it has no credentials"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-serviceaccount-*", "pods without their account are refused"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-*role*-*", "a controller without rights ends, again and again"),
    Order(
        "kubernetes-*-deployment-*", "kubernetes-*-poddisruptionbudget-*", "a drain asks for it from the first pod on"
    ),
    Order("kubernetes-*-deployment-*", "kubernetes-*-certificate-*", "a pod does not start without what it mounts"),
    Order("kubernetes-*-deployment-*", "kubernetes-*-issuer-*", "nobody issues that certificate otherwise"),
    Order("kubernetes-karpenter-ec2nodeclass-*", "kubernetes-karpenter-*", "nodes end while their controller stands"),
    Order("kubernetes-karpenter-nodepool-*", "kubernetes-karpenter-ec2nodeclass-*", "a pool names its class"),
    Order("kubernetes-pgbouncer-deployment-*", "kubernetes-pgbouncer-configmap-*", "a pod mounts it"),
    Order("kubernetes-pgbouncer-deployment-*", "kubernetes-pgbouncer-secretproviderclass-*", "a pod mounts it"),
    Order(
        "kubernetes-pgbouncer-deployment-*", "kubernetes-pgbouncer-service-*", "its name resolves when clients start"
    ),
    Order("kubernetes-pgbouncer-deployment-*", "recovery-promotion-call", "a standby's secret is the replica it makes"),
)
"""Each is stated beside its `depends_on`, too, with its source where AWS documents it (ADR 0027)."""
