"""One group of instances: its log, role, launch template, Auto Scaling group, and what moves its number.

Not here: target group and rule of the load balancer (edge), security group (network), alarms (observability).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import autoscaling, cloudwatch, ec2

from components.base import child, named
from components.instances.plan import ROOT_DEVICE, first_boot, group_name, log_group_name
from components.instances.role import RoleArgs, build_role
from components.outputs import gathered
from components.providers import default_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.access import Reached
    from components.edge import RegionalEdgeOutputs, Targets
    from components.instances.role import Role
    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.identity import Identity
    from config.instances import InstanceGroup as Settings

    Predefined = autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgsDict

LEAVE_FIRST: Final = ("AllocationStrategy", "OldestLaunchTemplate", "OldestInstance")
"""Who leaves first: what keeps the split of On-Demand and Spot, then what is out of date."""
METRICS: Final = (
    autoscaling.Metric.GROUP_DESIRED_CAPACITY,
    autoscaling.Metric.GROUP_IN_SERVICE_INSTANCES,
    autoscaling.Metric.GROUP_PENDING_INSTANCES,
    autoscaling.Metric.GROUP_TOTAL_INSTANCES,
)
"""Metrics of the group that are collected; they cost nothing."""


@dataclass(frozen=True, kw_only=True)
class InstanceGroupArgs:
    """What a group is built from."""

    name: str
    """Its name in the stack file."""
    settings: Settings
    """Its section."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Subnets and security group of its instances."""
    keys: KeysOutputs
    """`cluster` encrypts volumes, `logs` the log."""
    reached: Reached
    """The things of the stack that it may name."""
    balancer: RegionalEdgeOutputs | None
    """Load balancer with the group's target group; None where there is no edge."""
    alarms: Sequence[pulumi.Output[str]]
    """Names of the alarms that roll back a refresh."""


