"""Accounts with one thing wrong, and what the preflight says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from preflight.finding import Level
from tests.preflight.changes import (
    DEPLOYMENT,
    GROUP,
    MONITOR,
    SUBNET,
    TAG,
    addresses,
    bucket,
    channel,
    deleted_secret,
    elsewhere,
    gateways,
    image,
    key_of_secrets,
    monitor,
    moved,
    named_as_principal,
    other_account,
    policies,
    recorder,
    running,
    unknown_zone,
    vpc_of_the_stack,
)
from tests.preflight.plans import added, edited, postgres, redis, without

if TYPE_CHECKING:
    from collections.abc import Callable

    from preflight.plan import Plan
    from tests.preflight.conftest import World


@dataclass(frozen=True, kw_only=True)
class Spoilt:
    """A world with one thing wrong.

    Attributes:
        check: Name of the check that finds it.
        level: How bad it is.
        says: Words of the finding and of its fix.
        unprepared: Whether the step that the check looks for was left out.
        do: What somebody did in the account.
        plan: What the stack file asks for instead.
        at: Setting that it points to, dotted.
    """

    check: str
    says: tuple[str, ...]
    level: Level = Level.STOPS
    unprepared: bool = False
    do: Callable[[World], object] = lambda _world: None
    plan: Callable[[Plan], Plan] = lambda plan: plan
    at: str = ""


SPOILT = {
    "another account": Spoilt(
        check="account",
        plan=other_account,
        says=("needed: 999999999999", "AWS_PROFILE"),
        at="identity.account_id",
    ),
    "a region that is none": Spoilt(
        check="regions", plan=elsewhere, says=("us-north-9", "no such region", "enable-region"), at="identity.region"
    ),
    "a stack that stands": Spoilt(
        check="stands", level=Level.SPOILS, do=vpc_of_the_stack, says=("carries its tags", "run `up` again")
    ),
    "vCPUs of a new account": Spoilt(
        check="quotas-ec2",
        unprepared=True,
        says=("0, of which 0 are used", "--quota-code L-DB2E81BA --desired-value"),
        at="cluster.node_groups.gpu",
    ),
    "vCPUs that others use": Spoilt(
        check="quotas-ec2",
        level=Level.SPOILS,
        do=running,
        plan=lambda plan: edited(
            plan, GROUP, lambda one: {"scalingConfig": {**one["scalingConfig"], "desiredSize": 1}}, "gpu"
        ),
        says=("128, of which 120 are used", "8 at once, 80 at most", "--desired-value 200"),
        at="cluster.node_groups.gpu",
    ),
    "addresses that others use": Spoilt(
        check="quotas-ec2", do=addresses, says=("5, of which 3 are used", "--quota-code L-0263D0A3 --desired-value 7")
    ),
    "gateways that others use": Spoilt(
        check="quotas-vpc", do=gateways, says=("NAT gateways in a zone", "5, of which 5 are used"), at="network.nat"
    ),
    "seventy rules": Spoilt(
        check="quotas-vpc",
        plan=lambda plan: edited(
            plan, "aws:ec2/securityGroup:SecurityGroup", lambda _one: {"ingress": [{"fromPort": 443}] * 70}, "alb"
        ),
        says=("rules of a security group", "needed: 70", "L-0EA8095F"),
        at="network",
    ),
    "a limit that nobody raises": Spoilt(
        check="quotas-logs", do=policies, says=("10, of which 9 are used", "delete what is not needed")
    ),
    "a zone that EKS refuses": Spoilt(
        check="zones-of-eks",
        plan=lambda plan: edited(plan, SUBNET, moved),
        says=("us-east-1e", "use1-az3", "choose among us-east-1a"),
        at="network.zones",
    ),
    "a zone that is none": Spoilt(
        check="zones",
        plan=lambda plan: edited(plan, SUBNET, unknown_zone),
        says=("us-east-1z", "not in this account"),
        at="network.zones",
    ),
    "an endpoint that is none": Spoilt(
        check="endpoint-services",
        plan=lambda plan: edited(
            plan,
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            lambda _one: {"serviceName": "com.amazonaws.us-east-1.nosuch"},
            "kms",
        ),
        says=("com.amazonaws.us-east-1.nosuch", "not in this region", "NAT"),
        at="network.endpoints",
    ),
    "a GPU type that is gone": Spoilt(
        check="node-types",
        plan=lambda plan: edited(plan, GROUP, lambda _one: {"instanceTypes": ["p3.2xlarge"]}, "gpu"),
        says=("node group gpu", "describe-instance-type-offerings"),
        at="cluster.node_groups.gpu.instance_types",
    ),
    "one GPU type of two": Spoilt(
        check="node-types",
        level=Level.SPOILS,
        plan=lambda plan: edited(plan, GROUP, lambda _one: {"instanceTypes": ["p3.2xlarge", "g6.2xlarge"]}, "gpu"),
        says=("p3.2xlarge not in us-east-1a",),
        at="cluster.node_groups.gpu.instance_types",
    ),
    "Kubernetes out of support": Spoilt(
        check="kubernetes-version",
        plan=lambda plan: edited(plan, "eks:index:Cluster", lambda _one: {"version": "1.28"}),
        says=("1.28 in standard support", "offered: 1.36", "describe-cluster-versions"),
        at="cluster.version",
    ),
    "a build that is not on offer": Spoilt(
        check="addon-builds",
        plan=lambda plan: edited(
            plan, "aws:eks/addon:Addon", lambda _one: {"addonVersion": "v1.0.0-eksbuild.1"}, "coredns"
        ),
        says=("v1.0.0-eksbuild.1", "offered: v1.", "describe-addon-versions --addon-name coredns"),
        at="cluster.addons.coredns",
    ),
    "an image that is not published": Spoilt(
        check="node-images",
        plan=lambda plan: edited(plan, GROUP, lambda _one: {"version": "1.99"}, "gpu"),
        says=("AL2023_x86_64_NVIDIA for Kubernetes 1.99",),
        at="cluster.node_groups.gpu.ami_type",
    ),
    "PostgreSQL not on offer": Spoilt(
        check="database-versions",
        plan=lambda plan: postgres(plan, engine_version="17.1"),
        says=("offered: 18.", "needed: 17.1", "describe-db-engine-versions"),
        at="data.postgres.engine_version",
    ),
    "a class that cannot be ordered": Spoilt(
        check="database-classes",
        plan=lambda plan: edited(
            plan, "aws:rds/instance:Instance", lambda _one: {"instanceClass": "db.z9.huge"}, "reader-b"
        ),
        says=("db.z9.huge", "not orderable"),
        at="data.postgres",
    ),
    "a cache version that is none": Spoilt(
        check="cache-versions",
        plan=lambda plan: edited(
            plan, "aws:elasticache/replicationGroup:ReplicationGroup", lambda _one: {"engineVersion": "9.9"}
        ),
        says=("needed: 9.9", "describe-cache-engine-versions"),
        at="data.redis.engine_version",
    ),
    "a node type that is none": Spoilt(
        check="cache-nodes",
        plan=lambda plan: redis(plan, node_type="cache.z9.huge"),
        says=("cache.z9.huge", "not offered"),
        at="data.redis.node_type",
    ),
    "a linked role that exists": Spoilt(
        check="linked-roles-made",
        do=lambda world: world.aws("iam").create_service_linked_role(AWSServiceName="config.amazonaws.com"),
        says=("AWSServiceRoleForConfig exists", "leave config.amazonaws.com out"),
        at="audit.account.service_linked_roles",
    ),
    "a linked role that is missing": Spoilt(
        check="linked-roles-named",
        plan=lambda plan: without(plan, "aws:iam/serviceLinkedRole:ServiceLinkedRole"),
        says=("AWSServiceRoleForConfig does not exist", "aws iam create-service-linked-role"),
    ),
    "a linked role that a key's policy names": Spoilt(
        check="linked-roles-named",
        plan=lambda plan: edited(plan, "aws:kms/key:Key", named_as_principal, "cluster"),
        says=("AWSServiceRoleForAutoScaling does not exist", "aws iam create-service-linked-role"),
    ),
    "a detector": Spoilt(
        check="once-guardduty-detector",
        do=lambda world: world.aws("guardduty").create_detector(Enable=True),
        says=("GuardDuty detector", "pulumi import"),
        at="audit.threats",
    ),
    "a recorder": Spoilt(
        check="once-config-recorder", do=recorder, says=("Config recorder", "found: default"), at="audit.configuration"
    ),
    "Security Hub": Spoilt(
        check="once-security-hub",
        do=lambda world: world.aws("securityhub").enable_security_hub(EnableDefaultStandards=False),
        says=("Security Hub", "ADR 0015"),
        at="audit.posture",
    ),
    "an analyzer": Spoilt(
        check="once-access-analyzer-of-type-account",
        do=lambda world: world.aws("accessanalyzer").create_analyzer(analyzerName="older", type="ACCOUNT"),
        says=("Access Analyzer of type ACCOUNT", "older"),
        at="audit.access",
    ),
    "an anomaly monitor": Spoilt(
        check="once-anomaly-monitor-of-all-services",
        do=monitor,
        plan=lambda plan: added(plan, MONITOR, monitorDimension="SERVICE"),
        says=("anomaly monitor", "found: ours", "cost.anomalies.monitor_arn"),
        at="cost.anomalies",
    ),
    "a password policy": Spoilt(
        check="once-password-policy-of-the-account",
        level=Level.SPOILS,
        do=lambda world: world.aws("iam").update_account_password_policy(MinimumPasswordLength=20),
        says=("found: 20", "overwrites"),
        at="audit.account.password_policy",
    ),
    "what is left of an earlier attempt": Spoilt(
        check="name-log-group",
        do=lambda world: world.aws("logs").create_log_group(logGroupName="/aws/eks/phoenix-prod/cluster"),
        says=("log group /aws/eks/phoenix-prod/cluster", "delete it, or import it"),
    ),
    "a bucket": Spoilt(
        check="buckets",
        do=bucket,
        says=("in this account already", "choose another name"),
        at="data.buckets.ai-models.name",
    ),
    "tag keys that billing does not know": Spoilt(
        check="tag-keys",
        unprepared=True,
        plan=lambda plan: added(plan, TAG, tagKey="CostCenter"),
        says=("needed: CostCenter", "a day later"),
        at="cost.allocation_tags",
    ),
    "types without an opt-in": Spoilt(
        check="backup-opt-ins",
        level=Level.SPOILS,
        unprepared=True,
        says=("needed: EBS, RDS, S3", "update-region-settings"),
        at="backup.resources",
    ),
    "a zone of the domain": Spoilt(
        check="zone-of-domain",
        do=lambda world: world.aws("route53").create_hosted_zone(Name="phoenix.example", CallerReference="older"),
        says=("exists", "pulumi import aws:route53/zone:Zone"),
        at="edge.domain",
    ),
    "no zone to prove certificates in": Spoilt(
        check="zone-of-domain",
        plan=lambda plan: without(plan, "aws:route53/zone:Zone"),
        says=("hosted zone of phoenix.example", "the primary, of a standby"),
        at="edge.domain",
    ),
    "a domain that nobody here can delegate": Spoilt(
        check="delegation", unprepared=True, says=("neither its parent's zone", "75 minutes"), at="edge.domain"
    ),
    "a workspace that is not authorised": Spoilt(
        check="slack-workspace",
        unprepared=True,
        says=("needed: T0PHOENIX01", "console"),
        at="observability.channels.slack.workspace_id",
    ),
    "a channel that is configured": Spoilt(
        check="slack-channels",
        do=channel,
        says=("configured as older", "name another channel"),
        at="observability.channels.slack.channels",
    ),
    "a secret that nobody put under the key": Spoilt(
        check="secrets",
        level=Level.SPOILS,
        do=key_of_secrets,
        says=("phoenix/prod/pagerduty", "does not exist", "--kms-key-id alias/phoenix-prod-secrets"),
        at="observability.channels.pagerduty.secret_name",
    ),
    "a secret on its way out": Spoilt(
        check="secrets",
        level=Level.SPOILS,
        do=deleted_secret,
        says=("phoenix/prod/pagerduty", "marked for deletion"),
        at="observability.channels.pagerduty.secret_name",
    ),
    "an image that nobody pushed": Spoilt(
        check="images",
        level=Level.SPOILS,
        plan=lambda plan: edited(plan, DEPLOYMENT, image, "cluster-autoscaler"),
        says=("phoenix/other:v1", "not in the registry"),
    ),
}
