"""Options of an environment, by namespace and name. Pure but for outputs that are passed through.

Source: Elastic Beanstalk developer guide, "General options for all environments" (read 2026-11-30).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from config.beanstalk import Beanstalk

Options = dict[str, "dict[str, pulumi.Input[str]]"]
"""Namespace -> name -> value; Beanstalk takes text only."""
RULE: Final = "application"
"""Name of the one rule of the listener."""
ON: Final = "true"
OFF: Final = "false"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the environment stands, and by which roles it works."""

    vpc_id: pulumi.Input[str]
    """VPC."""
    subnets: pulumi.Input[str]
    """Ids of the subnets of the instances, joined by commas."""
    balancer_subnets: pulumi.Input[str]
    """Ids of the subnets of the load balancer, likewise."""
    group_id: pulumi.Input[str]
    """Security group of the instances."""
    balancer_arn: pulumi.Input[str]
    """Load balancer that the environment shares."""
    service_role_arn: pulumi.Input[str]
    """Role of the service."""
    profile_name: pulumi.Input[str]
    """Instance profile."""


def options(settings: Beanstalk, port: int, place: Place) -> Options:
    """Return every option that is set.

    Args:
        settings: The stack file's `beanstalk`.
        port: Port on which instances answer.
        place: Where it stands.
    """
    return {**_instances(settings, place), **_requests(settings, port, place), **_care(settings, place)} | (
        {"aws:elasticbeanstalk:application:environment": dict(settings.environment)} if settings.environment else {}
    )


def _instances(settings: Beanstalk, place: Place) -> Options:
    scaling = settings.scaling
    return {
        "aws:autoscaling:asg": {"MinSize": str(scaling.min), "MaxSize": str(scaling.max)},
        "aws:autoscaling:trigger": {
            "MeasureName": "CPUUtilization",
            "Statistic": "Average",
            "Unit": "Percent",
            "UpperThreshold": str(scaling.out_above_percent),
            "LowerThreshold": str(scaling.in_below_percent),
        },
        "aws:autoscaling:launchconfiguration": {
            "IamInstanceProfile": place.profile_name,
            "SecurityGroups": place.group_id,
            "DisableDefaultEC2SecurityGroup": ON,  # or it would let the whole internet in by its own group
            "DisableIMDSv1": ON,
            "RootVolumeType": "gp3",
            "RootVolumeSize": str(settings.root_volume_gib),
        },
        "aws:ec2:instances": {"InstanceTypes": ",".join(settings.instance_types), "EnableSpot": OFF},
        "aws:ec2:vpc": {
            "VPCId": place.vpc_id,
            "Subnets": place.subnets,
            "ELBSubnets": place.balancer_subnets,
            "AssociatePublicIpAddress": OFF,
        },
    }


def _requests(settings: Beanstalk, port: int, place: Place) -> Options:
    target = settings.target
    return {
        "aws:elasticbeanstalk:environment:process:default": {
            "Port": str(port),
            "Protocol": "HTTP",
            "HealthCheckPath": target.health_path,
            "HealthCheckInterval": str(target.interval_seconds),
            "HealthyThresholdCount": str(target.healthy_threshold),
            "UnhealthyThresholdCount": str(target.unhealthy_threshold),
            "DeregistrationDelay": str(target.deregistration_delay_seconds),
        },
        "aws:elbv2:loadbalancer": {"SharedLoadBalancer": place.balancer_arn},
        "aws:elbv2:listener:443": {"Rules": RULE},  # by TLS only; port 80 of the load balancer redirects
        f"aws:elbv2:listenerrule:{RULE}": {
            "PathPatterns": ",".join(target.paths),
            **({"HostHeaders": ",".join(target.hosts)} if target.hosts else {}),
            "Priority": str(target.priority),
            "Process": "default",
        },
    }


def _care(settings: Beanstalk, place: Place) -> Options:
    """Return how Beanstalk looks after the environment."""
    days = str(settings.log_retention_days)
    return {
        "aws:elasticbeanstalk:environment": {
            "EnvironmentType": "LoadBalanced",
            "LoadBalancerType": "application",
            "LoadBalancerIsShared": ON,
            "ServiceRole": place.service_role_arn,
        },
        "aws:elasticbeanstalk:healthreporting:system": {"SystemType": "enhanced"},
        "aws:elasticbeanstalk:managedactions": {
            "ManagedActionsEnabled": ON,
            "PreferredStartTime": settings.update_window_utc,
            "ServiceRoleForManagedUpdates": place.service_role_arn,
        },
        "aws:elasticbeanstalk:managedactions:platformupdate": {
            "UpdateLevel": settings.update_level,
            "InstanceRefreshEnabled": ON,
        },
        "aws:elasticbeanstalk:cloudwatch:logs": {
            "StreamLogs": ON,
            "DeleteOnTerminate": OFF,
            "RetentionInDays": days,
        },
        "aws:elasticbeanstalk:cloudwatch:logs:health": {
            "HealthStreamingEnabled": ON,
            "DeleteOnTerminate": OFF,
            "RetentionInDays": days,
        },
        "aws:elasticbeanstalk:command": {
            "DeploymentPolicy": "Rolling",
            "BatchSizeType": "Percentage",
            "BatchSize": "50",
        },
        "aws:autoscaling:updatepolicy:rollingupdate": {"RollingUpdateEnabled": ON, "RollingUpdateType": "Health"},
    }


def settings_of(options: Mapping[str, Mapping[str, pulumi.Input[str]]]) -> Sequence[tuple[str, str, pulumi.Input[str]]]:
    """Return namespace, name and value of every option, in one order."""
    return [(space, name, options[space][name]) for space in sorted(options) for name in sorted(options[space])]