class InstanceGroup(pulumi.ComponentResource):
    """A group of instances."""

    group_name: pulumi.Output[str]
    """Name of its Auto Scaling group."""
    role_name: pulumi.Output[str]
    """Name of the role of its instances."""

    def __init__(self, name: str, args: InstanceGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:instances:InstanceGroup", name, None, opts)
        self._name = name
        self._args = args
        self._tags = {**default_tags(args.identity), "Name": name, "Purpose": args.settings.purpose}
        log = self._log()
        role_args = RoleArgs(group=args.name, settings=args.settings, reached=args.reached, log_group_arn=log.arn)
        role = build_role(self, name, role_args)
        group = self._group(self._template(role), role)
        self._scaling(group)
        self.group_name = group.name
        self.role_name = role.name
        self.register_outputs({"groupName": group.name})

    def _log(self) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, "log"),
            name=log_group_name(self._args.identity, self._args.name),
            retention_in_days=self._args.settings.log_retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _template(self, role: Role) -> ec2.LaunchTemplate:
        args, settings = self._args, self._args.settings
        return ec2.LaunchTemplate(
            named(self._name, "template"),
            description=f"Instances of group {args.name}",
            update_default_version=True,
            image_id=settings.image.id,
            iam_instance_profile={"arn": role.profile_arn},
            user_data=self._user_data(),
            block_device_mappings=[self._root_volume()],
            metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
            monitoring={"enabled": True},
            vpc_security_group_ids=[args.network.group_of(settings.member(args.name))],
            tag_specifications=[
                {"resource_type": kind, "tags": self._tags} for kind in ("instance", "volume", "network-interface")
            ],
            opts=child(self),
        )

    def _root_volume(self) -> ec2.LaunchTemplateBlockDeviceMappingArgsDict:
        volume = self._args.settings.root_volume
        return {
            "device_name": ROOT_DEVICE,
            "ebs": {
                "volume_type": volume.type,
                "volume_size": volume.size_gib,
                "iops": volume.iops,
                "throughput": volume.throughput_mibps,
                "encrypted": "true",
                "kms_key_id": self._args.keys.arn("cluster"),
                "delete_on_termination": "true",
            },
        }

    def _user_data(self) -> pulumi.Output[str]:
        """Return the script of the first boot, as EC2 takes it; no secret is in it."""
        args = self._args
        named_things: dict[str, pulumi.Input[str]] = {
            **args.reached.places(args.settings.places()),
            **{variable: args.reached.secret(one) for variable, one in args.settings.secrets.items()},
        }
        found = gathered({variable: pulumi.Output.from_input(one) for variable, one in named_things.items()})

        def encoded(known: dict[str, str]) -> str:
            text = first_boot(args.settings, args.identity, args.name, known)
            return base64.b64encode(text.encode()).decode()

        return found.apply(encoded)

    def _group(self, template: ec2.LaunchTemplate, role: Role) -> autoscaling.Group:
        args, settings = self._args, self._args.settings
        scaling, member, targets = settings.scaling, settings.member(args.name), self._targets()
        return autoscaling.Group(
            named(self._name, "group"),
            name=group_name(args.identity, args.name),
            min_size=scaling.min,
            desired_capacity=scaling.desired,
            max_size=scaling.max,
            vpc_zone_identifiers=args.network.subnets(args.network.tier_of(member), settings.zones),
            mixed_instances_policy=self._mixed(template),
            target_group_arns=[targets.arn] if targets else None,
            health_check_type="ELB" if targets else "EC2",
            health_check_grace_period=settings.target.grace_seconds if settings.target else scaling.warmup_seconds,
            default_instance_warmup=scaling.warmup_seconds,
            capacity_rebalance=settings.capacity.spot,
            termination_policies=list(LEAVE_FIRST),
            enabled_metrics=list(METRICS),
            instance_refresh=self._refresh(),
            tags=[
                {"key": key, "value": value, "propagate_at_launch": True} for key, value in sorted(self._tags.items())
            ],
            opts=child(
                self,
                depends_on=role.policies,  # instances that start before their rights fail
                ignore_changes=["desiredCapacity"] if scaling.moved else [],
            ),
        )

    def _mixed(self, template: ec2.LaunchTemplate) -> autoscaling.GroupMixedInstancesPolicyArgsDict:
        settings = self._args.settings
        # A number in place of $Latest: a new template shows in the plan, and a refresh can go back to the old one.
        version = template.latest_version.apply(str)
        return {
            "instances_distribution": {
                "on_demand_allocation_strategy": "prioritized",
                "on_demand_base_capacity": settings.capacity.base,
                "on_demand_percentage_above_base_capacity": settings.capacity.on_demand_percent,
                "spot_allocation_strategy": "price-capacity-optimized",
            },
            "launch_template": {
                "launch_template_specification": {"launch_template_id": template.id, "version": version},
                "overrides": [{"instance_type": one} for one in settings.instance_types],
            },
        }

    def _refresh(self) -> autoscaling.GroupInstanceRefreshArgsDict:
        settings, alarms = self._args.settings, list(self._args.alarms)
        preferences: autoscaling.GroupInstanceRefreshPreferencesArgsDict = {
            "min_healthy_percentage": settings.refresh.min_healthy_percent,
            "instance_warmup": str(settings.scaling.warmup_seconds),
            "auto_rollback": True,
            "skip_matching": True,
            "alarm_specification": {"alarms": alarms} if alarms else None,
        }
        return {"strategy": "Rolling", "preferences": preferences}

    def _targets(self) -> Targets | None:
        """Return the target group of the load balancer that sends requests here."""
        return self._args.balancer.services.get(self._args.name) if self._args.balancer else None

    def _scaling(self, group: autoscaling.Group) -> None:
        """Let the group hold its utilisation, its requests, or both."""
        scaling, targets, balancer = self._args.settings.scaling, self._targets(), self._args.balancer
        if scaling.cpu_percent is not None:
            self._track(group, "cpu", {"predefined_metric_type": "ASGAverageCPUUtilization"}, scaling.cpu_percent)
        if scaling.requests_per_target is not None and targets is not None and balancer is not None:
            label = pulumi.Output.format("{0}/{1}", balancer.balancer_suffix, targets.suffix)
            metric: Predefined = {"predefined_metric_type": "ALBRequestCountPerTarget", "resource_label": label}
            self._track(group, "requests", metric, scaling.requests_per_target)

    def _track(self, group: autoscaling.Group, policy: str, metric: Predefined, value: int) -> None:
        autoscaling.Policy(
            named(self._name, policy),
            autoscaling_group_name=group.name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration={"predefined_metric_specification": metric, "target_value": value},
            opts=child(self),
        )
