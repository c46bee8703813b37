"""VPC flow logs to CloudWatch Logs, encrypted by the `logs` key, written by a role that can do nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import cloudwatch, ec2, iam

from components.iam import Statement, document, source, trust_service
from components.naming import physical

if TYPE_CHECKING:
    from components.network.site import Site


def build_flow_logs(site: Site, vpc: ec2.Vpc, logs_key_arn: pulumi.Output[str]) -> None:
    """Build the log group, the writing role and the flow log."""
    settings, identity = site.settings.flow_logs, site.identity
    group_name = physical("log-group", identity.system, identity.environment, site.labelled("vpc-flow-logs"))
    group = cloudwatch.LogGroup(
        site.named("flow-logs"),
        name=group_name,
        retention_in_days=settings.retention_days,
        kms_key_id=logs_key_arn,
        opts=site.child(),
    )
    ec2.FlowLog(
        site.named("flow-log"),
        vpc_id=vpc.id,
        traffic_type=settings.traffic,
        max_aggregation_interval=settings.aggregation_seconds,
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=_writer(site, group_name),
        tags=site.tags("flow-log"),
        opts=site.child(),
    )


def _writer(site: Site, group_name: str) -> pulumi.Output[str]:
    """Return the ARN of the writing role, known once it may write: the first records are not lost."""
    identity = site.identity
    role = iam.Role(
        site.named("flow-logs-writer"),
        description="Writes the flow logs of the VPC to CloudWatch Logs",
        assume_role_policy=trust_service(
            "vpc-flow-logs.amazonaws.com",
            reason="the flow log service writes records as this role",
            conditions=source(
                identity.account_id, f"arn:aws:ec2:{identity.region}:{identity.account_id}:vpc-flow-log/*"
            ),
        ),
        opts=site.child(),
    )
    log_groups = f"arn:aws:logs:{identity.region}:{identity.account_id}:log-group"
    policy = iam.RolePolicy(
        site.named("flow-logs-writer"),
        role=role.name,
        policy=document(
            Statement(
                sid="WriteRecords",
                reason="one stream per network interface, records into it, and nothing outside the one group",
                actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[f"{log_groups}:{group_name}:*"],
            ),
            Statement(
                sid="FindGroup",
                reason="the service looks for the group first, by a call that lists groups and names none",
                actions=["logs:DescribeLogGroups"],
                resources=["*"],
            ),
        ),
        opts=site.child(),
    )
    return pulumi.Output.all(role.arn, policy.urn).apply(lambda values: str(values[0]))
